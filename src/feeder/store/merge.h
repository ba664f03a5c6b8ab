/*
 * Brings the log in line with a document: what is new becomes rows, what is no longer in it is
 * voided, and what is unchanged makes no rows.  sql/feeder/merge_rows.sql defines this.  The
 * caller holds the transaction.
 */
#pragma once

#include <stdint.h>

#include "base/sqlite/db.h"
#include "feeder/store/import.h"

struct merge {
    struct import import; /* counts the rows */
    struct sqlite3_stmt *look, *rows, *forget, *note, *note_part;
    int64_t matches; /* of these, */
    int64_t fresh, changed;
};

/* Whether a document with this digest is in the log, and nothing was said about its matches
 * since.  Returns 1, with its number of matches in *matches; 0; or -1. */
int merge_known(struct db *db, int64_t digest, int64_t *matches);

/* Records that a document with that many matches is in. */
int merge_note(struct merge *m, int64_t digest, int64_t matches);

/* Returns 0 or -1. */
int merge_open(struct merge *m, struct db *db);

/* Merges what the document says about a match: its state and events, as sql/feeder/course.sql
 * derives them.  part: the digest of the part that tells it, or 0.  Returns 0 or -1. */
int merge_match(struct merge *m, const char *id, const char *state, const char *events,
                int64_t part);
