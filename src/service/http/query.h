/*
 * What the query string of a request asks for.  Pure.
 *
 * Parameters are separated by '&'; names that nobody here knows are ignored,
 * so that caches can be busted and proxies can add theirs.  A parameter given
 * twice: the last one counts.
 */
#ifndef SERVICE_QUERY_H
#define SERVICE_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define FILTER_NAMES_MAX 32 /* ids or types in one filter */
#define MATCH_ID_MAX     64 /* bytes, as in sql/schema.sql */
#define TYPE_MAX         32 /* bytes, as in sql/schema.sql */
#define BATCH_MAX        1000
#define WAIT_MAX_S       60

/* Where in the log a client is. */
struct cursor {
    enum cursor_kind {
        CURSOR_NONE,    /* it has nothing yet: the snapshot, then what comes */
        CURSOR_LATEST,  /* it wants only what comes */
        CURSOR_AFTER,   /* it has all rows up to id */
        CURSOR_INVALID, /* it sent something that is no cursor */
    } kind;
    int64_t id;
};

/* Which rows a client wants: of these matches (all, if none is named) and of
 * these types (the same). */
struct filter {
    size_t n_matches, n_types;
    char matches[FILTER_NAMES_MAX][MATCH_ID_MAX + 1];
    char types[FILTER_NAMES_MAX][TYPE_MAX + 1];
};

bool filter_admits(const struct filter *f, struct span match_id, struct span type);

struct query {
    struct cursor cursor;
    int batch;             /* rows in one frame; 0: not asked for */
    int wait_s;            /* long-poll for up to so many seconds */
    bool heartbeat_events; /* heartbeats that JavaScript can see */
    bool json, stream;     /* format=json, format=stream */
    const char *error;     /* why query_parse failed: a sentence */
    struct filter filter;
};

/* A cursor as a client sends it: digits, "latest", or nothing. */
struct cursor cursor_parse(struct span text);

/* Nothing is asked for. */
void query_init(struct query *query);

/* Returns 0, or -1 (a 400) with query->error set. */
int query_parse(struct query *query, struct span text);

#endif
