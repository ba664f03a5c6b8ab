/*
 * Updates that wait for their turn, in a private database: kept as they come, given in
 * the order in which they happen.  Larger than memory if need be.
 */
#ifndef FEEDER_PLAYLIST_H
#define FEEDER_PLAYLIST_H

#include <stdint.h>

#include "base/db.h"

#define PLAYLIST_IDLE_SECONDS 300 /* of play that remain of the time between matches */

struct playlist {
    struct db db; /* formats run here too */
    struct sqlite3_stmt *add, *schedule, *problems, *course;
    int64_t count; /* of updates kept */
    int64_t known; /* matches of the document that need no update, see parts.h */
};

struct playlist_item {
    const char *text;  /* until the next call */
    const char *place; /* where it is from, or NULL */
    int64_t number;    /* from 1, in the order in which they were added */
    int64_t due_ms;    /* of play, after the first */
};

/* Functions return 0 or -1, with list->db.failure.  name: what messages call the database. */
int playlist_open(struct playlist *list, const char *name, struct failure *failure);
void playlist_close(struct playlist *list);

/* Lets formats know the statuses that people added to the database at this path, if there is
 * one and it is of this version. */
int playlist_learn(struct playlist *list, const char *db_path);

/* What a format makes of a document.  Each but the text may be NULL (see format.h); so may
 * that, if there is a problem. */
struct playlist_entry {
    const char *text, *kickoff, *elapsed, *place, *problem;
};

int playlist_add(struct playlist *list, const struct playlist_entry *entry);
int playlist_clear(struct playlist *list);

/* What is wrong with the next match that has a problem, until the next call: 1, 0: no more do,
 * or -1. */
int playlist_problem(struct playlist *list, const char **problem);

/* Takes the matches out that have a problem. */
int playlist_drop(struct playlist *list);

/* What the document says about a match: see sql/feeder/course.sql. */
struct playlist_match {
    const char *id, *message, *events; /* until the next call */
    int64_t improper;                  /* the number of an update that is not proper, or 0 */
    int64_t part; /* of the document that told it: a hash, or 0: not known */
};

/* Makes of all that is in the list what the document says about each match.  Returns 0 or -1.
 */
int playlist_follow(struct playlist *list);

/* The next match, in the order of their kick-offs.  1; 0: there are no more, and the first is
 * the next; -1. */
int playlist_match(struct playlist *list, struct playlist_match *match);

/* Fails with what is wrong with an update that is not proper, named by its place and match, or
 * as one that the format has made. */
int playlist_explain(struct playlist *list, int64_t number, const char *format);

/* Only what happens from the instant `from` up to before `until`, as people write them (see
 * sql/feeder/instant.sql); NULL: no such bound. */
int playlist_limit(struct playlist *list, const char *from, const char *until);

/* Begins again at the first. */
void playlist_rewind(struct playlist *list);

/* 1: *item is filled; 0: there are no more; -1. */
int playlist_next(struct playlist *list, struct playlist_item *item);

#endif
