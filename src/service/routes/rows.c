/*
 * The rows of a stream as one JSON object, for clients whose network holds
 * streams back: {"events":[...],"last_id":N,"more":false}, "reset" before them if
 * the cursor is no good here.  last_id is the cursor for the next request.
 *
 * The object is sent in pieces as it is read, with no Content-Length: one that was
 * cut short lacks its last chunk, and is not JSON, so nobody takes it for the whole.
 */
#include "base/clock.h"
#include "base/stop.h"
#include "service/follow/tail.h"
#include "service/routes/routes.h"
#include "service/routes/sse.h"

#define END_MAX 96 /* bytes of room that is kept: a chunk's head, and what finish() adds */

struct events {
    struct exchange *x;
    struct tail tail;
    int64_t deadline; /* of the long poll */
    bool opened;      /* the array of rows has begun */
    bool enough;      /* it has EVENTS_MAX of them */
};

static void begin(struct events *e)
{
    exchange_begin(e->x, 200, "application/json");
    http_header(&e->x->out, "Cache-Control", "no-store");
    exchange_end_chunked(e->x);
    exchange_begin_chunk(e->x);
    buf_putc(&e->x->out, '{');
}

/* After each flush. */
static void begin_chunk(struct events *e)
{
    if (e->x->out.len == 0)
        exchange_begin_chunk(e->x);
}

static void open_array(struct events *e)
{
    if (!e->opened)
        buf_puts(&e->x->out, "\"events\":[");
    e->opened = true;
}

/* Takes one row.  One that does not fit waits for the next flush. */
static bool take(void *context, const struct row *row)
{
    struct events *e = context;
    struct buf *out = &e->x->out;
    size_t len;

    open_array(e);
    len = out->len;
    e->enough = e->x->events == EVENTS_MAX;
    while (!e->enough) {
        begin_chunk(e);
        if (e->x->events > 0)
            buf_putc(out, ',');
        row_json(out, row);
        if (!out->full && out->cap - out->len >= END_MAX) {
            e->x->events++;
            return true;
        }
        exchange_cut(e->x, len);
        if (!exchange_grow(e->x, sse_row_bound(row) + END_MAX)) {
            if (out->len == 0)
                exchange_no_memory(e->x);
            return false;
        }
    }
    return false;
}

static void put_reset(struct events *e)
{
    buf_printf(&e->x->out, "\"reset\":{\"reason\":\"%s\",\"oldest\":%lld,\"head\":%lld},",
               e->tail.log.reset_reason, (long long)e->tail.log.oldest,
               (long long)e->tail.log.head);
    e->deadline = 0; /* that is news in itself */
}

/* The end of the log: 0 to read again after waiting for rows, -1 to answer. */
static int wait_for_rows(struct events *e)
{
    bool patient = e->x->events == 0 && e->x->req.method == HTTP_GET;

    if (!patient || clock_left(e->deadline) == 0)
        return -1;
    return tail_wait(&e->tail, e->deadline) == CONN_OTHER ? 0 : -1;
}

/* Reads up to the end of the log, or what one answer holds: 0, or -1 if it failed. */
static int read_rows(struct events *e)
{
    for (;;) {
        switch (tail_read(&e->tail, take, e)) {
        case READ_FAILED: e->enough = stop_requested() && e->opened; return e->enough ? 0 : -1;
        case READ_RESET:
            if (e->opened) { /* pruned under our hands: the next request is told */
                e->enough = true;
                return 0;
            }
            put_reset(e);
            break;
        case READ_MORE:
            if (e->x->conn->why)
                return -1;
            if (e->enough || exchange_flush(e->x) < 0)
                return 0;
            break;
        case READ_DRY:
            if (wait_for_rows(e) < 0)
                return 0;
        }
    }
}

static void finish(struct events *e)
{
    struct exchange *x = e->x;

    begin_chunk(e);
    open_array(e);
    x->last_id = e->tail.log.cursor.id;
    if (x->req.method == HTTP_HEAD)
        x->events = 0;
    buf_printf(&x->out, "],\"last_id\":%lld,\"more\":%s}\n", (long long)x->last_id,
               e->enough ? "true" : "false");
    exchange_finish(x);
}

void route_rows(struct exchange *x)
{
    struct events e = {.x = x, .deadline = clock_ms() + x->query.wait_s * INT64_C(1000)};

    tail_init(&e.tail, x->config->db_path, &x->query.filter, x->query.cursor, x->feed,
              x->query.wait_s > 0 ? x->conn : NULL, x->config->poll_ms);
    begin(&e);
    if (read_rows(&e) == 0)
        finish(&e);
    else if (x->head_len > 0)
        exchange_database_problem(x, &e.tail.log.failure);
    else if (!x->conn->why) /* cut short, so that it is not taken for the whole */
        x->conn->why = "database";
    tail_release(&e.tail);
}
