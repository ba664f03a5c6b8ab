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
#include "service/rows/filter.h"

#define BATCH_MAX  1000
#define WAIT_MAX_S 60

struct query {
    struct cursor cursor;
    int64_t batch;         /* rows in one frame; 0: not asked for */
    int64_t wait_s;        /* long-poll for up to so many seconds */
    bool heartbeat_events; /* heartbeats that JavaScript can see */
    bool json, stream;     /* format=json, format=stream */
    const char *error;     /* why query_parse failed: a sentence */
    struct filter filter;
};

/* Nothing is asked for. */
void query_init(struct query *query);

/* Returns 0, or -1 (a 400) with query->error set. */
int query_parse(struct query *query, struct span text);

#endif
