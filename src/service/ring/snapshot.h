/*
 * The snapshot, shared: the latest message of each of up to CATCHUP_SNAPSHOT_MATCHES matches,
 * as records in the ring's area.  The poller reads it anew with every change, so that a
 * connection can begin without SQLite: to open and ask a database costs several times
 * what forking a process does, and 10,000 may come at once.  One that is a little old names an
 * older position in the ring, from which its reader goes on: it misses nothing.
 *
 * It is a sequence lock: `version` is odd while the writer is at it, and a reader whose copy
 * began and ended at the same even version has one state of the whole, which goes with
 * one id and one position in the ring.  Ordering: as for the ring's `reserved` (ring.h).
 */
#ifndef SERVICE_SNAPSHOT_H
#define SERVICE_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "service/ring/ring.h"
#include "service/rows/catchup.h"

#define SNAPSHOT_MAX (1024 * 1024) /* bytes of records; with more there is no snapshot */

/* What is to be shared. */
struct snapshot_writer {
    size_t n, words;
    uint64_t memory[SNAPSHOT_MAX / sizeof(uint64_t)];
};

/* Begins one; then its rows are put, in id order. */
void snapshot_clear(struct snapshot_writer *w);
void snapshot_put(struct snapshot_writer *w, const struct row *row);

/* Shares it as the state at last_id, which is not before the newest row in the ring. */
void snapshot_share(const struct snapshot_writer *w, struct ring *ring, int64_t last_id);

/* A reader's copy, in memory of its own. */
struct snapshot {
    int64_t last_id;
    size_t n;
    uint64_t *memory; /* n records, by id; NULL: there is no snapshot */
    size_t words, at; /* that they take; where the next one begins */
};

/*
 * Copies all messages, and puts the ring's reader where the snapshot ends, which is behind the
 * row last_id.  Returns -1 if there is none now.  snapshot_free frees it.
 */
int snapshot_copy(struct snapshot *s, struct ring *r);

/* The next of its rows; false: there are no more.  It stays the next until snapshot_next. */
bool snapshot_row(const struct snapshot *s, struct row *row);
void snapshot_next(struct snapshot *s);
void snapshot_free(struct snapshot *s);

#endif
