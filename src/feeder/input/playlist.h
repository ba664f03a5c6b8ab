/*
 * Scheduled updates, in a private database: stored as they come, returned in the order in which
 * they happen.  May exceed memory.
 */
#pragma once

#include <stdint.h>

#include "base/sqlite/db.h"

#define PLAYLIST_IDLE_SECONDS 300 /* seconds of play kept of the time between matches */

struct playlist {
    struct db db; /* formats also run here */
    struct sqlite3_stmt *add, *schedule, *problems, *course;
    int64_t count; /* updates stored */
    int64_t known; /* matches of the document that need no update (parts.h) */
};

struct playlist_item {
    const char *text;  /* until the next call */
    const char *place; /* its origin, or NULL */
    int64_t number;    /* from 1, in order of addition */
    int64_t due_ms;    /* of play, since the first */
};

/* Functions return 0, or -1 with list->db.failure.  name: stands for the database in
 * messages. */
int playlist_open(struct playlist *list, const char *name, struct failure *failure);

/* Copies the statuses that users added to the database at this path, if it exists and is of
 * this version, for use by formats. */
int playlist_learn(struct playlist *list, const char *db_path);

/* A row of a format.  Each field but text may be NULL (see format.h), and so may text if there
 * is a problem. */
struct playlist_entry {
    const char *text, *kickoff, *elapsed, *place, *problem;
};

int playlist_add(struct playlist *list, const struct playlist_entry *entry);
int playlist_clear(struct playlist *list);

/* The next problem of a match, valid until the next call.  Returns 1, 0 if there are no more,
 * or -1. */
int playlist_problem(struct playlist *list, const char **problem);

/* Removes the matches that have a problem. */
int playlist_drop(struct playlist *list);

/* What the document says about a match: see sql/feeder/course.sql. */
struct playlist_match {
    const char *id, *message, *events; /* until the next call */
    int64_t improper;                  /* the number of an improper update, or 0 */
    int64_t part; /* hash of the document's part that tells it; 0: unknown */
};

/* Derives what the document says about each match from all entries.  Returns 0 or -1. */
int playlist_follow(struct playlist *list);

/* The next match, in order of kick-off.  Returns 1; 0 at the end, after which it starts over;
 * or -1. */
int playlist_match(struct playlist *list, struct playlist_match *match);

/* Fails with what is wrong with an improper update, named by its place and match or as one made
 * by the format. */
int playlist_explain(struct playlist *list, int64_t number, const char *format);

/* Selects what happens from the instant `from` to before `until`, as users write them (see
 * sql/feeder/instant.sql); NULL: no limit. */
int playlist_limit(struct playlist *list, const char *from, const char *until);

/* Starts over with the first. */
void playlist_rewind(struct playlist *list);

/* Returns 1 with *item, 0 at the end, or -1. */
int playlist_next(struct playlist *list, struct playlist_item *item);
