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
#include "service/http/http.h"
#include "service/rows/filter.h"
#include "service/rows/row.h"

#define BATCH_MAX      1000
#define WAIT_MAX_S     60
#define LAG_MAX_S      86400
#define LAST_MAX       1000
#define QUERY_NEXT_MAX (3 * HTTP_TARGET_MAX + 256) /* bytes of query_put_next */

struct query {
    struct cursor cursor;
    int64_t batch;         /* rows in one frame; 0: not asked for */
    int64_t wait_s;        /* long-poll for up to so many seconds */
    int64_t max_lag_s;     /* a replica may be so far behind; 0: as far as it is */
    bool heartbeat_events; /* heartbeats that JavaScript can see */
    bool json, stream;     /* format=json, format=stream */
    uint64_t at;           /* of the cursor, see there; 0: not given */
    struct landmark log;   /* a row that the client knows the log by */
    int64_t turn;          /* of waiting */
    struct span token;     /* as it was sent, still %-encoded */
    const char *error;     /* why query_parse failed: a sentence */
    struct filter filter;
};

/* Nothing is asked for. */
void query_init(struct query *query);

/* Returns 0, or -1 (a 400) with query->error set. */
int query_parse(struct query *query, struct span text);

/*
 * The query, as a relative reference that begins with '?', for the rows behind those that were
 * asked for.  It is the same for all who get there, in whatever words they asked.
 */
void query_put_next(struct buf *b, const struct query *query, struct cursor cursor,
                    struct landmark log, int64_t turn);

#endif
