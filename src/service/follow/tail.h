/*
 * The tail of the log: every row after a cursor, once, in id order, and then those that
 * come.  What a route needs to know of where rows come from is here; how they are
 * noticed and found is not: from the ring as long as that is enough, else from SQLite.
 *
 *     tail_init(&t, ...);
 *     for (;;)
 *         switch (tail_read(&t, take, context)) {
 *         case READ_MORE: write what was taken; continue;
 *         case READ_DRY: write what was taken; tail_wait(&t, ...); ...
 *         case READ_RESET: tell the client why (t.log.reset_reason); continue;
 *         case READ_FAILED: t.log.db.error says why
 *         }
 *     tail_release(&t);
 *
 * A process that only waits holds no database open.
 */
#ifndef SERVICE_TAIL_H
#define SERVICE_TAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "service/follow/feed.h"
#include "service/net/conn.h"
#include "service/rows/catchup.h"

#define TAIL_ALONE_MS 1500 /* of a poller's absence, until rows are read from the database */
#define TAIL_OPEN_MS  1500 /* between tries to open ring and bell */

struct tail {
    struct catchup log; /* its cursor is the tail's; reset_reason, oldest, head and db are
                         * for the caller to read */

    /* its own */
    enum tail_source {
        TAIL_DATABASE,
        TAIL_SNAPSHOT, /* the poller's, and not all of it taken yet */
        TAIL_RING,
    } source;
    struct feed *feed;
    struct conn *conn;
    int64_t poll_ms;
    bool watching;     /* the connection waits for the bell, too */
    int64_t next_open; /* of the feed */
    int64_t alone_end; /* of the wait for another poller; CLOCK_NEVER: there is one */
    struct ring snapshot;
};

/*
 * Opens nothing yet.  path, filter, feed and conn must outlive the tail.  conn is who waits;
 * NULL: nobody does, and tail_wait is not called.  poll_ms: how long a row may go unnoticed
 * where there is no poller.
 */
void tail_init(struct tail *t, const char *path, const struct filter *filter,
               struct cursor cursor, struct feed *feed, struct conn *conn, int64_t poll_ms);
void tail_release(struct tail *t);

enum read_result tail_read(struct tail *t, row_take *take, void *context);

/* Sleeps until there may be rows (CONN_OTHER), or as conn_wait does. */
enum conn_event tail_wait(struct tail *t, int64_t deadline);

#endif
