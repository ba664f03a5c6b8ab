/*
 * The rows of a stream as a JSON object, a page of the log, for networks that hold streams
 * back, and for caches: {"events":[...],"last_id":N,"more":false,"next":"?after=..."}, preceded
 * by "after", the cursor, if no filter leaves rows out, and by "reset" if this log can't
 * continue from it.
 *
 * A page shows one moment of the log, and ends after CATCHUP_VISIT_MAX rows examined or
 * PAGE_BYTES_MAX.  README.md explains what caches may keep of it, and why that is correct.
 */
#include <sysexits.h>
#include <time.h>

#include "base/process/clock.h"
#include "service/follow/tail.h"
#include "service/routes/routes.h"
#include "service/routes/sse.h"

#define END_MAX (QUERY_NEXT_MAX + 256)
#define TURN_S  25 /* how long the web page waits at a time, after the first page of the log */

struct page {
    struct exchange *x;
    struct tail tail;
    int64_t deadline; /* of the long poll */
    bool reset;
    bool full; /* there may be more */
};

/* Makes room for len bytes and the end, and begins.  Returns 0 or -1. */
static int begin(struct page *p, size_t len)
{
    struct exchange *x = p->x;
    const struct query *q = &x->query;
    const struct catchup *log = &p->tail.log;

    if (exchange_reserve(x, len + END_MAX) < 0) {
        exchange_no_memory(x);
        return -1;
    }
    if (x->out.len > 0)
        return 0;
    buf_putc(&x->out, '{');
    if (q->cursor.kind == CURSOR_AFTER && q->filter.n_matches + q->filter.n_types == 0)
        buf_printf(&x->out, "\"after\":%lld,", (long long)q->cursor.id);
    if (p->reset) {
        metrics_note(x->metrics, "resets_total", log->reset_reason);
        buf_printf(&x->out, "\"reset\":{\"reason\":\"%s\",\"oldest\":%lld,\"head\":%lld},",
                   log->reset_reason, (long long)log->oldest, (long long)log->head);
    }
    buf_puts(&x->out, "\"events\":[");
    return 0;
}

/* Takes a row.  Takes a whole snapshot, as there is no cursor within one. */
static bool take(void *context, const struct row *row)
{
    struct page *p = context;
    struct exchange *x = p->x;

    if (!p->tail.log.in_snapshot &&
        (x->events == CATCHUP_VISIT_MAX || x->out.len >= PAGE_BYTES_MAX))
        return false;
    if (begin(p, sse_row_bound(row)) < 0)
        return false;
    buf_puts(&x->out, x->events > 0 ? "," : "");
    row_json(&x->out, row);
    x->events++;
    return true;
}

/* At the end of the log: 0 to read again, after waiting for rows; -1 to answer. */
static int wait_for_rows(struct page *p)
{
    bool patient = p->x->events == 0 && !p->reset && p->x->req.method == HTTP_GET;

    if (!patient || clock_left(p->deadline) == 0)
        return -1;
    routes_end_turn(p->x);
    return tail_wait(&p->tail, p->deadline) == CONN_OTHER ? 0 : -1;
}

static int read_page(struct page *p)
{
    for (;;) {
        struct cursor cursor = p->tail.log.cursor;
        switch (tail_read(&p->tail, take, p)) {
        case READ_FAILED: return -1;
        case READ_RESET:
            p->full = p->x->events > 0; /* between two reads: the next request gets the reset */
            if (p->full)
                p->tail.log.cursor = cursor;
            p->reset = !p->full;
            if (p->reset)
                buf_clear(&p->x->out);
            if (begin(p, 0) < 0)
                return -1;
            break;
        case READ_MORE:
            p->full = true;
            routes_give_way(p->x);
            break;
        case READ_DRY:
            if (wait_for_rows(p) < 0)
                return 0;
        }
        if (p->full)
            return p->x->conn->why ? -1 : 0;
    }
}

/* Whether the page is final for its URL: all of it lies below a row that the URL names. */
static bool is_final(const struct page *p)
{
    return p->full && !p->reset && p->tail.log.cursor.id <= p->tail.log.named.id;
}

/* After an empty answer another URL follows, or a cache that keeps it briefly would make
 * clients spin.  It depends on the clock, so that all waiting clients meet there. */
static int64_t next_turn(const struct page *p)
{
    const struct query *q = &p->x->query;
    int64_t turn = time(NULL) / (q->wait_s > 0 ? q->wait_s : TURN_S);

    if (p->x->events > 0 || p->reset || p->tail.log.cursor.id != q->cursor.id)
        return 0;
    return turn > q->turn ? turn : q->turn + 1;
}

/* The link of a cached page depends on its URL alone.  It has no hash for a limited token: the
 * hash of a row that the token hides would confirm a guess of what it says. */
static void put_next(struct page *p)
{
    const struct catchup *log = &p->tail.log;
    struct cursor cursor = log->cursor;
    struct landmark known =
        is_final(p) || log->named.id > log->cursor.id ? log->named : log->landmark;

    if (exchange_only(p->x))
        cursor.at = 0;
    if (exchange_only(p->x) || known.id <= cursor.id)
        known = (struct landmark){0};
    query_put_next(&p->x->out, &p->x->query, cursor, known, next_turn(p));
}

static void answer(struct page *p)
{
    struct exchange *x = p->x;
    /* A cursor in the head is not in a cache's key. */
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

    if (!routes_take_turn(x))
        return;
    tail_init(&p.tail, x->config->db_path, &x->query.filter, x->query.cursor, x->visit->feed,
              x->query.wait_s > 0 ? x->conn : NULL, x->config->poll_ms);
    if (x->grant && x->grant->end < p.deadline)
        p.deadline = x->grant->end;
    p.tail.log.failure = x->failure;
    p.tail.log.metrics = x->metrics;
    p.tail.log.hashes = true;
    p.tail.log.named = x->query.log;
    if (read_page(&p) == 0)
        answer(&p);
    else if (x->exit_status == EX_OSERR)
        exchange_problem(x, 503, "there is no memory for an answer");
    else if (!x->conn->why)
        exchange_database_problem(x, p.tail.log.failure);
    tail_release(&p.tail);
}
