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
 * A process that only waits holds no database open.  One of those that follow the same
 * database may be elected to poll it for all of them, in its waits.
 */
#ifndef SERVICE_TAIL_H
#define SERVICE_TAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "service/follow/poller.h"
#include "service/net/conn.h"
#include "service/rows/catchup.h"

#define TAIL_TICK_MS 1000 /* between a watcher's looks after the poller, +-20 % */
#define TAIL_SLOW_MS                                                                           \
    10000 /* between anybody else's, when it is awake for a heartbeat anyway                   \
           */
#define TAIL_UNWATCHED_MS 3000  /* without any watcher's look, until others become watchers */
#define TAIL_LATE_MS      30000 /* and when it is not */
#define TAIL_ATTACH_MS    2000  /* between tries to open the ring */

struct tail {
    struct catchup log; /* its cursor is the tail's; reset_reason, oldest, head and db are
                         * for the caller to read */

    /* its own */
    struct conn *conn;
    int64_t poll_ms;
    bool attached; /* ring and bell are open, and watched */
    bool live;     /* the ring goes on from the cursor; else read SQLite */
    int watcher;   /* its lock, if it looks after the one that does; else 0 */
    bool deputy;   /* that one is silent: it rings for what nobody rang for yet */
    int64_t next_attach, next_tick, last_tick;
    struct ring ring;
    struct bell bell;
    struct snapshot snapshot; /* shared by the poller, copied, and not all of it taken yet */
    size_t snapshot_at;       /* the next of its rows */
    struct poller *poller;    /* if elected */
};

/*
 * Opens nothing yet.  path, filter and conn must outlive the tail.  conn is who waits; NULL:
 * nobody does, and tail_wait is not called.  poll_ms: how long a row may go unnoticed where
 * there can't be a ring.
 */
void tail_init(struct tail *t, const char *path, const struct filter *filter,
               struct cursor cursor, struct conn *conn, int64_t poll_ms);
void tail_release(struct tail *t);

enum read_result tail_read(struct tail *t, row_take *take, void *context);

/* Sleeps until there may be rows (CONN_OTHER), or as conn_wait does. */
enum conn_event tail_wait(struct tail *t, int64_t deadline);

#endif
