/*
 * http: what a good request is taken to say, what Accept prefers, how %-encoding is undone,
 * what a response head looks like.
 */
#include "service/http/http.h"

#include <time.h>

#include "tap.h"

/* What a good request is taken to say. */
static void meanings(void)
{
    static const struct {
        const char *head, *method, *path, *query;
        enum http_method kind;
        int minor;
    } cases[] = {
        {"GET / HTTP/1.0\r\n\r\n", "GET", "/", "", HTTP_GET, 0},
        {"\r\n\r\nHEAD /a/%2e?x=%20&y HTTP/1.1\r\nHost: a\r\n\r\n", "HEAD", "/a/%2e", "x=%20&y",
         HTTP_HEAD, 1},
        {"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS", "*", "", HTTP_OPTIONS, 1},
        {"OPTIONS /? HTTP/1.3\r\nHost: a\r\n\r\n", "OPTIONS", "/", "", HTTP_OPTIONS, 3},
        {"GET /a?b?c HTTP/1.0\r\n\r\n", "GET", "/a", "b?c", HTTP_GET, 0},
        {"GET http://a:8/b?c HTTP/1.0\r\n\r\n", "GET", "/b", "c", HTTP_GET, 0},
        {"GET http://a HTTP/1.0\r\n\r\n", "GET", "/", "", HTTP_GET, 0},
        {"GET https://a?b/c HTTP/1.0\r\n\r\n", "GET", "/", "b/c", HTTP_GET, 0},
        {"GET //a/b HTTP/1.0\r\n\r\n", "GET", "//a/b", "", HTTP_GET, 0},
        {"get / HTTP/1.0\r\n\r\n", "get", "/", "", HTTP_OTHER, 0},
        {"DELETE /x HTTP/1.0\r\n\r\n", "DELETE", "/x", "", HTTP_OTHER, 0},
    };
    struct http_request req;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int rc = http_parse(cases[i].head, strlen(cases[i].head), &req);
        bool same = rc > 0 && req.method == cases[i].kind && req.minor == cases[i].minor &&
                    span_is(req.method_name, cases[i].method);
        if (cases[i].kind != HTTP_OTHER)
            same =
                same && span_is(req.path, cases[i].path) && span_is(req.query, cases[i].query);
        if (!tap_ok(same, "%s of path '%s', query '%s', HTTP/1.%d", cases[i].method,
                    cases[i].path, cases[i].query, cases[i].minor))
            tap_diag_bytes("head", cases[i].head, strlen(cases[i].head));
    }
}

static void fields_are_found(void)
{
    static const char head[] = "GET / HTTP/1.1\r\nHost: a\r\nX-One: \t1 and 1\t \r\n"
                               "x-ONE: 2\r\nEmpty: \r\n\r\n";
    struct http_request req;

    http_parse(head, sizeof head - 1, &req);
    tap_is_int((int64_t)req.n_fields, 4, "each field is kept");
    const struct span *one = http_field(&req, "x-one"), *empty = http_field(&req, "EMPTY");
    tap_ok(one && span_is(*one, "1 and 1"),
           "http_field gives the first of a name, in any case, without white space around it");
    tap_ok(empty && empty->len == 0, "an empty field is there");
    tap_ok(!http_field(&req, "X-On") && !http_field(&req, "X-One:"), "others are not");
}

/* A request of one field of that value, or of two, the second behind a '|'. */
static struct http_request with_fields(const char *name, const char *values)
{
    static char head[512];
    const char *bar = strchr(values, '|');
    struct http_request req;

    snprintf(head, sizeof head, "GET / HTTP/1.0\r\n%s: %.*s\r\n%s%s%s%s\r\n", name,
             (int)(bar ? bar - values : (ptrdiff_t)strlen(values)), values, bar ? name : "",
             bar ? ": " : "", bar ? bar + 1 : "", bar ? "\r\n" : "");
    http_parse(head, strlen(head), &req);
    return req;
}

