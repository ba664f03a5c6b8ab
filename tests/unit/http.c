/*
 * http: which request heads are accepted, and which are refused with which status, according to
 * RFC 9112, RFC 9110 and the limits in the header.
 *
 * Every head is parsed between two fences, in every prefix, and with other bytes after it.
 */
#include "service/http/http.h"

#include "tap.h"

#define TEXT(literal) literal, sizeof literal - 1
#define GOOD          0

struct http_case {
    const char *name;
    const char *bytes;
    size_t len;
    int status; /* GOOD, or the status of the refusal */
};

/* Parses into a struct that has garbage in it. */
static int parse(const char *bytes, size_t len, struct http_request *req)
{
    memset(req, 0xA5, sizeof *req);
    return http_parse(bytes, len, req);
}

static bool is_inside(struct span s, const char *bytes, size_t len)
{
    return s.len == 0 || (s.at >= bytes && s.at + s.len <= bytes + len);
}

static bool spans_are_inside(const struct http_request *req, const char *bytes, size_t len)
{
    bool inside = is_inside(req->method_name, bytes, len) && is_inside(req->query, bytes, len);

    if (!span_is(req->path, "/")) /* http://host has a path that was not sent */
        inside = inside && is_inside(req->path, bytes, len);
    for (size_t i = 0; i < req->n_fields; i++)
        inside = inside && is_inside(req->fields[i].name, bytes, len) &&
                 is_inside(req->fields[i].value, bytes, len);
    return inside;
}

/* The result that http_parse must have for the first n bytes of a head. */
static bool prefix_is_right(const struct http_case *c, const char *bytes, size_t n)
{
    struct http_request req;
    int rc = parse(bytes, n, &req);

    if (rc == HTTP_INCOMPLETE)
        return n < c->len;
    if (rc == HTTP_BAD)
        return req.status == c->status && req.reason && req.reason[0];
    return n == c->len && c->status == GOOD && rc == (int)c->len &&
           spans_are_inside(&req, bytes, n);
}

static bool every_prefix_is_right(const struct http_case *c, struct fence *f)
{
    for (size_t n = 0; n <= c->len; n++)
        if (!prefix_is_right(c, fence_at_end(f, c->bytes, n), n) ||
            !prefix_is_right(c, fence_at_front(f, c->bytes, n), n)) {
            tap_diag("the first %zu of %zu bytes", n, c->len);
            return false;
        }
    return true;
}

