/*
 * The snapshot, shared: the latest message of each of up to CATCHUP_SNAPSHOT_MATCHES matches,
 * as records in the ring's area.  The poller keeps it up as it appends to the ring, so
 * that a connection can begin without SQLite: to open and ask a database costs several times
 * what forking a process does, and 10,000 may come at once.
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

#define SNAPSHOT_SLOT 4096 /* bytes of a record; with a larger one the snapshot is partial */

/* The writer's own copy. */
struct snapshot_writer {
    struct ring *ring;
    size_t n;
    uint16_t order[CATCHUP_SNAPSHOT_MATCHES]; /* of the slots, by id */
    struct snapshot_slot {
        int64_t id;
        bool large; /* the message is no record here */
        char match_id[MATCH_ID_MAX + 1];
        uint64_t record[SNAPSHOT_SLOT / sizeof(uint64_t)];
    } slots[CATCHUP_SNAPSHOT_MATCHES];
};

/* Between snapshot_begin and snapshot_end no reader can copy it.  One that was never used is
 * cleared first. */
void snapshot_begin(struct snapshot_writer *w, struct ring *ring);
void snapshot_clear(struct snapshot_writer *w);

/* Takes a row of the type message, unless it has a later one of that match. */
void snapshot_put(struct snapshot_writer *w, const struct row *row);

/* What was put is the state at last_id, which is the newest row in the ring. */
void snapshot_end(struct snapshot_writer *w, int64_t last_id);

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
