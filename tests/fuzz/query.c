/*
 * Fuzz target: a query string of any bytes.
 *
 * Values are within bounds, survive being written canonically and read again, and do not
 * depend on unknown parameters.
 */
#include "service/http/query.h"

#include <inttypes.h>

#include "must.h"
#include "service/http/http.h"

#define TEXT_MAX (32 * 1024)

static char text[TEXT_MAX];

static void check_names(const char *names, size_t cap, size_t n)
{
    must(n <= FILTER_NAMES_MAX);
    for (size_t i = 0; i < n; i++)
        must(names[i * cap] && memchr(names + i * cap, '\0', cap));
    for (size_t i = 1; i < n; i++)
        must(strcmp(names + (i - 1) * cap, names + i * cap) < 0);
}

static void check_bounds(const struct query *q)
{
    must(q->batch >= 0 && q->batch <= BATCH_MAX && q->wait_s >= 0 && q->wait_s <= WAIT_MAX_S);
    must(!(q->json && q->stream));
    must(q->cursor.kind <= CURSOR_SINCE && q->cursor.id >= 0 && q->turn >= 0 && q->log.id >= 0);
    must(q->cursor.kind != CURSOR_LAST || (q->cursor.id > 0 && q->cursor.id <= LAST_MAX));
    check_names(q->filter.matches[0], sizeof q->filter.matches[0], q->filter.n_matches);
    check_names(q->filter.types[0], sizeof q->filter.types[0], q->filter.n_types);
    for (size_t i = 0; i < q->filter.n_matches; i++)
        must(q->filter.n_types > 0 ||
             filter_admits(&q->filter, span_of(q->filter.matches[i]), span_of("goal")));
}

static bool same(const struct query *a, const struct query *b)
{
    if (a->cursor.kind != b->cursor.kind || a->cursor.id != b->cursor.id ||
        a->batch != b->batch || a->wait_s != b->wait_s ||
        a->heartbeat_events != b->heartbeat_events || a->json != b->json ||
        a->stream != b->stream || a->filter.n_matches != b->filter.n_matches ||
        a->filter.n_types != b->filter.n_types)
        return false;
    for (size_t i = 0; i < a->filter.n_matches; i++)
        if (strcmp(a->filter.matches[i], b->filter.matches[i]) != 0)
            return false;
    for (size_t i = 0; i < a->filter.n_types; i++)
        if (strcmp(a->filter.types[i], b->filter.types[i]) != 0)
            return false;
    return true;
}

/* &NAME=a,b,c with every byte of the values %-encoded, commas included. */
static void put_names(struct buf *b, const char *name, const char *names, size_t cap, size_t n)
{
    static const char hex[] = "0123456789aBcDeF";

    buf_printf(b, "&%s=", name);
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_puts(b, "%2C");
        for (const char *at = names + i * cap; *at; at++) {
            unsigned char c = (unsigned char)*at;
            buf_put(b, (char[]){'%', hex[c >> 4], hex[c & 15]}, 3);
        }
    }
}

static void check_canonical(const struct query *q)
{
    struct query again;
    struct buf b;

    buf_init(&b, text, sizeof text);
    put_names(&b, "match", q->filter.matches[0], sizeof q->filter.matches[0],
              q->filter.n_matches);
    put_names(&b, "type", q->filter.types[0], sizeof q->filter.types[0], q->filter.n_types);
    if (q->batch > 0)
        buf_printf(&b, "&batch=%d", (int)q->batch);
    buf_printf(&b, "&wait=%d", (int)q->wait_s);
    if (q->json || q->stream)
        buf_printf(&b, "&format=%s", q->json ? "json" : "stream");
    buf_printf(&b, "&heartbeat=%s", q->heartbeat_events ? "event" : "comment");
    if (q->cursor.kind == CURSOR_AFTER)
        buf_printf(&b, "&after=%" PRId64, q->cursor.id);
    else if (q->cursor.kind == CURSOR_LAST)
        buf_printf(&b, "&last=%" PRId64, q->cursor.id);
    else if (q->cursor.kind == CURSOR_SINCE)
        buf_printf(&b, "&since=%" PRId64 "ms", q->cursor.id);
    else if (q->cursor.kind != CURSOR_NONE)
        buf_printf(&b, "&after=%s", q->cursor.kind == CURSOR_LATEST ? "latest" : "?");
    must(!b.full);
    must(query_parse(&again, (struct span){b.at, b.len}) == 0 && same(q, &again));
}

/* The link to the next page is one that is read as it was meant, and leads on in the same
 * words. */
static void check_next(const struct query *q)
{
    static char again[2 * QUERY_NEXT_MAX];
    const struct cursor cursor = {CURSOR_AFTER, INT64_MAX, UINT64_C(0x0123456789ABCDEF)};
    struct query next;
    struct buf b, c;

    buf_init(&b, text, QUERY_NEXT_MAX);
    buf_init(&c, again, sizeof again);
    query_put_next(&b, q, cursor, q->log, q->turn);
    must(!b.full && b.at[0] == '?' && !memchr(b.at, '"', b.len) && !memchr(b.at, '\\', b.len));
    must(query_parse(&next, (struct span){b.at + 1, b.len - 1}) == 0 && next.json);
    must(next.cursor.kind == CURSOR_AFTER && next.cursor.id == cursor.id &&
         next.cursor.at == cursor.at && next.wait_s == q->wait_s && next.turn == q->turn);
    must(next.filter.n_matches == q->filter.n_matches &&
         next.filter.n_types == q->filter.n_types &&
         next.filter.prefixes == q->filter.prefixes);
    query_put_next(&c, &next, next.cursor, next.log, next.turn);
    must(c.len == b.len && memcmp(c.at, b.at, b.len) == 0);
}

static void check_among_others(struct span query, int rc, const struct query *q)
{
    struct query again;
    struct buf b;

    buf_init(&b, text, sizeof text);
    buf_puts(&b, "_=1&&=&utm%5Fx&");
    buf_put(&b, query.at, query.len);
    buf_puts(&b, "&Match=x");
    must(!b.full);
    must(query_parse(&again, (struct span){b.at, b.len}) == rc);
    must(rc < 0 ? strcmp(again.error, q->error) == 0 : same(q, &again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span query = {(const char *)data, size};
    struct query q;

    if (size > HTTP_TARGET_MAX)
        return 0;
    int rc = query_parse(&q, query);
    if (rc == 0) {
        check_bounds(&q);
        check_canonical(&q);
        check_next(&q);
    } else {
        must(rc == -1 && q.error && q.error[0]);
    }
    check_among_others(query, rc, &q);
    return 0;
}
