/*
 * The tail of the log: every row after a cursor, once, in id order, and then
 * those that come.  What a route needs to know of where rows come from is here;
 * how they are noticed and found is not.
 *
 *     tail_init(&t, ...);
 *     for (;;)
 *         switch (tail_read(&t, take, context)) {
 *         case TAIL_MORE: write what was taken; continue;
 *         case TAIL_DRY: write what was taken; tail_wait(&t, ...); ...
 *         case TAIL_RESET: tell the client; continue;
 *         case TAIL_FAILED: t.db.error says why
 *         }
 *     tail_close(&t);
 *
 * A read sees one state of the database, and ends before tail_read returns: no
 * lock and no read transaction is held while anybody waits or writes to a
 * client.  A process keeps no more of a backlog than what it has just read.
 */
#ifndef SERVICE_TAIL_H
#define SERVICE_TAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/db.h"
#include "service/conn.h"
#include "service/query.h"
#include "service/sse.h"

#define TAIL_SNAPSHOT_MATCHES 256  /* matches in a snapshot */
#define TAIL_VISIT_MAX        4096 /* rows looked at in one read, wanted or not */
#define TAIL_READ_MS          5000 /* for one read, waits for locks included */
#define TAIL_BUSY_MS          2000 /* for a lock */

enum tail_result {
    TAIL_MORE,   /* take said stop, or enough was looked at: read again */
    TAIL_DRY,    /* that was all, for now */
    TAIL_RESET,  /* this log can't continue from the cursor: the next reads bring
                  * the snapshot */
    TAIL_FAILED, /* the database can't be read now; the cursor is as it was */
};

struct tail {
    /* to read */
    struct cursor cursor;     /* CURSOR_AFTER once anything was read: the last id looked at */
    const char *reset_reason; /* TAIL_RESET: "gone", "ahead" or "invalid" */
    int64_t oldest, head;     /* of the log, at the last read: the first id it still has
                               * in full, and the newest */
    struct db db;             /* TAIL_FAILED: db.error and db.status */

    /* its own */
    const char *path;
    const struct filter *filter;
    int64_t poll_ms;
    bool in_snapshot;
    int64_t snapshot_head; /* what the snapshot goes up to, and the log goes on from */
    int64_t data_version;  /* of what was read last */
    struct sqlite3_stmt *version, *state, *rows, *snapshot;
};

/*
 * A row that is wanted; its bytes are borrowed for the call.  Returns false if
 * there is no room for it: then the read ends, and the next begins with it.
 */
typedef bool tail_take(void *context, const struct row *row);

/* Opens nothing yet.  path and filter must outlive the tail; poll_ms: how long
 * a row may go unnoticed. */
void tail_init(struct tail *t, const char *path, const struct filter *filter,
               struct cursor cursor, int64_t poll_ms);
void tail_close(struct tail *t);

enum tail_result tail_read(struct tail *t, tail_take *take, void *context);

/* Sleeps until there may be rows (CONN_OTHER), or as conn_wait does. */
enum conn_event tail_wait(struct tail *t, struct conn *c, int64_t deadline);

#endif
