/*
 * One request and its answer: what all routes share.
 *
 * A route composes its answer in x->out (a head by exchange_begin, then fields,
 * then exchange_end, then the body) and sends it with exchange_flush, whole or
 * in pieces.  It never touches x->conn otherwise, but to wait.
 */
#ifndef SERVICE_EXCHANGE_H
#define SERVICE_EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/db.h"
#include "service/config.h"
#include "service/http/http.h"
#include "service/http/query.h"
#include "service/net/conn.h"
#include "service/rows/lookup.h"

#define EXCHANGE_OUT_MAX (64 * 1024) /* bytes written to a client at a time */
#define EXCHANGE_SMALL   2048        /* bytes that a process which only waits keeps */
#define EXCHANGE_END     7           /* bytes of room in out that the end of a body takes */

/* For what is at an address that changes with its content. */
#define CACHE_KEEP "max-age=31536000, immutable"

struct feed;

/* In an order that puts what every viewer touches on few pages: each is memory of its own for
 * as long as the stream lives. */
struct exchange {
    const struct config *config;
    struct conn *conn;
    struct feed *feed; /* what this process has of the poller */
    struct buf out;    /* in small, or larger and mapped, as exchange_reserve does it */
    bool cgi;          /* heads are CGI's */
    size_t head_len;   /* of the response head, while it is in out; a HEAD ends there */
    bool persists;     /* another request may follow on the connection */
    bool chunked;      /* the body goes in chunks */
    size_t chunk;      /* where the data of the open chunk begins in out; 0: none is open */

    /* for the log, and for whoever spawned us */
    int status;      /* of the response; 0: none was composed */
    int exit_status; /* from <sysexits.h>; EX_OK unless the service failed */
    int64_t events;  /* rows sent */
    int64_t last_id; /* the cursor that the client was left with */

    char small[EXCHANGE_SMALL];
    struct http_request req;
    struct query query;
};

void exchange_init(struct exchange *x, const struct config *config, struct conn *conn);

/* Drops what was composed and begins a head, with the fields that every answer has. */
void exchange_begin(struct exchange *x, int status, const char *content_type);
void exchange_end(struct exchange *x);

/*
 * Ends a head whose body is of a length that nobody knows yet: it goes in chunks (RFC 9112,
 * 7.1), so that one that was cut short shows, or, to a client of HTTP/1.0 and as CGI, up to
 * the end of the connection, which then does not persist.  A chunk ends with
 * exchange_end_chunk, the next one or a flush; exchange_cut cuts off what did not fit, and what
 * of it was begun; exchange_finish flushes the last of the body.  Whoever fills out leaves
 * EXCHANGE_END bytes.
 */
void exchange_end_chunked(struct exchange *x);
void exchange_begin_chunk(struct exchange *x);
void exchange_end_chunk(struct exchange *x);
void exchange_cut(struct exchange *x, size_t len);
int exchange_finish(struct exchange *x); /* as exchange_flush */

/* Writes out, or of it what a HEAD may have, and clears it.  Returns 0, or -1 if the client
 * is gone (conn->why).  More than EXCHANGE_OUT_MAX of room is given back. */
int exchange_flush(struct exchange *x);

/* A whole answer.  What is NULL is left out. */
struct representation {
    const char *type;   /* its media type */
    const char *cache;  /* how caches may keep it, as in Cache-Control; NULL: not at all */
    const char *vary;   /* the field of the request that chose it */
    const char *tag;    /* its entity tag; NULL: it is made of the bytes */
    const char *fields; /* further lines of the head */
    struct span
        bytes; /* NULL: what is in out, of which more than EXCHANGE_SMALL was reserved */
};

/* Sends it, or 304 if the client has it. */
void exchange_represent(struct exchange *x, const struct representation *r);

/* Makes room for len bytes behind what is in out.  -1: out of memory. */
int exchange_reserve(struct exchange *x, size_t len);

/*
 * Something of at most bound bytes did not fit: makes room for it, up to EXCHANGE_OUT_MAX
 * in all, or whatever it takes if out is empty.  False: flush, and try again.
 */
bool exchange_grow(struct exchange *x, size_t bound);

/*
 * Takes a body that was composed without a head out of x, with its memory, so that a head
 * can be composed that speaks of it; exchange_drop gives the memory back.  More than
 * EXCHANGE_SMALL must have been reserved for it.
 */
struct buf exchange_take(struct exchange *x);
void exchange_drop(struct buf *body);

/* Gives larger memory back, and what is in out; at the end, too. */
void exchange_shrink(struct exchange *x);

/* A whole answer of application/problem+json (RFC 9457).  detail is for anybody to read. */
void exchange_problem(struct exchange *x, int status, const char *detail);

/* The same for a database that can't be read: 503, and a line in the log. */
void exchange_database_problem(struct exchange *x, const struct failure *failure);

/* A whole answer of JSON: what read puts into out of a statement's rows, with x as its context;
 * or the problem that the database has.  cache: see struct representation. */
void exchange_lookup(struct exchange *x, const char *sql, lookup_read *read, const char *cache);

/* Even an empty out has no room for a row: tells the log why, and whoever spawned us. */
void exchange_no_memory(struct exchange *x);

/* What may be said to strangers of a database's failure: no path. */
const char *exchange_database_detail(const struct failure *failure);

#endif
