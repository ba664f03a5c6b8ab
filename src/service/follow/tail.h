/*
 * The tail of the log: every row after a cursor, once, in id order, then new rows as they
 * arrive.  Rows come from the ring while it suffices, else from SQLite; callers need not know
 * which.  They call tail_read until it says READ_DRY, write what was taken, and call tail_wait.
 *
 * A process that only waits does not hold the database open.
 */
#pragma once

#include "service/follow/feed.h"
#include "service/net/conn.h"
#include "service/rows/catchup.h"

#define TAIL_ALONE_MS 1500 /* without a poller, before rows are read from the database */
#define TAIL_OPEN_MS  1500 /* between attempts to open ring and bell */

struct tail {
    struct catchup log; /* callers may read its cursor, reset_reason, oldest, head, db */

    /* private */
    enum tail_source {
        TAIL_DATABASE,
        TAIL_SNAPSHOT, /* the poller's, not yet read to its end */
        TAIL_RING,
    } source;
    struct feed *feed;
    struct conn *conn;
    int64_t poll_ms;
    bool watching;     /* the bell wakes the connection */
    int64_t next_open; /* the next attempt to open the feed */
    int64_t alone_end; /* end of the wait for another poller; CLOCK_NEVER: not waiting */
    struct ring snapshot;
};

/* Opens nothing yet.  path, filter, feed and conn (NULL: tail_wait is never called) must
 * outlive the tail.  poll_ms: how long a row may go unnoticed without a poller. */
void tail_init(struct tail *t, const char *path, const struct filter *filter,
               struct cursor cursor, struct feed *feed, struct conn *conn, int64_t poll_ms);
void tail_release(struct tail *t);

enum read_result tail_read(struct tail *t, row_take *take, void *context);

/* Sleeps until there may be rows (CONN_OTHER), or returns as conn_wait does. */
enum conn_event tail_wait(struct tail *t, int64_t deadline);
