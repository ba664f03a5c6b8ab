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
    struct sqlite3_stmt *add, *schedule;
    int64_t count; /* of updates kept */
};

struct playlist_item {
    const char *text;  /* until the next call */
    const char *place; /* where it is from, or NULL */
    int64_t number;    /* from 1, in the order in which they were added */
    int64_t due_ms;    /* of play, after the first */
};

/* Functions return 0 or -1, with list->db.error.  name: what messages call the database. */
int playlist_open(struct playlist *list, const char *name);
void playlist_close(struct playlist *list);

/* kickoff, elapsed and place may be NULL (see format.h). */
int playlist_add(struct playlist *list, const char *text, const char *kickoff,
                 const char *elapsed, const char *place);
int playlist_clear(struct playlist *list);

/* Only what happens from the instant `from` up to before `until`, as people write them (see
 * sql/feeder/instant.sql); NULL: no such bound. */
int playlist_limit(struct playlist *list, const char *from, const char *until);

/* Begins again at the first. */
int playlist_rewind(struct playlist *list);

/* 1: *item is filled; 0: there are no more; -1. */
int playlist_next(struct playlist *list, struct playlist_item *item);

#endif