static void compression(void)
{
    static const struct {
        const char *accept;
        bool gzip;
    } cases[] = {
        {"gzip", true},
        {"GZip", true},
        {"x-gzip", true},
        {"deflate, gzip;q=1.0, *;q=0.5", true},
        {"br;q=1.0, gzip;q=0.001", true},
        {"*", true},
        {"br|gzip", true},
        {"", false},
        {"identity", false},
        {"gzip;q=0", false},
        {"gzip;q=0.000, *", false},
        {"*;q=0", false},
        {"*;q=0, gzip", true},
        {"gzip;q=x", false},
        {"gzipped", false},
        {"br, deflate", false},
        {"br|deflate", false},
    };
    struct http_request req = with_fields("Accept", "gzip");

    tap_ok(!http_accepts_gzip(&req), "without Accept-Encoding nothing is compressed");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        req = with_fields("Accept-Encoding", cases[i].accept);
        tap_ok(http_accepts_gzip(&req) == cases[i].gzip, "Accept-Encoding: '%s' %s gzip",
               cases[i].accept, cases[i].gzip ? "lets" : "does not let us");
    }
}

static void entity_tags(void)
{
    static const struct {
        const char *tags;
        bool has;
    } cases[] = {
        {"\"v1\"", true},
        {"W/\"v1\"", true},
        {"*", true},
        {"\"v0\", \"v1\"", true},
        {"\"v0\",\"v1\",\"v2\"", true},
        {"W/\"v0\", W/\"v1\"", true},
        {", ,\"v1\",", true},
        {"\"a,b\", \"v1\"", true},
        {"\"v0\"|\"v1\"", true},
        {"", false},
        {"v1", false},
        {"\"v1", false},
        {"v1\"", false},
        {"\"V1\"", false},
        {"w/\"v1\"", false},
        {"\"v11\"", false},
        {"\"\"", false},
        {"W/", false},
        {"\"", false},
        {"\",\"v1\"", false},
        {"*, \"v0\"", false},
    };
    struct http_request req = with_fields("If-Match", "\"v1\"");

    tap_ok(!http_has_tag(&req, "\"v1\""), "without If-None-Match no tag matches");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        req = with_fields("If-None-Match", cases[i].tags);
        tap_ok(http_has_tag(&req, "\"v1\"") == cases[i].has, "If-None-Match: %s %s \"v1\"",
               cases[i].tags, cases[i].has ? "names" : "does not name");
    }
}

static void preferences(void)
{
    static const char *const types[2] = {"text/event-stream", "application/json"};
    static const struct {
        const char *accept;
        int choice;
    } cases[] = {
        {"text/event-stream", 0},
        {"application/json", 1},
        {"*/*", 0},
        {"text/*", 0},
        {"application/*", 1},
        {"TEXT/Event-Stream", 0},
        {"", 0},
        {"text/html", -1},
        {"image/*", -1},
        {"text/event-stream-x", -1},
        {"text/html, application/json", 1},
        {"application/json, text/event-stream", 0},
        {"application/json, */*", 1},
        {"*/*, application/json", 1},
        {"application/json, text/*", 1},
        {"application/json;q=0.9, text/event-stream;q=0.8", 1},
        {"application/json;q=0.8, text/event-stream;q=0.9", 0},
        {"application/json; q=0.001, text/event-stream; q=0", 1},
        {"text/event-stream;q=0", -1},
        {"text/event-stream;q=0, */*", 1},
        {"*/*;q=0, application/json", 1},
        {"*/*;q=0", -1},
        {"*/*;q=0.000", -1},
        {"text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", 0},
        {"application/json;charset=utf-8", 1},
        {"application/json;charset=utf-8;q=0.5, text/event-stream;q=0.4", 1},
        {"  application/json  ;  q=1.0  ,", 1},
        {",,application/json,,", 1},
        {"application/json;Q=0.2, text/event-stream;q=0.1", 1},
        {"application/json;q=1.000", 1},
        {"application/json;q=0.", -1},
        {"application/json;q=0.999, text/event-stream", 0},
        {"application/json;q=0.002, text/event-stream;q=0.001", 1},
        {"application/json;q=2", -1}, /* a weight that is none: the range is not there */
        {"application/json;q=1.001", -1},
        {"application/json;q=0.1234", -1},
        {"application/json;q=10", -1},
        {"application/json;q=05", -1},
        {"application/json;q=", -1},
        {"application/json;q=.5", -1},
        {"application/json;q=-1", -1},
        {"application/json;q=high", -1},
        {"application/json;q=0.a", -1},
        {"application/json;q=0,5", -1},
        {"*", -1},
        {"garbage", -1},
        {";;;,===,q=1", -1},
        {"text/html|application/json", 1}, /* two fields are one list */
        {"application/json;q=0.5|text/event-stream", 0},
        {"|application/json", 1},
        {"text/html|", -1},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct http_request req = with_fields("Accept", cases[i].accept);
        tap_is_int(http_accept(&req, types), cases[i].choice, "Accept: '%s'", cases[i].accept);
    }
    struct http_request none = with_fields("Accept-Encoding", "gzip");
    tap_is_int(http_accept(&none, types), 0, "without Accept the first type is chosen");
}

