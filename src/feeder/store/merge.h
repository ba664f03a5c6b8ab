/*
 * Makes the log say about matches what a document says now: what is new becomes rows, what is
 * no longer so is taken back, what is the same makes none.  What that means,
 * sql/feeder/merge_rows.sql says.  The caller holds the transaction.
 */
#ifndef FEEDER_MERGE_H
#define FEEDER_MERGE_H

#include <stdint.h>

#include "base/db.h"
#include "feeder/store/import.h"

struct merge {
    struct import import; /* counts the rows */
    struct sqlite3_stmt *look, *rows, *forget, *note, *note_part;
    int64_t matches; /* of these, */
    int64_t fresh, changed;
};

/* Whether a document with this digest is in, and nothing else was said about its matches
 * since: 1, and *matches is how many it has; 0; -1. */
int merge_known(struct db *db, int64_t digest, int64_t *matches);

/* Notes that one of so many matches is in. */
int merge_note(struct merge *m, int64_t digest, int64_t matches);

/* Returns 0 or -1; merge_close is due in either case. */
int merge_open(struct merge *m, struct db *db);
void merge_close(struct merge *m);

/* What the document says about a match: its state, and what happened, as
 * sql/feeder/course.sql makes them; part: the digest of what tells it, or 0.  Returns 0 or -1.
 */
int merge_match(struct merge *m, const char *id, const char *state, const char *events,
                int64_t part);

#endif
