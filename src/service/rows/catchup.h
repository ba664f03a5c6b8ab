/*
 * Reads the log from SQLite: every row after a cursor, once, in id order, or a snapshot first.
 *
 * A read sees one state of the database, examines at most CATCHUP_VISIT_MAX rows, and ends
 * before catchup_read returns: no lock or read transaction is held while a process waits or
 * writes to a client.
 */
#pragma once

#include "base/process/metrics.h"
#include "base/sqlite/db.h"
#include "service/rows/row.h"

#define CATCHUP_SNAPSHOT_MATCHES 256  /* matches in a snapshot */
#define CATCHUP_VISIT_MAX        1000 /* rows examined per read, wanted or not */
#define CATCHUP_READ_MS          5000 /* for one read, by default */
#define CATCHUP_BUSY_MS          2000 /* to wait for a lock */
#define CATCHUP_AHEAD_MS         2000 /* difference of the clocks of a replica and its origin */

struct catchup {
    /* for the caller to read */
    struct cursor cursor;     /* CURSOR_AFTER once anything was read: the last id examined */
    const char *reset_reason; /* READ_RESET: "gone", "ahead", "changed" or "invalid" */
    int64_t oldest, head; /* at the last read: the first id that the log still has in full, and
                             the newest */
    struct landmark landmark; /* with hashes: a high row of the log that seldom changes */
    struct db db;

    /* for the caller to set after catchup_init */
    struct failure *failure; /* where READ_FAILED says why */
    bool brief;   /* rows may lack match_id and created_at, which frames of one row do not need:
                     saves a seventh of a replay's CPU time */
    bool hashes;  /* after each read, hash the cursor's row and set landmark */
    bool patient; /* if a replica may reach a cursor, wait for it instead of a reset */
    int64_t read_ms; /* for one read, including waits for locks */
    int64_t read_us; /* for the rows; see struct row */
    struct metrics *metrics;
    struct landmark named; /* by which the client knows the log; with hashes, a read clears it
                              if this log has another row or none there */

    /* private */
    const char *path;
    const struct filter *filter;
    bool in_snapshot;
    int64_t ahead; /* since when the cursor is ahead of a replica's log; 0: it is not */
    bool shares;   /* rows returns only some rows at a time */
    int64_t whole; /* after the reset of a cursor of 0: the oldest id that it told; the snapshot
                      then has only what the log lacks */
    int64_t snapshot_head; /* last id of the snapshot, where the log continues */
    int64_t data_version;  /* at the last read */
    struct sqlite3_stmt *version, *state, *rows, *snapshot, *row;
};

/* Opens nothing yet.  path and filter must outlive it. */
void catchup_init(struct catchup *c, const char *path, const struct filter *filter,
                  struct cursor cursor);

/* Closes the database.  The cursor stays; the next read reopens. */
void catchup_close(struct catchup *c);

enum read_result catchup_read(struct catchup *c, row_take *take, void *context);

/* Whether there may be rows since the last read. */
bool catchup_changed(struct catchup *c);
