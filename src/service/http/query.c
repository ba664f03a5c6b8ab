/* Parses query strings. */
#include "service/http/query.h"

#include "base/process/clock.h"
#include "service/http/http.h"

#define TURN_MAX INT64_C(9007199254740991)

/* Each sets a parameter; false: the value is invalid. */
static bool set_cursor(struct query *query, struct span value)
{
    struct cursor cursor = cursor_parse(value);

    if (cursor.kind != CURSOR_NONE) /* an empty cursor does not override another */
        query->cursor = cursor;
    return true;
}

static bool set_last(struct query *query, struct span value)
{
    query->cursor = (struct cursor){CURSOR_LAST, 0, 0};
    return span_to_int(value, LAST_MAX, &query->cursor.id) == 0 && query->cursor.id > 0;
}

/* value is followed by a NUL. */
static bool set_since(struct query *query, struct span value)
{
    query->cursor = (struct cursor){CURSOR_SINCE, 0, 0};
    return clock_parse(value.at, &query->cursor.id) == 0;
}

/* 16 digits, as written by put_hash. */
static bool get_hash(struct span value, uint64_t *hash)
{
    static const char digits[] = "0123456789abcdef";

    *hash = 0;
    for (size_t i = 0; i < value.len; i++) {
        const char *digit = memchr(digits, value.at[i], 16);
        if (!digit)
            return false;
        *hash = *hash << 4 | (uint64_t)(digit - digits);
    }
    return value.len == 16;
}

static void put_hash(struct buf *b, uint64_t hash)
{
    buf_printf(b, "%016llx", (unsigned long long)hash);
}

static bool set_at(struct query *query, struct span value)
{
    return get_hash(value, &query->at);
}

static bool set_log(struct query *query, struct span value)
{
    struct span id = span_cut(&value, '-');

    return span_to_int(id, INT64_MAX, &query->log.id) == 0 && get_hash(value, &query->log.hash);
}

static bool set_format(struct query *query, struct span value)
{
    query->json = span_is(value, "json");
    query->stream = span_is(value, "stream");
    return query->json || query->stream;
}

static bool set_heartbeat(struct query *query, struct span value)
{
    query->heartbeat_events = span_is(value, "event");
    return query->heartbeat_events || span_is(value, "comment");
}

static bool set_matches(struct query *query, struct span value)
{
    query->filter.n_matches = 0;
    query->filter.prefixes = false;
    return filter_add_matches(&query->filter, value) == 0;
}

static bool set_types(struct query *query, struct span value)
{
    query->filter.n_types = 0;
    return filter_add_types(&query->filter, value) == 0;
}

#define BY(function)               (function), 0, 0, 0
#define NUMBER(field, least, most) NULL, offsetof(struct query, field), (least), (most)

static const struct {
    const char *name;
    bool (*set)(struct query *, struct span); /* NULL: a number, at that offset */
    size_t at;
    int64_t min, max;
    const char *expected;
} parameters[] = {
    {"match", BY(set_matches),
     "match is a list of up to 32 match ids, or prefixes followed by '*', of 1 to 64 bytes "
     "each"},
    {"type", BY(set_types),
     "type is a list of up to 32 types, each of 1 to 32 of a-z 0-9 _ - after a first letter"},
    {"batch", NUMBER(batch, 1, BATCH_MAX), "batch is a number from 1 to 1000"},
    {"wait", NUMBER(wait_s, 0, WAIT_MAX_S), "wait is a number of seconds from 0 to 60"},
    {"format", BY(set_format), "format is json or stream"},
    {"heartbeat", BY(set_heartbeat), "heartbeat is event or comment"},
    {"after", BY(set_cursor), NULL},
    {"lastEventId", BY(set_cursor), NULL},
    {"lastEventID", BY(set_cursor), NULL},
    {"last_event_id", BY(set_cursor), NULL},
    {"Last-Event-ID", BY(set_cursor), NULL},
    {"last", BY(set_last), "last is a number of rows from 1 to 1000"},
    {"since", BY(set_since), "since is a time such as 90s, 10m or 2h"},
    {"at", BY(set_at), "at must come from a link of this service"},
    {"log", BY(set_log), "log must come from a link of this service"},
    {"turn", NUMBER(turn, 0, TURN_MAX), "turn must come from a link of this service"},
};

