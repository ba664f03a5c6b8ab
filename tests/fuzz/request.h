/*
 * What holds for every request that a parser accepts, whatever its source: nothing in it can
 * break out of a response, a log line or a query.
 */
#ifndef FUZZ_REQUEST_H
#define FUZZ_REQUEST_H

#include <string.h>

#include "must.h"
#include "service/http/http.h"

static inline bool request_is_plain(struct span s)
{
    for (size_t i = 0; i < s.len; i++)
        if (((unsigned char)s.at[i] < 0x20 && s.at[i] != '\t') || s.at[i] == 0x7F)
            return false;
    return true;
}

/* No request is taken for a body, and no body for a request. */
static inline bool request_is_bodiless(struct span name, struct span value)
{
    while (value.len > 0 && value.at[0] == '0')
        value.at++, value.len--;
    return !span_is_nocase(name, "Transfer-Encoding") &&
           (!span_is_nocase(name, "Content-Length") || value.len == 0);
}

static inline void request_check_fields(const struct http_request *req, const char *bytes,
                                        size_t len)
{
    must(req->n_fields <= HTTP_FIELDS_MAX);
    for (size_t i = 0; i < req->n_fields; i++) {
        struct span name = req->fields[i].name, value = req->fields[i].value;
        must(must_be_in(name, bytes, len) && must_be_in(value, bytes, len));
        must(req->method == HTTP_OTHER || request_is_bodiless(name, value));
        must(name.len > 0 && request_is_plain(name) && request_is_plain(value));
        must(!memchr(name.at, ' ', name.len) && !memchr(name.at, ':', name.len));
        must(value.len == 0 ||
             (!strchr(" \t", value.at[0]) && !strchr(" \t", value.at[value.len - 1])));
    }
}

/* The values that are read from a request later. */
static inline void request_check_values(const struct http_request *req)
{
    static const char *const types[2] = {"text/event-stream", "application/json"};
    char out[HTTP_TARGET_MAX];
    int choice = http_accept(req, types);
    int n = http_unescape(req->path, false, out, sizeof out);

    must(choice >= -1 && choice <= 1);
    must(!http_accepts_gzip(req) || http_field(req, "Accept-Encoding"));
    must(!http_has_tag(req, "\"0123456789abcdef\"") || http_field(req, "If-None-Match"));
    must(n >= -1 && n <= (int)req->path.len && (n <= 0 || !memchr(out, '\0', (size_t)n)));
}

/* The head is the first len bytes. */
static inline void request_check(const struct http_request *req, const char *bytes, size_t len)
{
    must(len >= 4 && len <= HTTP_HEAD_MAX && memcmp(bytes + len - 4, "\r\n\r\n", 4) == 0);
    must(must_be_in(req->method_name, bytes, len) && req->method_name.len > 0);
    must(must_be_in(req->query, bytes, len));
    must(request_is_plain(req->query) && request_is_plain(req->path));
    must(req->path.len + req->query.len <= HTTP_TARGET_MAX);
    must(req->minor >= 0 && req->minor <= 9);
    if (req->method != HTTP_OTHER)
        must(req->path.at[0] == '/' || span_is(req->path, "*"));
    request_check_fields(req, bytes, len);
    request_check_values(req);
}

static inline void request_check_refusal(const struct http_request *req)
{
    must(req->status >= 400 && req->status <= 599 && req->reason && req->reason[0]);
}

#endif
