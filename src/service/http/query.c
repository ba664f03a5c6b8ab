/* Reads a query string into what it asks for. */
#include "service/http/query.h"

#include <stddef.h>
#include <string.h>

#include "service/http/http.h"

/* Each sets what a parameter asks for; false: its value is none. */
static bool set_cursor(struct query *query, struct span value)
{
    struct cursor cursor = cursor_parse(value);

    if (cursor.kind != CURSOR_NONE) /* an empty one is none, and hides no other */
        query->cursor = cursor;
    return true;
}

static bool set_batch(struct query *query, struct span value)
{
    return span_to_int(value, BATCH_MAX, &query->batch) == 0 && query->batch > 0;
}

static bool set_wait(struct query *query, struct span value)
{
    return span_to_int(value, WAIT_MAX_S, &query->wait_s) == 0;
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

/* A list of names, each NUL-terminated in a place of cap bytes. */
static bool set_names(char *names, size_t cap, size_t *n, struct span list)
{
    for (*n = 0; list.len > 0; ++*n, names += cap) {
        struct span name = span_cut(&list, ',');
        if (*n == FILTER_NAMES_MAX || name.len == 0 || name.len >= cap)
            return false;
        memcpy(names, name.at, name.len);
        names[name.len] = '\0';
    }
    return true;
}

static bool set_matches(struct query *query, struct span value)
{
    struct filter *f = &query->filter;

    return set_names(f->matches[0], sizeof f->matches[0], &f->n_matches, value);
}

static bool set_types(struct query *query, struct span value)
{
    struct filter *f = &query->filter;

    return set_names(f->types[0], sizeof f->types[0], &f->n_types, value);
}

static const struct {
    const char *name;
    bool (*set)(struct query *, struct span);
    const char *expected;
} parameters[] = {
    {"match", set_matches, "match is a list of up to 32 match ids, of 1 to 64 bytes each"},
    {"type", set_types, "type is a list of up to 32 types, of 1 to 32 bytes each"},
    {"batch", set_batch, "batch is a number from 1 to 1000"},
    {"wait", set_wait, "wait is a number of seconds from 0 to 60"},
    {"format", set_format, "format is json or stream"},
    {"heartbeat", set_heartbeat, "heartbeat is event or comment"},
    {"after", set_cursor, NULL},
    {"lastEventId", set_cursor, NULL},
    {"last_event_id", set_cursor, NULL},
    {"Last-Event-ID", set_cursor, NULL},
};

/* A name that is not known is no error. */
static int set(struct query *query, struct span name, struct span value)
{
    for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++) {
        if (!span_is(name, parameters[i].name) || parameters[i].set(query, value))
            continue;
        query->error = parameters[i].expected;
        return -1;
    }
    return 0;
}

void query_init(struct query *query)
{
    memset(query, 0, offsetof(struct query, filter));
    query->filter.n_matches = query->filter.n_types = 0;
}

int query_parse(struct query *query, struct span text)
{
    char name[32], value[HTTP_TARGET_MAX];

    query_init(query);
    while (text.len > 0) {
        struct span raw = span_cut(&text, '&');
        int n = http_unescape(span_cut(&raw, '='), true, name, sizeof name);
        int v = http_unescape(raw, true, value, sizeof value);

        if (v < 0) {
            query->error = "a parameter of the query is not well %-encoded";
            return -1;
        }
        if (n >= 0 &&
            set(query, (struct span){name, (size_t)n}, (struct span){value, (size_t)v}) < 0)
            return -1;
    }
    return 0;
}
