/* Reads a query string into what it asks for. */
#include "service/http/query.h"

#include <stddef.h>
#include <string.h>

#include "service/http/http.h"

static int set_cursor(struct query *query, struct span value)
{
    struct cursor cursor = cursor_parse(value);

    if (cursor.kind != CURSOR_NONE) /* an empty one is none, and hides no other */
        query->cursor = cursor;
    return 0;
}

static const char *number(struct span value, int64_t least, int64_t most, int64_t *n,
                          const char *error)
{
    return span_to_int(value, most, n) == 0 && *n >= least ? NULL : error;
}

static int set_batch(struct query *query, struct span value)
{
    int64_t n = 0;

    query->error = number(value, 1, BATCH_MAX, &n, "batch is a number from 1 to 1000");
    query->batch = (int)n;
    return query->error ? -1 : 0;
}

static int set_wait(struct query *query, struct span value)
{
    int64_t n = 0;

    query->error = number(value, 0, WAIT_MAX_S, &n, "wait is a number of seconds from 0 to 60");
    query->wait_s = (int)n;
    return query->error ? -1 : 0;
}

static int set_format(struct query *query, struct span value)
{
    query->json = span_is(value, "json");
    query->stream = span_is(value, "stream");
    if (query->json || query->stream)
        return 0;
    query->error = "format is json or stream";
    return -1;
}

static int set_heartbeat(struct query *query, struct span value)
{
    query->heartbeat_events = span_is(value, "event");
    if (query->heartbeat_events || span_is(value, "comment"))
        return 0;
    query->error = "heartbeat is event or comment";
    return -1;
}

/* A list of names, each NUL-terminated in a place of cap bytes. */
static int set_names(char *names, size_t cap, size_t *n, struct span list)
{
    *n = 0;
    while (list.len > 0) {
        const char *comma = memchr(list.at, ',', list.len);
        size_t len = comma ? (size_t)(comma - list.at) : list.len;
        if (*n == FILTER_NAMES_MAX || len == 0 || len >= cap)
            return -1;
        memcpy(names + *n * cap, list.at, len);
        names[*n * cap + len] = '\0';
        ++*n;
        list.at += len + (comma ? 1 : 0);
        list.len -= len + (comma ? 1 : 0);
    }
    return 0;
}

static int set_matches(struct query *query, struct span value)
{
    struct filter *f = &query->filter;

    if (set_names(f->matches[0], sizeof f->matches[0], &f->n_matches, value) == 0)
        return 0;
    query->error = "match is a list of up to 32 match ids, of 1 to 64 bytes each";
    return -1;
}

static int set_types(struct query *query, struct span value)
{
    struct filter *f = &query->filter;

    if (set_names(f->types[0], sizeof f->types[0], &f->n_types, value) == 0)
        return 0;
    query->error = "type is a list of up to 32 types, of 1 to 32 bytes each";
    return -1;
}

/* Sets what the parameter of that name sets; a name that is not known is no error. */
static int set(struct query *query, struct span name, struct span value)
{
    static const struct {
        const char *name;
        int (*set)(struct query *, struct span);
    } parameters[] = {
        {"match", set_matches},        {"type", set_types},
        {"batch", set_batch},          {"wait", set_wait},
        {"format", set_format},        {"heartbeat", set_heartbeat},
        {"after", set_cursor},         {"lastEventId", set_cursor},
        {"last_event_id", set_cursor}, {"Last-Event-ID", set_cursor},
    };

    for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++)
        if (span_is(name, parameters[i].name))
            return parameters[i].set(query, value);
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
        const char *amp = memchr(text.at, '&', text.len);
        size_t len = amp ? (size_t)(amp - text.at) : text.len;
        const char *equals = memchr(text.at, '=', len);
        size_t name_len = equals ? (size_t)(equals - text.at) : len;
        struct span raw = {text.at + name_len + (equals ? 1 : 0),
                           len - name_len - (equals ? 1 : 0)};
        int n = http_unescape((struct span){text.at, name_len}, true, name, sizeof name);
        int v = http_unescape(raw, true, value, sizeof value);

        if (v < 0) {
            query->error = "a parameter of the query is not well %-encoded";
            return -1;
        }
        if (n >= 0 &&
            set(query, (struct span){name, (size_t)n}, (struct span){value, (size_t)v}) < 0)
            return -1;
        text.at += len + (amp ? 1 : 0);
        text.len -= len + (amp ? 1 : 0);
    }
    return 0;
}
