/*
 * One request and its response, common to all routes.
 *
 * A route composes its response in x->out (a head by exchange_begin, then fields, exchange_end
 * and the body) and sends it with exchange_flush, in one or more pieces.  It uses x->conn only
 * to wait.
 */
#pragma once

#include "base/files/token_file.h"
#include "base/process/metrics.h"
#include "base/text/buf.h"
#include "service/config.h"
#include "service/http/http.h"
#include "service/http/query.h"
#include "service/net/conn.h"
#include "service/rows/lookup.h"

#define EXCHANGE_OUT_MAX (64 * 1024) /* bytes written to a client at a time */
#define EXCHANGE_SMALL   1664        /* bytes that a waiting process keeps */
#define EXCHANGE_END     7           /* bytes to reserve in out for the end of a body */

/* For a path that changes with the content. */
#define CACHE_KEEP "max-age=31536000, immutable"
/* For what changes: browsers ask each time, caches once for all that ask meanwhile. */
#define CACHE_NOW  "max-age=0, s-maxage=1"
/* The same if a slightly old response will do while the next one is fetched. */
#define CACHE_SOON CACHE_NOW ", stale-while-revalidate=10"

/* What a request's token admits it to. */
struct grant {
    char name[TOKEN_NAME_MAX + 1]; /* for the log; "": none */
    bool limited;                  /* to what passes the filter */
    int64_t end;                   /* deadline */
    uint64_t stamp, line;          /* of the file, and of the line in it: as they were */
    struct filter only;
};

/* Ordered so that what every viewer touches lies on few pages: these are private memory for the
 * life of a stream. */
struct exchange {
    const struct config *config;
    struct conn *conn;
    const struct visit *visit;
    struct metrics *metrics; /* to count in; NULL: do not count */
    struct failure *failure; /* why a route failed: memory that is rarely touched */
    struct grant *grant;     /* the same for the request's token; NULL: reading is public */
    struct buf out;          /* in small, or larger and mapped by exchange_reserve */
    size_t head_len; /* of the response head while it is in out; all of a HEAD's response */
    bool persists;   /* another request may follow on the connection */
    bool chunked;    /* the body is chunked */
    size_t chunk;    /* start of the open chunk's data in out; 0: none is open */

    /* for the log and the parent process */
    int status;      /* of the response; 0: none yet */
    int exit_status; /* from <sysexits.h>; EX_OK unless the service failed */
    int64_t events;  /* rows sent */
    int64_t last_id; /* the cursor that the client ends with */

    /* for the metrics */
    unsigned route;        /* its place in the table of routes */
    int64_t turn;          /* of an answer that costs much (rate.h); 0: none */
    int64_t oldest_us;     /* when the poller read the first new row in out; 0: there is none */
    uint64_t counted_sent; /* as far as counted: of conn->sent ... */
    int64_t counted_events;

    char small[EXCHANGE_SMALL];
    struct http_request req;
    struct query query;
};

void exchange_init(struct exchange *x, const struct config *config, struct conn *conn);

/* The client to count (address_client); 0: none, or a trusted proxy on its own account. */
uint64_t exchange_client(const struct exchange *x);

/* What the token is limited to, or NULL. */
const struct filter *exchange_only(const struct exchange *x);

/* Narrows the query's filter to that.  Returns 0, or -1 after answering 403. */
int exchange_narrow(struct exchange *x);

/* Discards out and begins a head with the fields common to all responses. */
void exchange_begin(struct exchange *x, int status, const char *content_type);
void exchange_end(struct exchange *x);

/*
 * Ends a head whose body's length is unknown.  The body is chunked (RFC 9112, 7.1), so that a
 * truncated one is recognised; for HTTP/1.0 and CGI it extends to the end of the connection,
 * which must not persist.  exchange_end_chunk, the next chunk or a flush ends a chunk;
 * exchange_cut discards what did not fit, and a chunk begun there; exchange_finish flushes the
 * end of the body, for which EXCHANGE_END bytes must be free in out.
 */
void exchange_end_chunked(struct exchange *x);
void exchange_begin_chunk(struct exchange *x);
void exchange_end_chunk(struct exchange *x);
void exchange_cut(struct exchange *x, size_t len);
int exchange_finish(struct exchange *x); /* as exchange_flush */

/* Writes out (for a HEAD: the head only) and clears it.  Returns 0, or -1 if the client is gone
 * (conn->why). */
int exchange_flush(struct exchange *x);

/* A whole response.  NULL fields are left out. */
struct representation {
    int status;         /* 0: 200 */
    const char *type;   /* media type */
    const char *cache;  /* value of Cache-Control; NULL: no caching */
    const char *vary;   /* the request field that selected it */
    const char *tag;    /* entity tag; NULL: derived from the bytes */
    const char *fields; /* further lines of the head */
    struct span bytes;  /* NULL: all of out, with more than EXCHANGE_SMALL reserved */
};

/* Sends it, or 304 if the client has it. */
void exchange_represent(struct exchange *x, const struct representation *r);

/* Makes room for len more bytes.  Returns 0, or -1 with *x->failure if memory is exhausted. */
int exchange_reserve(struct exchange *x, size_t len);

/* Makes room for at most bound bytes that did not fit, up to EXCHANGE_OUT_MAX in all, or as
 * much as needed if out is empty.  Returns false if the caller must flush and retry. */
bool exchange_grow(struct exchange *x, size_t bound);

/* Discards out and releases larger memory; call it at the end, too. */
void exchange_shrink(struct exchange *x);

/* Sends a whole application/problem+json response (RFC 9457) or, to a browser, a page about the
 * status.  detail is public. */
void exchange_problem(struct exchange *x, int status, const char *detail);

/* The same for a database that can't be read: 503, and a log line. */
void exchange_database_problem(struct exchange *x, const struct failure *failure);

/* Records that memory is exhausted: not even an empty out could hold a row. */
void exchange_no_memory(struct exchange *x);

/* A public description of a database error, without paths. */
const char *exchange_database_detail(const struct failure *failure);
