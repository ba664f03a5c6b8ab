/*
 * Reads the log from SQLite: every row after a cursor, once, in id order, or a
 * snapshot first; in reads that are short however long the log is.
 *
 * A read sees one state of the database, and ends before catchup_read returns: no
 * lock and no read transaction is held while anybody waits or writes to a
 * client.  No more of a backlog is kept than what was just read.
 */
#ifndef SERVICE_CATCHUP_H
#define SERVICE_CATCHUP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/db.h"
#include "service/rows/filter.h"
#include "service/rows/row.h"

#define CATCHUP_SNAPSHOT_MATCHES 256  /* matches in a snapshot */
#define CATCHUP_VISIT_MAX        1000 /* rows looked at in one read, wanted or not */
#define CATCHUP_READ_MS          5000 /* for one read, unless read_ms says otherwise */
#define CATCHUP_BUSY_MS          2000 /* for a lock */
#define CATCHUP_AHEAD_MS         2000 /* by which a replica's clock and its origin's may differ */

struct catchup {
    /* to read */
    struct cursor cursor;     /* CURSOR_AFTER once anything was read: the last id looked at */
    const char *reset_reason; /* READ_RESET: "gone", "ahead", "changed" or "invalid" */
    int64_t oldest, head;     /* of the log, at the last read: the first id it still has
                               * in full, and the newest */
    struct landmark landmark; /* with hashes: one that is high in the log, and moves seldom */
    struct failure failure;   /* READ_FAILED */
    struct db db;

    /* to set after catchup_init */
    bool brief;      /* rows of the log may come without match_id and created_at, which a frame
                      * of one row does not have: a replay takes a seventh less CPU */
    bool hashes;     /* say the hash of the cursor's row after each read, and landmark */
    bool patient;    /* wait for a cursor that a replica may reach, instead of a reset */
    int64_t read_ms; /* for one read, waits for locks included */
    struct landmark named; /* one that the client knows the log by; with hashes, a read sets it
                            * to none if this log has another row there, or none */

    /* its own */
    const char *path;
    const struct filter *filter;
    bool in_snapshot;
    int64_t ahead; /* since when the cursor is ahead of a replica's log; 0: it is not */
    bool shares;   /* rows brings only a share of the rows at a time */
    bool whole;    /* behind the reset of a cursor of 0: the snapshot has only what the log does
                      not */
    int64_t snapshot_head; /* what the snapshot goes up to, and the log goes on from */
    int64_t data_version;  /* of what was read last */
    struct sqlite3_stmt *version, *state, *rows, *snapshot;
};

/* Opens nothing yet.  path and filter must outlive it. */
void catchup_init(struct catchup *c, const char *path, const struct filter *filter,
                  struct cursor cursor);

/* Closes the database; the cursor stays, and the next read opens it again. */
void catchup_close(struct catchup *c);

enum read_result catchup_read(struct catchup *c, row_take *take, void *context);

/* Whether there may be rows that were not there at the last read. */
bool catchup_changed(struct catchup *c);

#endif