static void unescaping(struct fence *f)
{
    static const struct {
        const char *in;
        bool plus;
        const char *out; /* NULL: refused */
    } cases[] = {
        {"", true, ""},
        {"abc", true, "abc"},
        {"%41%6a%6A", true, "Ajj"},
        {"%6f%6F%70", true, "oop"},
        {"a+b", true, "a b"},
        {"a+b", false, "a+b"},
        {"a%2Bb", true, "a+b"},
        {"%20", false, " "},
        {"%25%32%35", true, "%25"},
        {"%C3%A9", true, "\xC3\xA9"},
        {"%FF", true, "\xFF"},
        {"%0d%0A", true, "\r\n"},
        {"%", true, NULL},
        {"%4", true, NULL},
        {"a%", true, NULL},
        {"a%4", true, NULL},
        {"%4g", true, NULL},
        {"%g4", true, NULL},
        {"%%41", true, NULL},
        {"% 41", true, NULL},
        {"%+1", true, NULL},
        {"%00", true, NULL},
        {"a%00b", true, NULL},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t len = strlen(cases[i].in), want = cases[i].out ? strlen(cases[i].out) : 0;
        struct span in = {fence_at_end(f, cases[i].in, len), len};
        char out[16], *tight = f->front;
        int n = http_unescape(in, cases[i].plus, out, sizeof out);
        if (!cases[i].out) {
            tap_is_int(n, -1, "'%s' is not well-formed", cases[i].in);
            continue;
        }
        tap_is_bytes(out, n < 0 ? 0 : (size_t)n, cases[i].out, want, "'%s' unescaped, plus %s",
                     cases[i].in, cases[i].plus ? "is a space" : "stays");
        n = http_unescape(in, cases[i].plus, tight, want);
        tap_ok(n == (int)want &&
                   (want == 0 || http_unescape(in, cases[i].plus, tight, want - 1) == -1),
               "it fits into %zu bytes and not into one less", want);
    }
    tap_is_int(http_unescape((struct span){"a\0b", 3}, true, f->front, 8), -1,
               "a raw NUL is refused too");
}

static void responses(void)
{
    char memory[512];
    struct buf b;
    int wrong = 0;

    buf_init(&b, memory, sizeof memory);
    http_begin(&b, 404, 784111777, false);
    http_header(&b, "Allow", "GET, HEAD");
    http_end(&b);
    static const char expected[] = "HTTP/1.1 404 Not Found\r\n"
                                   "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                                   "Connection: close\r\n"
                                   "Allow: GET, HEAD\r\n\r\n";
    tap_is_bytes(b.at, b.len, expected, sizeof expected - 1, "a response head");

    for (int64_t date = 0; date < INT64_C(430) * 365 * 86400; date += 86399) {
        char text[64];
        time_t seconds = (time_t)date;
        strftime(text, sizeof text, "\r\nDate: %a, %d %b %Y %H:%M:%S GMT\r\n",
                 gmtime(&seconds));
        buf_clear(&b);
        http_begin(&b, 200, date, true);
        buf_putc(&b, '\0');
        if (!strstr(memory, text)) {
            tap_diag("%lld is not%s", (long long)date, text);
            wrong++;
            break;
        }
    }
    tap_is_int(wrong, 0, "dates up to the year 2400 are written as strftime does");

    static const int statuses[] = {200, 204, 400, 404, 405, 406, 408, 413,
                                   414, 417, 429, 431, 501, 503, 505};
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        tap_ok(strcmp(http_reason(statuses[i]), http_reason(599)) != 0, "%d has a reason: %s",
               statuses[i], http_reason(statuses[i]));
}

int main(void)
{
    struct fence f;

    fence_init(&f, 64);
    meanings();
    fields_are_found();
    preferences();
    compression();
    entity_tags();
    unescaping(&f);
    responses();
    fence_free(&f);
    return tap_done();
}
