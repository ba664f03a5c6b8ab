/*
 * Fuzz target: a request head of any bytes, and what is read out of a good one.
 *
 * Besides not crashing: a head that is good or bad is so however much of it has
 * come, and a request that is let through holds nothing that could break out of
 * a response, a log line or a query.
 */
#include "service/http/http.h"
#include "service/http/query.h"

#include <string.h>

#include "must.h"

static bool is_inside(struct span s, const char *bytes, size_t len)
{
    return s.len == 0 || (s.at >= bytes && s.at + s.len <= bytes + len);
}

static bool is_plain(struct span s)
{
    for (size_t i = 0; i < s.len; i++)
        if (((unsigned char)s.at[i] < 0x20 && s.at[i] != '\t') || s.at[i] == 0x7F)
            return false;
    return true;
}

/* What was said of len bytes holds for any part of them, as far as that went. */
static void check_prefix(const char *bytes, size_t n, int rc, int status)
{
    struct http_request req;
    int part = http_parse(bytes, n, &req);

    if (rc == HTTP_INCOMPLETE)
        must(part == HTTP_INCOMPLETE);
    else if (rc == HTTP_BAD)
        must(part == HTTP_INCOMPLETE || (part == HTTP_BAD && req.status == status));
    else
        must(part == (n < (size_t)rc ? HTTP_INCOMPLETE : rc));
}

static void check_prefixes(const char *bytes, size_t len, int rc, int status)
{
    size_t step = len < 300 ? 1 : len / 100; /* all of them would take too long */

    for (size_t n = 0; n < len; n += step)
        check_prefix(bytes, n, rc, status);
    if (rc > 0)
        check_prefix(bytes, (size_t)rc - 1, rc, status);
}

static void check_names(const char *names, size_t cap, size_t n)
{
    must(n <= FILTER_NAMES_MAX);
    for (size_t i = 0; i < n; i++)
        must(names[i * cap] && memchr(names + i * cap, '\0', cap));
}

static void check_query(struct span text)
{
    struct query q;

    if (query_parse(&q, text) < 0) {
        must(q.error && q.error[0]);
        return;
    }
    must(q.batch >= 0 && q.batch <= BATCH_MAX && q.wait_s >= 0 && q.wait_s <= WAIT_MAX_S);
    must(!(q.json && q.stream));
    must(q.cursor.kind != CURSOR_AFTER || q.cursor.id >= 0);
    check_names(q.filter.matches[0], sizeof q.filter.matches[0], q.filter.n_matches);
    check_names(q.filter.types[0], sizeof q.filter.types[0], q.filter.n_types);
    for (size_t i = 0; i < q.filter.n_matches; i++)
        must(q.filter.n_types > 0 ||
             filter_admits(&q.filter, span_of(q.filter.matches[i]), span_of("goal")));
}

static void check_fields(const struct http_request *req, const char *bytes, size_t len)
{
    must(req->n_fields <= HTTP_FIELDS_MAX);
    for (size_t i = 0; i < req->n_fields; i++) {
        struct span name = req->fields[i].name, value = req->fields[i].value;
        must(is_inside(name, bytes, len) && is_inside(value, bytes, len));
        must(name.len > 0 && is_plain(name) && is_plain(value));
        must(!memchr(name.at, ' ', name.len) && !memchr(name.at, ':', name.len));
        must(value.len == 0 ||
             (!strchr(" \t", value.at[0]) && !strchr(" \t", value.at[value.len - 1])));
    }
}

static void check_request(const struct http_request *req, const char *bytes, size_t len)
{
    static const char *const types[2] = {"text/event-stream", "application/json"};
    char out[HTTP_TARGET_MAX];

    must(len <= HTTP_HEAD_MAX && memcmp(bytes + len - 4, "\r\n\r\n", 4) == 0);
    must(is_inside(req->method_name, bytes, len) && req->method_name.len > 0);
    must(is_inside(req->query, bytes, len) && is_plain(req->query) && is_plain(req->path));
    must(req->minor >= 0 && req->minor <= 9);
    if (req->method != HTTP_OTHER)
        must(req->path.at[0] == '/' || span_is(req->path, "*"));
    check_fields(req, bytes, len);
    check_query(req->query);

    int choice = http_accept(req, types);
    must(choice >= -1 && choice <= 1);
    must(!http_accepts_gzip(req) || http_field(req, "Accept-Encoding"));
    must(!http_has_tag(req, "\"0123456789abcdef\"") || http_field(req, "If-None-Match"));
    int n = http_unescape(req->path, false, out, sizeof out);
    must(n >= -1 && n <= (int)req->path.len && (n <= 0 || !memchr(out, '\0', (size_t)n)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    struct http_request req;
    int rc = http_parse(bytes, size, &req);

    must(rc == HTTP_BAD || rc == HTTP_INCOMPLETE || (rc > 0 && (size_t)rc <= size));
    if (rc == HTTP_BAD)
        must(req.status >= 400 && req.status <= 599 && req.reason && req.reason[0]);
    if (rc > 0)
        check_request(&req, bytes, (size_t)rc);
    check_prefixes(bytes, size, rc, rc == HTTP_BAD ? req.status : 0);
    if (size <= HTTP_TARGET_MAX)
        check_query((struct span){bytes, size});
    return 0;
}
