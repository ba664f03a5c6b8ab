/*
 * What a request's query string asks for.  Pure.
 *
 * Unknown names are ignored, so that clients can bypass caches and proxies can add parameters.
 * The last of repeated parameters counts.
 */
#pragma once

#include "base/text/buf.h"
#include "service/http/http.h"
#include "service/rows/row.h"

#define BATCH_MAX      1000
#define WAIT_MAX_S     60
#define LAST_MAX       1000
#define QUERY_NEXT_MAX (3 * HTTP_TARGET_MAX + 256) /* bytes of query_put_next */

struct query {
    struct filter filter;
    struct cursor cursor;
    int64_t batch;         /* rows per frame; 0: not requested */
    int64_t wait_s;        /* long-poll timeout in seconds */
    bool heartbeat_events; /* heartbeats visible to JavaScript */
    bool json, stream;     /* format=json, format=stream */
    uint64_t at;           /* of the cursor (see there); 0: not given */
    struct landmark log;   /* a row by which the client knows the log */
    int64_t turn;          /* end of the wait */
    struct span token;     /* as sent, %-encoded */
    const char *error;     /* a sentence, after query_parse failed */
};

void query_init(struct query *query);

/* Returns 0, or -1 (400) with query->error set. */
int query_parse(struct query *query, struct span text);

/* Decodes the last parameter of that name into value, of HTTP_TARGET_MAX + 1 bytes, as a C
 * string.  Returns its length, -1 if there is none, or -2 if it is malformed. */
int query_find(struct span text, const char *name, char *value);

/* Writes "&name=value" for a URL and for JSON: escapes what may not appear in both. */
void query_put(struct buf *b, const char *name, struct span value);

/* Writes the query, as a relative reference that begins with '?', for the rows after those
 * requested.  It is the same for all clients that get there, however they asked. */
void query_put_next(struct buf *b, const struct query *query, struct cursor cursor,
                    struct landmark log, int64_t turn);
