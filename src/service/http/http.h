/*
 * HTTP/1 messages: a parser for request heads and a composer for response
 * heads.  Pure: bytes in, struct or bytes out.
 *
 * Sources: RFC 9112 (the message, strictly: no bare LF, no bare CR, no
 * obs-fold, no space before a colon), RFC 9110 (methods, fields, statuses, the
 * negotiation in 12.5.1), RFC 3986 (percent-encoding), RFC 9457 (problem+json).
 */
#ifndef SERVICE_HTTP_H
#define SERVICE_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define HTTP_HEAD_MAX   8192 /* bytes of a request head, its last CRLF included */
#define HTTP_TARGET_MAX 2048 /* bytes of a request target */
#define HTTP_FIELDS_MAX 64   /* header fields in a request */

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_OPTIONS, HTTP_OTHER };

struct http_field {
    struct span name;
    struct span value; /* without the white space around it */
};

/* Spans point into the bytes that were parsed. */
struct http_request {
    enum http_method method;
    int minor;               /* of the version: HTTP/1.minor */
    struct span method_name; /* as it was sent */
    struct span path;        /* as it was sent, %-encoded; "*" for OPTIONS * */
    struct span query;       /* behind the '?', %-encoded; may be empty */
    struct span folder;      /* not empty: the URL ends with this name, and lacks a slash */
    size_t n_fields;
    int status;         /* where http_parse returned HTTP_BAD: what to answer */
    const char *reason; /* and a sentence that says why */
    struct http_field fields[HTTP_FIELDS_MAX]; /* last: most of them are never touched */
};

/* A request of which nothing is known yet. */
void http_request_init(struct http_request *req);

#define HTTP_BAD        (-1)
#define HTTP_INCOMPLETE (-2)

/*
 * Parses a request head that may not be all there yet.  Returns how many
 * bytes it is, up to and including its empty line; HTTP_INCOMPLETE if more are
 * needed; HTTP_BAD as soon as no more bytes can make it right, with req->status
 * and req->reason set (and method_name, path, minor as far as they are known).
 * Bytes behind the head are not looked at.
 */
int http_parse(const char *bytes, size_t len, struct http_request *req);

/* Says what to answer: HTTP_BAD. */
int http_refuse(struct http_request *req, int status, const char *reason);

/* The value of the first field of that name (in any case), or NULL. */
const struct span *http_field(const struct http_request *req, const char *name);

/*
 * Of two media types, which do the Accept fields prefer: 0 or 1, or -1 for
 * neither.  No such field accepts all.  Equal quality goes to the range that
 * names its type more exactly, then to the first type.
 */
int http_accept(const struct http_request *req, const char *const types[2]);

/* Whether Accept-Encoding lets an answer be compressed with gzip; no such field does not. */
bool http_accepts_gzip(const struct http_request *req);

/* Whether If-None-Match names the entity tag (its quotes included, without W/), or any ("*"):
 * the weak comparison of RFC 9110, 8.8.3.2. */
bool http_has_tag(const struct http_request *req, const char *etag);

/* Whether it is letters, digits and these others, and not empty. */
bool http_is_plain(struct span s, const char *others);

/* Undoes %-encoding (and '+' for space, if plus) into out.  Returns the length,
 * or -1 if it does not fit, is not well-formed or holds a NUL. */
int http_unescape(struct span s, bool plus, char *out, size_t cap);

/* Whether the client wants to send another request on this connection (RFC 9112, 9.3). */
bool http_persists(const struct http_request *req);

/* The reason phrase of a status that this service sends. */
const char *http_reason(int status);

/*
 * A response head: http_begin (date: seconds since 1970, not
 * negative), any number of
 * http_header, http_end.  One that does not persist says that the connection closes behind it.
 */
void http_begin(struct buf *b, int status, int64_t date, bool persists);
void http_begin_cgi(struct buf *b, int status); /* what CGI/1.1 leaves to the server left out */
void http_header(struct buf *b, const char *name, const char *value);
void http_header_span(struct buf *b, const char *name, struct span value);
void http_header_int(struct buf *b, const char *name, int64_t value);
void http_end(struct buf *b);

#endif