/* Unknown names are ignored. */
static int set(struct query *query, struct span name, struct span value)
{
    for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++) {
        int64_t *n = (int64_t *)((char *)query + parameters[i].at);
        if (!span_is(name, parameters[i].name))
            continue;
        if (parameters[i].set
                ? parameters[i].set(query, value)
                : span_to_int(value, parameters[i].max, n) == 0 && *n >= parameters[i].min)
            continue;
        query->error = parameters[i].expected;
        return -1;
    }
    return 0;
}

void query_init(struct query *query)
{
    size_t names = offsetof(struct query, filter.n_matches);

    memset((char *)query + names, 0, sizeof *query - names);
}

int query_parse(struct query *query, struct span text)
{
    char name[32], value[HTTP_TARGET_MAX + 1];

    query_init(query);
    while (text.len > 0) {
        struct span raw = span_cut(&text, '&');
        int n = http_unescape(span_cut(&raw, '='), true, name, sizeof name);
        int v = http_unescape(raw, true, value, HTTP_TARGET_MAX);

        if (v < 0) {
            query->error = "a query parameter has malformed %-encoding";
            return -1;
        }
        value[v] = '\0';
        struct span known = {name, n > 0 ? (size_t)n : 0};
        if (span_is(known, "token") && span_is_plain(raw, "-._~+/=%"))
            query->token = raw;
        if (set(query, known, (struct span){value, (size_t)v}) < 0)
            return -1;
    }
    if (query->cursor.kind == CURSOR_AFTER)
        query->cursor.at = query->at;
    return 0;
}

int query_find(struct span text, const char *name, char *value)
{
    int len = -1;

    while (text.len > 0) {
        struct span raw = span_cut(&text, '&');
        if (!span_is(span_cut(&raw, '='), name))
            continue;
        len = http_unescape(raw, true, value, HTTP_TARGET_MAX);
        if (len < 0)
            return -2;
        value[len] = '\0';
    }
    return len;
}

void query_put(struct buf *b, const char *name, struct span value)
{
    buf_printf(b, "&%s=", name);
    for (size_t i = 0; i < value.len; i++) {
        struct span c = {value.at + i, 1};
        if (span_is_plain(c, "-._~*,"))
            buf_put(b, c.at, 1);
        else
            buf_printf(b, "%%%02X", (unsigned char)*c.at);
    }
}

static void put_filter(struct buf *b, const char *name, const struct filter *filter,
                       bool matches)
{
    char memory[FILTER_LIST_MAX];
    struct buf names;

    buf_init(&names, memory, sizeof memory);
    filter_put(filter, matches, &names);
    if (names.len > 0)
        query_put(b, name, (struct span){names.at, names.len});
}

void query_put_next(struct buf *b, const struct query *query, struct cursor cursor,
                    struct landmark log, int64_t turn)
{
    buf_printf(b, "?after=%lld", (long long)cursor.id);
    if (cursor.at != 0) {
        buf_puts(b, "&at=");
        put_hash(b, cursor.at);
    }
    buf_puts(b, "&format=json");
    if (log.id > 0) {
        buf_printf(b, "&log=%lld-", (long long)log.id);
        put_hash(b, log.hash);
    }
    put_filter(b, "match", &query->filter, true);
    if (query->token.len > 0) {
        buf_puts(b, "&token=");
        buf_put(b, query->token.at, query->token.len);
    }
    if (turn > 0)
        buf_printf(b, "&turn=%lld", (long long)turn);
    put_filter(b, "type", &query->filter, false);
    if (query->wait_s > 0)
        buf_printf(b, "&wait=%lld", (long long)query->wait_s);
}