/* Bytes after a head change nothing. */
static bool what_follows_is_not_looked_at(const struct http_case *c)
{
    static const char *const behind[] = {"\n", "\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "\x01"};
    char bytes[2 * HTTP_HEAD_MAX];
    struct http_request req;

    for (size_t i = 0; i < sizeof behind / sizeof *behind; i++) {
        memcpy(bytes, c->bytes, c->len);
        memcpy(bytes + c->len, behind[i], strlen(behind[i]));
        int rc = parse(bytes, c->len + strlen(behind[i]), &req);
        if (c->status == GOOD ? rc != (int)c->len : req.status != c->status)
            return false;
    }
    return true;
}

static void check_case(const char *group, const struct http_case *c, struct fence *f)
{
    bool right = every_prefix_is_right(c, f) && what_follows_is_not_looked_at(c);

    if (c->status == GOOD)
        tap_ok(right, "%s: good: %s", group, c->name);
    else
        tap_ok(right, "%s: %d: %s", group, c->status, c->name);
    if (!right) {
        struct http_request req;
        tap_diag_bytes("head", c->bytes, c->len);
        int rc = parse(c->bytes, c->len, &req);
        tap_diag("returned %d, status %d", rc, rc == HTTP_BAD ? req.status : 0);
    }
}

#define HOST "Host: a\r\n"

static const struct http_case request_lines[] = {
    {"GET over HTTP/1.0 without a field", TEXT("GET / HTTP/1.0\r\n\r\n"), GOOD},
    {"GET over HTTP/1.1 with a Host", TEXT("GET / HTTP/1.1\r\n" HOST "\r\n"), GOOD},
    {"the last minor version", TEXT("GET / HTTP/1.9\r\n" HOST "\r\n"), GOOD},
    {"HEAD", TEXT("HEAD / HTTP/1.0\r\n\r\n"), GOOD},
    {"OPTIONS of a path", TEXT("OPTIONS /livescore HTTP/1.0\r\n\r\n"), GOOD},
    {"OPTIONS of the server", TEXT("OPTIONS * HTTP/1.0\r\n\r\n"), GOOD},
    {"a method of 32 bytes", TEXT("ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEF / HTTP/1.0\r\n\r\n"), GOOD},
    {"another method: the routes' business", TEXT("POST / HTTP/1.0\r\n\r\n"), GOOD},
    {"CONNECT with its own kind of target", TEXT("CONNECT a:1 HTTP/1.1\r\n" HOST "\r\n"), GOOD},
    {"a method of all kinds of token characters",
     TEXT("!#$%&'*+-.^_`|~09azAZ / HTTP/1.0\r\n\r\n"), GOOD},
    {"an empty line before the request", TEXT("\r\nGET / HTTP/1.0\r\n\r\n"), GOOD},
    {"a target with a query", TEXT("GET /a?b=c&d HTTP/1.0\r\n\r\n"), GOOD},
    {"a target with an empty query", TEXT("GET /? HTTP/1.0\r\n\r\n"), GOOD},
    {"a target with all that a URL may hold",
     TEXT("GET /%41:@!$&'()*+,;=-._~/?/?:@ HTTP/1.0\r\n\r\n"), GOOD},
    {"an absolute target", TEXT("GET http://a:80/b?c HTTP/1.1\r\n" HOST "\r\n"), GOOD},
    {"an absolute target in capitals", TEXT("GET HTTPS://A/ HTTP/1.1\r\n" HOST "\r\n"), GOOD},
    {"an absolute target without a path", TEXT("GET http://a HTTP/1.1\r\n" HOST "\r\n"), GOOD},
    {"an absolute target with only a query", TEXT("GET http://a?b HTTP/1.1\r\n" HOST "\r\n"),
     GOOD},

    {"no method", TEXT(" / HTTP/1.1\r\n" HOST "\r\n"), 400},
    {"a space before the method", TEXT(" GET / HTTP/1.1\r\n" HOST "\r\n"), 400},
    {"a method of 33 bytes", TEXT("ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFG / HTTP/1.0\r\n\r\n"), 400},
    {"a method that is no token", TEXT("G(T / HTTP/1.1\r\n" HOST "\r\n"), 400},
    {"a method that is not ASCII", TEXT("G\xC3\x89T / HTTP/1.1\r\n" HOST "\r\n"), 400},
    {"only a method", TEXT("GET\r\n" HOST "\r\n"), 400},
    {"HTTP/0.9: no version", TEXT("GET /\r\n" HOST "\r\n"), 400},
    {"an empty version", TEXT("GET / \r\n" HOST "\r\n"), 400},
    {"no target", TEXT("GET HTTP/1.1\r\n" HOST "\r\n"), 400},
    {"two spaces before the target", TEXT("GET  / HTTP/1.1\r\n" HOST "\r\n"), 400},
    {"two spaces before the version", TEXT("GET /  HTTP/1.1\r\n" HOST "\r\n"), 400},
    {"a space behind the version", TEXT("GET / HTTP/1.1 \r\n" HOST "\r\n"), 400},
    {"a fourth word", TEXT("GET / HTTP/1.1 x\r\n" HOST "\r\n"), 400},
    {"a tab for a space", TEXT("GET\t/ HTTP/1.1\r\n" HOST "\r\n"), 400},
    {"a space in the target", TEXT("GET /a b HTTP/1.1\r\n" HOST "\r\n"), 400},
    {"a version in small letters", TEXT("GET / http/1.1\r\n" HOST "\r\n"), 400},
    {"a version without a minor one", TEXT("GET / HTTP/1\r\n" HOST "\r\n"), 400},
    {"a version of too many digits", TEXT("GET / HTTP/1.10\r\n" HOST "\r\n"), 400},
    {"a version of letters", TEXT("GET / HTTP/x.y\r\n" HOST "\r\n"), 400},
    {"a version with a comma", TEXT("GET / HTTP/1,1\r\n" HOST "\r\n"), 400},
    {"a minor version above 9", TEXT("GET / HTTP/1.:\r\n" HOST "\r\n"), 400},
    {"a minor version below 0", TEXT("GET / HTTP/1./\r\n" HOST "\r\n"), 400},
    {"a major version above 9", TEXT("GET / HTTP/:.1\r\n" HOST "\r\n"), 400},
    {"a major version below 0", TEXT("GET / HTTP//.1\r\n" HOST "\r\n"), 400},
    {"a version of another protocol", TEXT("GET / RTSP/1.0\r\n" HOST "\r\n"), 400},
    {"HTTP/2.0", TEXT("GET / HTTP/2.0\r\n" HOST "\r\n"), 505},
    {"HTTP/0.9 in so many words", TEXT("GET / HTTP/0.9\r\n" HOST "\r\n"), 505},
    {"the preface of HTTP/2", TEXT("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505},
    {"TLS on a port that speaks none", TEXT("\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03"), 400},
    {"a target that is no path", TEXT("GET livescore HTTP/1.1\r\n" HOST "\r\n"), 400},
    {"a target of another scheme", TEXT("GET ftp://a/ HTTP/1.1\r\n" HOST "\r\n"), 400},
    {"a target with a scheme but no host", TEXT("GET http:/a HTTP/1.1\r\n" HOST "\r\n"), 400},
    {"an absolute target without slashes", TEXT("GET http:abc/d HTTP/1.1\r\n" HOST "\r\n"),
     400},
    {"an absolute target with an empty host", TEXT("GET http:///a HTTP/1.1\r\n" HOST "\r\n"),
     400},
    {"an absolute target with nothing else", TEXT("GET http:// HTTP/1.1\r\n" HOST "\r\n"), 400},
    {"an absolute target with a user's name", TEXT("GET http://u@a/ HTTP/1.1\r\n" HOST "\r\n"),
     400},
    {"an asterisk for GET", TEXT("GET * HTTP/1.1\r\n" HOST "\r\n"), 400},
    {"more than an asterisk", TEXT("OPTIONS *x HTTP/1.1\r\n" HOST "\r\n"), 400},
    {"a fragment in the target", TEXT("GET /a#b HTTP/1.1\r\n" HOST "\r\n"), 400},
    {"raw UTF-8 in the target", TEXT("GET /\xC3\xA9 HTTP/1.1\r\n" HOST "\r\n"), 400},
};

static const struct http_case lines[] = {
    {"a request line that ends with a bare LF", TEXT("GET / HTTP/1.0\nHost: a\r\n\r\n"), 400},
    {"a field that ends with a bare LF", TEXT("GET / HTTP/1.0\r\nHost: a\n\r\n"), 400},
    {"a head that ends with a bare LF", TEXT("GET / HTTP/1.0\r\nHost: a\r\n\n"), 400},
    {"bare LFs throughout", TEXT("GET / HTTP/1.0\n\n"), 400},
    {"a bare LF before the request", TEXT("\nGET / HTTP/1.0\r\n\r\n"), 400},
    {"a bare CR in the request line", TEXT("GET / HTTP/1.0\r\rX: y\r\n\r\n"), 400},
    {"a bare CR in a value", TEXT("GET / HTTP/1.0\r\nHost: a\rb\r\n\r\n"), 400},
    {"a bare CR before CR LF", TEXT("GET / HTTP/1.0\r\nHost: a\r\r\n\r\n"), 400},
    {"a NUL in the method", TEXT("G\0T / HTTP/1.0\r\n\r\n"), 400},
    {"a NUL in the target", TEXT("GET /\0 HTTP/1.0\r\n\r\n"), 400},
    {"a NUL in a name", TEXT("GET / HTTP/1.0\r\nX\0Y: a\r\n\r\n"), 400},
    {"a NUL in a value", TEXT("GET / HTTP/1.0\r\nHost: a\0\r\n\r\n"), 400},
    {"a control character in a value", TEXT("GET / HTTP/1.0\r\nHost: a\x1B[m\r\n\r\n"), 400},
    {"a DEL in a value", TEXT("GET / HTTP/1.0\r\nHost: a\x7F\r\n\r\n"), 400},
};

static const struct http_case fields[] = {
    {"no white space before a value", TEXT("GET / HTTP/1.1\r\nHost:a\r\n\r\n"), GOOD},
    {"white space around a value", TEXT("GET / HTTP/1.1\r\nHost: \t a \t\r\n\r\n"), GOOD},
    {"an empty value", TEXT("GET / HTTP/1.0\r\nX:\r\n\r\n"), GOOD},
    {"a value of white space", TEXT("GET / HTTP/1.0\r\nX:  \t \r\n\r\n"), GOOD},
    {"a value of UTF-8 and Latin-1", TEXT("GET / HTTP/1.0\r\nX: \xC3\xA9 \xE9\r\n\r\n"), GOOD},
    {"a tab in a value", TEXT("GET / HTTP/1.0\r\nX: a\tb\r\n\r\n"), GOOD},
    {"colons in a value", TEXT("GET / HTTP/1.0\r\nX: a:b: c\r\n\r\n"), GOOD},
    {"a field twice", TEXT("GET / HTTP/1.0\r\nX: a\r\nX: b\r\n\r\n"), GOOD},
    {"a name of all kinds of token characters",
     TEXT("GET / HTTP/1.0\r\n!#$%&'*+-.^_`|~09azAZ: a\r\n\r\n"), GOOD},

    {"obs-fold with a space", TEXT("GET / HTTP/1.0\r\nHost: a\r\n b\r\n\r\n"), 400},
    {"obs-fold with a tab", TEXT("GET / HTTP/1.0\r\nHost: a\r\n\tb\r\n\r\n"), 400},
    {"a folded first field", TEXT("GET / HTTP/1.0\r\n X: a\r\n\r\n"), 400},
    {"a line of one space", TEXT("GET / HTTP/1.0\r\nHost: a\r\n \r\n\r\n"), 400},
    {"a space before the colon", TEXT("GET / HTTP/1.0\r\nX : a\r\n\r\n"), 400},
    {"a tab before the colon", TEXT("GET / HTTP/1.0\r\nX\t: a\r\n\r\n"), 400},
    {"no name", TEXT("GET / HTTP/1.0\r\n: a\r\n\r\n"), 400},
    {"no colon", TEXT("GET / HTTP/1.0\r\nX\r\n\r\n"), 400},
    {"a space in a name", TEXT("GET / HTTP/1.0\r\nX Y: a\r\n\r\n"), 400},
    {"a name that is no token", TEXT("GET / HTTP/1.0\r\nX(Y): a\r\n\r\n"), 400},
    {"a name that is not ASCII", TEXT("GET / HTTP/1.0\r\nX\xC3\xA9: a\r\n\r\n"), 400},
};

static const struct http_case hosts[] = {
    {"a name", TEXT("GET / HTTP/1.1\r\nHost: live.example\r\n\r\n"), GOOD},
    {"a name and a port", TEXT("GET / HTTP/1.1\r\nHost: live.example:1234567890\r\n\r\n"),
     GOOD},
    {"an IPv4 address", TEXT("GET / HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n"), GOOD},
    {"an IPv6 address", TEXT("GET / HTTP/1.1\r\nHost: [::1]\r\n\r\n"), GOOD},
    {"an IPv6 address and a port", TEXT("GET / HTTP/1.1\r\nHost: [fe80::a:1.2.3.4]:80\r\n\r\n"),
     GOOD},
    {"an empty port", TEXT("GET / HTTP/1.1\r\nHost: a:\r\n\r\n"), GOOD},
    {"an empty Host: a client without a name for it", TEXT("GET / HTTP/1.1\r\nHost:\r\n\r\n"),
     GOOD},
    {"the field's name in small letters", TEXT("GET / HTTP/1.1\r\nhost: a\r\n\r\n"), GOOD},
    {"none in HTTP/1.0", TEXT("GET / HTTP/1.0\r\nX: y\r\n\r\n"), GOOD},

    {"no Host in HTTP/1.1", TEXT("GET / HTTP/1.1\r\n\r\n"), 400},
    {"no Host in HTTP/1.1, but others", TEXT("GET / HTTP/1.1\r\nHosts: a\r\nX: y\r\n\r\n"),
     400},
    {"no Host beside an absolute target", TEXT("GET http://a/ HTTP/1.1\r\n\r\n"), 400},
    {"two Hosts", TEXT("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), 400},
    {"the same Host twice", TEXT("GET / HTTP/1.1\r\nHost: a\r\nhOST: a\r\n\r\n"), 400},
    {"two Hosts in HTTP/1.0", TEXT("GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n"), 400},
    {"a bad Host in HTTP/1.0", TEXT("GET / HTTP/1.0\r\nHost: a b\r\n\r\n"), 400},
    {"a space in it", TEXT("GET / HTTP/1.1\r\nHost: a b\r\n\r\n"), 400},
    {"a path in it", TEXT("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"), 400},
    {"a user in it", TEXT("GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"), 400},
    {"a URL for it", TEXT("GET / HTTP/1.1\r\nHost: http://a\r\n\r\n"), 400},
    {"a port of letters", TEXT("GET / HTTP/1.1\r\nHost: a:http\r\n\r\n"), 400},
    {"two ports", TEXT("GET / HTTP/1.1\r\nHost: a:1:2\r\n\r\n"), 400},
    {"a bracket that stays open", TEXT("GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"), 400},
    {"a bracket that was never opened", TEXT("GET / HTTP/1.1\r\nHost: ::1]\r\n\r\n"), 400},
    {"empty brackets", TEXT("GET / HTTP/1.1\r\nHost: []\r\n\r\n"), 400},
    {"something behind the bracket", TEXT("GET / HTTP/1.1\r\nHost: [::1]a\r\n\r\n"), 400},
    {"a name in brackets", TEXT("GET / HTTP/1.1\r\nHost: [a b]\r\n\r\n"), 400},
    {"a name that is not ASCII", TEXT("GET / HTTP/1.1\r\nHost: \xC3\xA9\r\n\r\n"), 400},
    {"a list", TEXT("GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"), 400},
};

static const struct http_case contents[] = {
    {"Content-Length: 0", TEXT("GET / HTTP/1.0\r\nContent-Length: 0\r\n\r\n"), GOOD},
    {"Content-Length: 00", TEXT("GET / HTTP/1.0\r\nContent-Length: 00\r\n\r\n"), GOOD},
    {"twice the same Content-Length",
     TEXT("GET / HTTP/1.0\r\nContent-Length: 0\r\ncontent-length: 0\r\n\r\n"), GOOD},
    {"Expect: 100-continue without content",
     TEXT("GET / HTTP/1.1\r\n" HOST "Expect: 100-Continue\r\n\r\n"), GOOD},
    {"content for a method that is not ours: it gets its 405",
     TEXT("POST / HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\n"), GOOD},
    {"the same, chunked", TEXT("PUT / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"),
     GOOD},

    {"content", TEXT("GET / HTTP/1.0\r\nContent-Length: 1\r\n\r\n"), 413},
    {"content, with zeros before", TEXT("GET / HTTP/1.0\r\nContent-Length: 0010\r\n\r\n"), 413},
    {"more content than any integer counts",
     TEXT("GET / HTTP/1.0\r\nContent-Length: 184467440737095516160\r\n\r\n"), 413},
    {"chunked content", TEXT("GET / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"),
     413},
    {"content that would be continued",
     TEXT("GET / HTTP/1.1\r\n" HOST "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n"), 413},
    {"Content-Lengths that differ",
     TEXT("GET / HTTP/1.0\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n"), 400},
    {"Content-Lengths that differ, for any method",
     TEXT("POST / HTTP/1.0\r\nContent-Length: 6\r\nContent-Length: 5\r\n\r\n"), 400},
    {"a negative Content-Length", TEXT("GET / HTTP/1.0\r\nContent-Length: -1\r\n\r\n"), 400},
    {"a signed Content-Length", TEXT("GET / HTTP/1.0\r\nContent-Length: +0\r\n\r\n"), 400},
    {"a hexadecimal Content-Length", TEXT("GET / HTTP/1.0\r\nContent-Length: 0x0\r\n\r\n"),
     400},
    {"a Content-Length of words", TEXT("POST / HTTP/1.0\r\nContent-Length: ten\r\n\r\n"), 400},
    {"an empty Content-Length", TEXT("GET / HTTP/1.0\r\nContent-Length:\r\n\r\n"), 400},
    {"a space in Content-Length", TEXT("GET / HTTP/1.0\r\nContent-Length: 0 0\r\n\r\n"), 400},
    {"Transfer-Encoding beside Content-Length",
     TEXT("GET / HTTP/1.1\r\n" HOST "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n"),
     400},
    {"Transfer-Encoding in HTTP/1.0",
     TEXT("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400},
    {"a transfer coding that is not known",
     TEXT("GET / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip\r\n\r\n"), 501},
    {"another expectation", TEXT("GET / HTTP/1.1\r\n" HOST "Expect: miracles\r\n\r\n"), 417},
};

static void check_cases(const char *group, const struct http_case *cases, size_t n,
                        struct fence *f)
{
    for (size_t i = 0; i < n; i++)
        check_case(group, &cases[i], f);
}

#define CHECK(group, f) check_cases(#group, group, sizeof group / sizeof *group, f)

/* A request with a target of len bytes. */
static size_t with_target(char *head, size_t len)
{
    size_t at = 0;

    memcpy(head, "GET ", 4);
    at = 4;
    memset(head + at, 'a', len);
    head[at] = '/';
    at += len;
    memcpy(head + at, " HTTP/1.0\r\n\r\n", 13);
    return at + 13;
}

/* The same, with the longest method before it. */
static size_t with_longest_line(char *head, size_t len)
{
    size_t n = with_target(head + 29, len);

    memcpy(head, "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEF", 32);
    return 29 + n;
}

/* A request of len bytes in all. */
static size_t with_length(char *head, size_t len)
{
    static const char start[] = "GET / HTTP/1.0\r\nX: ";

    memset(head, 'x', len);
    memcpy(head, start, sizeof start - 1);
    memcpy(head + len - 4, "\r\n\r\n", 4);
    return len;
}

static size_t with_fields(char *head, size_t n)
{
    size_t at = (size_t)sprintf(head, "GET / HTTP/1.0\r\n");

    for (size_t i = 0; i < n; i++)
        at += (size_t)sprintf(head + at, "X-%zu: %zu\r\n", i, i);
    return at + (size_t)sprintf(head + at, "\r\n");
}

/* Empty lines before the request count, too, so a client can't send them for ever. */
static size_t with_empty_lines(char *head, size_t n)
{
    for (size_t i = 0; i < n; i++)
        memcpy(head + 2 * i, "\r\n", 2);
    memcpy(head + 2 * n, "GET / HTTP/1.0\r\n\r\n", 18);
    return 2 * n + 18;
}

/* A line that is too long is refused before it ends, whatever its end. */
static void long_lines(struct fence *f)
{
    char head[2 * HTTP_HEAD_MAX];
    struct http_request req;

    memset(head, 'a', sizeof head);
    memcpy(head, "GET /", 5);
    int rc = parse(fence_at_end(f, head, HTTP_HEAD_MAX), HTTP_HEAD_MAX, &req);
    tap_ok(rc == HTTP_BAD && req.status == 414,
           "limits: 414: a request line that does not end");

    struct http_case ends_badly = {"a target of 5000 bytes, then a control character", head,
                                   5000, 414};
    head[4999] = '\x01';
    check_case("limits", &ends_badly, f);

    with_length(head, HTTP_HEAD_MAX + 400);
    head[HTTP_HEAD_MAX + 200] = '\x01';
    struct http_case late = {"a head of 8592 bytes, wrong only behind the bound", head,
                             HTTP_HEAD_MAX + 400, 431};
    check_case("limits", &late, f);

    rc = parse(fence_at_end(f, head, HTTP_HEAD_MAX - 1), HTTP_HEAD_MAX - 1, &req);
    tap_is_int(rc, HTTP_INCOMPLETE,
               "limits: one byte less than the bound may still become a request");
    rc = parse(fence_at_end(f, head, HTTP_HEAD_MAX), HTTP_HEAD_MAX, &req);
    tap_ok(rc == HTTP_BAD && req.status == 431,
           "limits: 431: the bound is reached, and no end is there");
}

static void limits(struct fence *f)
{
    static const struct {
        const char *name;
        size_t (*make)(char *head, size_t n);
        size_t max;
        int status; /* one past the bound */
    } cases[] = {
        {"bytes in the target", with_target, HTTP_TARGET_MAX, 414},
        {"bytes in the target behind the longest method", with_longest_line, HTTP_TARGET_MAX,
         414},
        {"bytes in the head", with_length, HTTP_HEAD_MAX, 431},
        {"fields", with_fields, HTTP_FIELDS_MAX, 431},
        {"empty lines before the request", with_empty_lines, (HTTP_HEAD_MAX - 18) / 2, 431},
    };
    char head[2 * HTTP_HEAD_MAX], name[80];

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t past = 0; past < 2; past++) {
            size_t n = cases[i].max + past, len = cases[i].make(head, n);
            snprintf(name, sizeof name, "%zu %s", n, cases[i].name);
            struct http_case c = {name, head, len, past ? cases[i].status : GOOD};
            check_case("limits", &c, f);
        }
    long_lines(f);
}

int main(void)
{
    struct fence f;

    fence_init(&f, 2 * HTTP_HEAD_MAX);
    CHECK(request_lines, &f);
    CHECK(lines, &f);
    CHECK(fields, &f);
    CHECK(hosts, &f);
    CHECK(contents, &f);
    limits(&f);
    fence_free(&f);
    return tap_done();
}
