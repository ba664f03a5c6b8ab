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

#include "service/catchup.h"
#include "service/ring.h"

#define SNAPSHOT_SLOT 4096 /* bytes of a slot; a larger message makes the snapshot partial */

/* The writer's own knowledge of what is where. */
struct snapshot_writer {
    struct ring *ring;
    size_t n;
    struct snapshot_slot {
        int64_t id;
        bool large; /* the message does not fit */
        char match_id[MATCH_ID_MAX + 1];
    } slots[CATCHUP_SNAPSHOT_MATCHES];
};

/* Between snapshot_begin and snapshot_end nobody can read it. */
void snapshot_begin(struct snapshot_writer *w, struct ring *ring);
void snapshot_clear(struct snapshot_writer *w);

/* Takes a row of the type message, unless it has a later one of that match. */
void snapshot_put(struct snapshot_writer *w, const struct row *row);

/* What was put is the state at last_id, which is the newest row in the ring. */
void snapshot_end(struct snapshot_writer *w, int64_t last_id);

/* A reader's copy, in memory of its own. */
struct snapshot {
    int64_t last_id;
    uint64_t *memory; /* the records, one after the other; NULL: there is none */
    size_t n;
    struct snapshot_entry {
        int64_t id;
        size_t offset; /* of the record, in words */
    } * entries;       /* by id */
};

/*
 * Puts the ring's reader where the snapshot ends, and *last_id to the id that goes with it.
 * Returns -1 if there is none now.
 */
int snapshot_join(struct ring *r, int64_t *last_id);

/* The same with a copy of all messages, in id order; snapshot_free frees it. */
int snapshot_copy(struct snapshot *s, struct ring *r);
void snapshot_row(const struct snapshot *s, size_t i, struct row *row);
void snapshot_free(struct snapshot *s);

#endif
