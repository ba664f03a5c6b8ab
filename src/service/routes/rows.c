/*
 * The rows of a stream as one JSON object, a page of the log, for clients whose network holds
 * streams back, and for caches: {"events":[...],"last_id":N,"more":false,"next":"?after=..."},
 * "reset" before them if the cursor is no good here.  next is the URL of what follows.
 *
 * A page is of one moment of the log, and ends after PAGE_ROWS_MAX rows looked at or
 * PAGE_BYTES_MAX; so it is short however long the log is.  README.md says what caches may keep
 * of it, and why it is true.
 */
#include <sysexits.h>
#include <time.h>

#include "base/clock.h"
#include "service/follow/tail.h"
#include "service/routes/routes.h"
#include "service/routes/sse.h"

#define END_MAX   (QUERY_NEXT_MAX + 256)
#define CACHE_NOW "max-age=1" /* so that a cache asks once for all who ask meanwhile */

struct page {
    struct exchange *x;
    struct tail tail;
    int64_t deadline; /* of the long poll */
    bool reset;
    bool full; /* there may be more */
};

/* Makes room for len bytes and the end, and begins: 0, or -1. */
static int begin(struct page *p, size_t len)
{
    struct exchange *x = p->x;
    const struct catchup *log = &p->tail.log;

    if (exchange_reserve(x, len + END_MAX) < 0) {
        exchange_no_memory(x);
        return -1;
    }
    if (x->out.len > 0)
        return 0;
    buf_putc(&x->out, '{');
    if (p->reset)
        buf_printf(&x->out, "\"reset\":{\"reason\":\"%s\",\"oldest\":%lld,\"head\":%lld},",
                   log->reset_reason, (long long)log->oldest, (long long)log->head);
    buf_puts(&x->out, "\"events\":[");
    return 0;
}

/* Takes one row.  A snapshot is taken whole, since there is no cursor within it. */
static bool take(void *context, const struct row *row)
{
    struct page *p = context;
    struct exchange *x = p->x;

    if (!p->tail.log.in_snapshot &&
        (x->events == PAGE_ROWS_MAX || x->out.len >= PAGE_BYTES_MAX))
        return false;
    if (begin(p, sse_row_bound(row)) < 0)
        return false;
    buf_puts(&x->out, x->events > 0 ? "," : "");
    row_json(&x->out, row);
    x->events++;
    return true;
}

/* The end of the log: 0 to read again after waiting for rows, -1 to answer. */
static int wait_for_rows(struct page *p)
{
    bool patient = p->x->events == 0 && !p->reset && p->x->req.method == HTTP_GET;

    if (!patient || clock_left(p->deadline) == 0)
        return -1;
    return tail_wait(&p->tail, p->deadline) == CONN_OTHER ? 0 : -1;
}

/* Reads a page: 0, or -1 if that failed. */
static int read_page(struct page *p)
{
    for (;;) {
        struct cursor cursor = p->tail.log.cursor;
        switch (tail_read(&p->tail, take, p)) {
        case READ_FAILED: return -1;
        case READ_RESET:
            p->full = p->x->events > 0; /* between two reads: the next request is told */
            if (p->full)
                p->tail.log.cursor = cursor;
            p->reset = !p->full;
            if (begin(p, 0) < 0)
                return -1;
            break;
        case READ_MORE: p->full = true; break;
        case READ_DRY:
            if (wait_for_rows(p) < 0)
                return 0;
        }
        if (p->full)
            return p->x->conn->why ? -1 : 0;
    }
}

/* Whether this page is what its URL stands for, for ever: all of it lies below a row that the
 * URL names. */
static bool is_final(const struct page *p)
{
    return p->full && !p->reset && p->tail.log.cursor.id <= p->tail.log.named.id;
}

/* After an empty answer another URL follows, or a cache that keeps it for a moment would make
 * clients spin; by the clock, so that all who wait meet there. */
static int64_t next_turn(const struct page *p)
{
    const struct query *q = &p->x->query;
    int64_t turn = time(NULL) / (q->wait_s > 0 ? q->wait_s : 1);

    if (p->x->events > 0 || p->reset || p->tail.log.cursor.id != q->cursor.id)
        return 0;
    return turn > q->turn ? turn : q->turn + 1;
}

/* What a page that is kept links to depends on its URL alone. */
static void put_next(struct page *p)
{
    const struct catchup *log = &p->tail.log;
    struct landmark known =
        is_final(p) || log->named.id > log->cursor.id ? log->named : log->landmark;

    if (known.id <= log->cursor.id)
        known = (struct landmark){0};
    query_put_next(&p->x->out, &p->x->query, log->cursor, known, next_turn(p));
}

static void answer(struct page *p)
{
    struct exchange *x = p->x;
    /* A cursor in the head is not in a cache's key: the answer would be that of the URL alone. */
    bool uncacheable = p->reset || http_field(&x->req, "Last-Event-ID");
    struct representation page = {
        .type = "application/json",
        .cache = uncacheable   ? NULL
                 : is_final(p) ? CACHE_KEEP
                               : CACHE_NOW,
        .vary = x->query.json ? NULL : "Accept",
    };

    if (begin(p, 0) < 0)
        return;
    x->last_id = p->tail.log.cursor.id;
    buf_printf(&x->out, "],\"last_id\":%lld,\"more\":%s,\"next\":\"", (long long)x->last_id,
               p->full ? "true" : "false");
    put_next(p);
    buf_puts(&x->out, "\"}\n");
    if (x->req.method == HTTP_HEAD)
        x->events = 0;
    exchange_represent(x, &page);
}

void route_rows(struct exchange *x)
{
    struct page p = {.x = x, .deadline = clock_ms() + x->query.wait_s * INT64_C(1000)};

    tail_init(&p.tail, x->config->db_path, &x->query.filter, x->query.cursor, x->feed,
              x->query.wait_s > 0 ? x->conn : NULL, x->config->poll_ms);
    p.tail.log.hashes = true;
    p.tail.log.named = x->query.log;
    p.tail.log.visit_max = PAGE_ROWS_MAX;
    if (read_page(&p) == 0)
        answer(&p);
    else if (x->exit_status == EX_OSERR)
        exchange_problem(x, 503, "there is no memory for an answer");
    else if (!x->conn->why)
        exchange_database_problem(x, &p.tail.log.failure);
    tail_release(&p.tail);
}
