/*
 * HTTP/1 messages: parses request heads, also CGI's and what proxies add; composes response
 * heads.  Pure.
 *
 * Sources: RFC 9112 (messages, strictly: no bare LF, no bare CR, no obs-fold, no space before a
 * colon), RFC 9110 (methods, fields, statuses, the negotiation in 12.5.1), RFC 3986
 * (percent-encoding), RFC 9457 (problem+json), RFC 3875 (CGI/1.1), RFC 6750 (bearer tokens),
 * "The PROXY protocol", versions 1 and 2, of HAProxy
 * (https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt).
 */
#pragma once

#include "base/text/buf.h"
#include "service/net/address.h"

#define HTTP_HEAD_MAX   8192 /* bytes of a request head, including its last CRLF */
#define HTTP_TARGET_MAX 2048 /* bytes of a request target */
#define HTTP_FIELDS_MAX 64   /* header fields in a request */

#define CGI_INDEX    "/index.html" /* the page, like "/" */
#define PROXY_V1_MAX 107  /* bytes of a version 1 header with CRLF: the protocol's limit */
#define PROXY_V2_MAX 4096 /* bytes of version 2: addresses, and what the proxy adds */

#define HTTP_STATUS_MIN 200 /* of responses */
#define HTTP_STATUS_MAX 505

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_OPTIONS, HTTP_OTHER };

struct http_field {
    struct span name;
    struct span value; /* without surrounding white space */
};

/* Spans point into the parsed bytes. */
struct http_request {
    enum http_method method;
    int minor;               /* of the version: HTTP/1.minor */
    struct span method_name; /* as sent */
    struct span path;        /* as sent, %-encoded; "*" for OPTIONS * */
    struct span query;       /* after the '?', %-encoded; may be empty */
    struct span folder;      /* not empty: the URL ends with this name and lacks a slash */
    size_t n_fields;
    int status;         /* after HTTP_BAD: the status to answer with ... */
    const char *reason; /* ... and a sentence that says why */
    struct http_field fields[HTTP_FIELDS_MAX]; /* last: most stay untouched */
};

void http_request_init(struct http_request *req);

#define HTTP_BAD        (-1)
#define HTTP_INCOMPLETE (-2)

/*
 * Parses a request head that may be incomplete.  Returns its length including the empty line;
 * HTTP_INCOMPLETE if more bytes are needed; HTTP_BAD as soon as no further bytes can make it
 * valid, with req->status and req->reason set (and method_name, path and minor as far as
 * known).  Ignores bytes after the head.
 */
int http_parse(const char *bytes, size_t len, struct http_request *req);

/* Sets the status and reason.  Returns HTTP_BAD. */
int http_refuse(struct http_request *req, int status, const char *reason);

/* The value of the first field with that name, ignoring case, or NULL. */
const struct span *http_field(const struct http_request *req, const char *name);

/* The preferred of two media types by the Accept fields: 0 or 1, or -1 for neither.  Without
 * Accept, any type will do.  At equal quality the more specific range wins, then the first
 * type. */
int http_accept(const struct http_request *req, const char *const types[2]);

/* Whether Accept-Encoding allows gzip; without the field, it does not. */
bool http_accepts_gzip(const struct http_request *req);

/* Whether If-None-Match lists the entity tag (with quotes, without W/) or "*".  Compares weakly
 * (RFC 9110, 8.8.3.2). */
bool http_has_tag(const struct http_request *req, const char *etag);

/* Decodes %-encoding (with plus: also '+' as space) into out.  Returns the length, or -1 if it
 * does not fit, is malformed or holds a NUL. */
int http_unescape(struct span s, bool plus, char *out, size_t cap);

/* Whether the client wants to send another request on this connection (RFC 9112, 9.3). */
bool http_persists(const struct http_request *req);

/* The reason phrase of a status that the service sends. */
const char *http_reason(int status);

/* Its place among them, from 1; 0: another status. */
#define HTTP_STATUSES 21 /* with that one */
size_t http_status_place(int status);

/* A response head: http_begin (date: seconds since 1970; HTTP_CGI: without what CGI/1.1 leaves
 * to the server), http_header as needed, http_end.  Unless it persists, announces that the
 * connection closes. */
#define HTTP_CGI (-1)
void http_begin(struct buf *b, int status, int64_t date, bool persists);
void http_header(struct buf *b, const char *name, const char *value);
void http_header_span(struct buf *b, const char *name, struct span value);
void http_header_int(struct buf *b, const char *name, int64_t value);
void http_end(struct buf *b);

/*
 * A request from CGI's environment: writes what the variables describe into head, as HTTP/1.0,
 * and parses it, so the same limits and checks apply.  PATH_INFO is the path.  Without it, the
 * URL named the program itself, whose relative links would miss: req->folder is set, and the
 * client must be redirected to the page.  Returns as http_parse does, but never
 * HTTP_INCOMPLETE.  The request points into head.
 */
int cgi_request(const char *const *environment, struct buf *head, struct http_request *req);

/* Bytes of body on standard input, which has no end mark (RFC 3875, 4.2). */
int64_t cgi_body_length(const char *const *environment);

/*
 * Parses a PROXY header that may be incomplete.  Returns as http_parse does.  *client becomes
 * the address that it names, and is unchanged if it names none (LOCAL, UNKNOWN, AF_UNSPEC: the
 * connection is the proxy's own).
 */
int proxy_parse(const char *bytes, size_t len, struct address *client);

/*
 * Replaces *client, a trusted proxy, by the client that it forwards for: walks X-Forwarded-For
 * from its right end to the first address that is not trusted.  Anything that is not an address
 * is ignored, together with everything to its left.
 */
void proxy_forwarded(const struct http_request *req, const struct network *trusted, size_t n,
                     struct address *client);

/*
 * Extracts a request's token: 1 if there is one, 0 if not, -1 if it can't be in the file.  It
 * is a bearer token or, as an EventSource can't set headers, the parameter "token", beside
 * which Authorization may hold a proxy's login of another scheme; or the cookie that the page
 * gives to browsers.  Decodes its %-encoding into memory of TOKEN_MAX bytes.
 */
int token_of_request(const struct http_request *req, char *memory, struct span *token);

/* Finds the first token of a query: as sent, %-encoded. */
bool token_in_query(struct span query, struct span *value);

/* Writes the fields of a head that give a browser the request's token as a cookie, and lead it
 * to the same address without the token. */
void token_put_cookie(struct buf *b, const struct http_request *req, struct span token);
