/* cgi: the request that the environment of a CGI program stands for. */
#include "service/http/http.h"

#include "tap.h"

#define ENVIRONMENT(...)                                                                       \
    (const char *const[])                                                                      \
    {                                                                                          \
        __VA_ARGS__, NULL                                                                      \
    }

struct asked {
    char head[HTTP_HEAD_MAX];
    struct http_request req;
    int parsed;
};

static void ask(struct asked *a, const char *const *environment)
{
    struct buf head;

    buf_init(&head, a->head, sizeof a->head);
    a->parsed = cgi_request(environment, &head, &a->req);
}

static void test_meaning(void)
{
    struct asked a;

    ask(&a, ENVIRONMENT("GATEWAY_INTERFACE=CGI/1.1", "REQUEST_METHOD=GET",
                        "SCRIPT_NAME=/cgi-bin/livescore", "PATH_INFO=/livescore",
                        "QUERY_STRING=match=a%20b&batch=2", "HTTP_LAST_EVENT_ID=42",
                        "HTTP_ACCEPT=text/event-stream", "HTTP_HOST=example.org:80",
                        "SERVER_PROTOCOL=HTTP/1.1", "PATH=/bin", "CONTENT_LENGTH="));
    tap_ok(a.parsed > 0, "the variables of a CGI request are a request");
    tap_is_int(a.req.method, HTTP_GET, "the method of a CGI request is REQUEST_METHOD");
    tap_ok(span_is(a.req.path, "/livescore"), "the path of a CGI request is PATH_INFO");
    tap_ok(span_is(a.req.query, "match=a%20b&batch=2"),
           "the query of a CGI request is QUERY_STRING as it is");
    tap_ok(http_field(&a.req, "Last-Event-ID") &&
               span_is(*http_field(&a.req, "Last-Event-ID"), "42"),
           "HTTP_LAST_EVENT_ID is Last-Event-ID");
    tap_is_int((int64_t)a.req.n_fields, 3,
               "a variable without the prefix HTTP_ is not a field");
    tap_is_int((int64_t)a.req.folder.len, 0, "a request with a path is not redirected");

    ask(&a, ENVIRONMENT("REQUEST_METHOD=GET", "PATH_INFO=/a b/\xC3\xA9%?#\"<\x01"));
    tap_ok(a.parsed > 0 && span_is(a.req.path, "/a%20b/%C3%A9%25%3F%23%22%3C%01"),
           "a path is %%-encoded again");
    char path[64];
    int len = http_unescape(a.req.path, false, path, sizeof path);
    tap_is_bytes(path, (size_t)(len > 0 ? len : 0), "/a b/\xC3\xA9%?#\"<\x01", 13,
                 "a path that is unescaped again is what it was");

    ask(&a, ENVIRONMENT("REQUEST_METHOD=HEAD", "PATH_INFO=/"));
    tap_ok(a.parsed > 0 && a.req.method == HTTP_HEAD && a.req.query.len == 0,
           "a request may have nothing but a method and a path");
    ask(&a, ENVIRONMENT("REQUEST_METHOD=GET", "HTTP_CONNECTION=close", "HTTP_EXPECT=x",
                        "HTTP_TRANSFER_ENCODING=chunked", "HTTP_CONTENT_LENGTH=7"));
    tap_ok(a.parsed > 0 && a.req.n_fields == 0, "what the server dealt with is left out");
}

static void test_folder(void)
{
    struct asked a;

    ask(&a, ENVIRONMENT("REQUEST_METHOD=GET", "SCRIPT_NAME=/cgi-bin/live score",
                        "QUERY_STRING=a=b"));
    tap_ok(a.parsed > 0 && span_is(a.req.folder, "live%20score"),
           "without PATH_INFO the URL lacks its slash, behind the program's name");
    tap_ok(span_is(a.req.query, "a=b"), "the query is kept where PATH_INFO is missing");
    ask(&a, ENVIRONMENT("REQUEST_METHOD=GET", "SCRIPT_NAME=/cgi-bin/livescore", "PATH_INFO="));
    tap_ok(a.parsed > 0 && span_is(a.req.folder, "livescore"),
           "an empty PATH_INFO is treated as a missing one");
    ask(&a, ENVIRONMENT("REQUEST_METHOD=GET", "SCRIPT_NAME="));
    tap_ok(a.parsed > 0 && a.req.folder.len == 0 && span_is(a.req.path, "/"),
           "a program at the root has no name: its path is /");
    ask(&a, ENVIRONMENT("REQUEST_METHOD=GET", "SCRIPT_NAME=/x", "PATH_INFO=/index.html"));
    tap_ok(a.parsed > 0 && a.req.folder.len == 0 && span_is(a.req.path, "/"),
           "/index.html is the page, for servers whose URLs can't end with a slash");
}

static void test_faults(void)
{
    static const struct {
        const char *environment[4];
        int status;
        const char *what;
    } cases[] = {
        {{"PATH_INFO=/"}, 400, "no method"},
        {{"REQUEST_METHOD="}, 400, "an empty method"},
        {{"REQUEST_METHOD=GET", "PATH_INFO=livescore"}, 400, "a path without a slash"},
        {{"REQUEST_METHOD=GET", "QUERY_STRING=a b"}, 400, "a query with a space"},
        {{"REQUEST_METHOD=GET", "HTTP_X=a\r\nHost: b"}, 400, "a line end in a field"},
        {{"REQUEST_METHOD=GET / HTTP/1.0\r\n\r\n"}, 400, "a line end in the method"},
        {{"REQUEST_METHOD=GET", "QUERY_STRING=a\nb"}, 400, "a line end in the query"},
        {{"REQUEST_METHOD=GET", "HTTP_X Y=1"}, 400, "a space in a name"},
        {{"REQUEST_METHOD=GET", "HTTP_HOST=a b"}, 400, "an invalid host"},
        {{"REQUEST_METHOD=GET", "CONTENT_LENGTH=1"}, 413, "content"},
        {{"REQUEST_METHOD=GET", "CONTENT_LENGTH=x"}, 400, "content of length x"},
    };
    struct asked a;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ask(&a, cases[i].environment);
        tap_ok(a.parsed == HTTP_BAD && a.req.status == cases[i].status && a.req.reason,
               "%s is answered with %d", cases[i].what, cases[i].status);
    }
    ask(&a, ENVIRONMENT("REQUEST_METHOD=GET", "X=a\r\nb", "CONTENT_LENGTH=0"));
    tap_ok(a.parsed > 0, "a line end in another variable and an empty body are accepted");
    ask(&a, ENVIRONMENT("REQUEST_METHOD=POST"));
    tap_ok(a.parsed > 0 && a.req.method == HTTP_OTHER, "another method is a request as well");
}

/* A variable with a value of that many bytes, in memory that the next call reuses. */
static char *filled(const char *name, size_t len)
{
    static char text[2 * HTTP_HEAD_MAX];
    size_t start = (size_t)snprintf(text, sizeof text, "%s=/", name);

    memset(text + start, 'a', len - 1);
    text[start + len - 1] = '\0';
    return text;
}

static void test_bounds(void)
{
    struct asked a;

    ask(&a, ENVIRONMENT("REQUEST_METHOD=GET", filled("PATH_INFO", HTTP_TARGET_MAX)));
    tap_ok(a.parsed > 0 && a.req.path.len == HTTP_TARGET_MAX, "a path of 2048 bytes is taken");
    ask(&a, ENVIRONMENT("REQUEST_METHOD=GET", filled("PATH_INFO", HTTP_TARGET_MAX + 1)));
    tap_ok(a.parsed == HTTP_BAD && a.req.status == 414, "a path of 2049 bytes is too long");
    /* beside the value: "GET / HTTP/1.0", "X: " and three line ends */
    size_t room = HTTP_HEAD_MAX - 14 - 3 - 6;
    ask(&a, ENVIRONMENT("REQUEST_METHOD=GET", filled("HTTP_X", room)));
    tap_is_int(a.parsed, HTTP_HEAD_MAX, "a head of 8192 bytes is taken");
    ask(&a, ENVIRONMENT("REQUEST_METHOD=GET", filled("HTTP_X", room + 1)));
    tap_ok(a.parsed == HTTP_BAD && a.req.status == 431, "a head of 8193 bytes is too long");
    ask(&a, ENVIRONMENT("REQUEST_METHOD=GET", "SCRIPT_NAME=/x", filled("HTTP_X", room)));
    tap_ok(a.parsed == HTTP_BAD && a.req.status == 431,
           "a head that SCRIPT_NAME makes larger than 8192 bytes is too long");

    const char *variables[HTTP_FIELDS_MAX + 3] = {"REQUEST_METHOD=GET"};
    for (size_t i = 0; i < HTTP_FIELDS_MAX; i++)
        variables[i + 1] = "HTTP_X=1";
    ask(&a, variables);
    tap_ok(a.parsed > 0 && a.req.n_fields == HTTP_FIELDS_MAX, "64 fields are taken");
    variables[HTTP_FIELDS_MAX + 1] = "HTTP_X=1";
    ask(&a, variables);
    tap_ok(a.parsed == HTTP_BAD && a.req.status == 431, "65 fields are too many");
}

static void test_body(void)
{
    tap_is_int(cgi_body_length(ENVIRONMENT("CONTENT_LENGTH=200000")), 200000,
               "CONTENT_LENGTH is what there is to skip");
    tap_is_int(cgi_body_length(ENVIRONMENT("CONTENT_LENGTH=")), 0,
               "an empty CONTENT_LENGTH is no body");
    tap_is_int(cgi_body_length(ENVIRONMENT("HTTP_CONTENT_LENGTH=7")), 0,
               "a missing CONTENT_LENGTH is no body");
    tap_is_int(cgi_body_length(ENVIRONMENT("CONTENT_LENGTH=-1")), 0,
               "a negative CONTENT_LENGTH is no body");
    tap_is_int(cgi_body_length(ENVIRONMENT("CONTENT_LENGTH=99999999999999999999")), 0,
               "a CONTENT_LENGTH larger than a number can hold is no body");
}

int main(void)
{
    test_meaning();
    test_folder();
    test_faults();
    test_bounds();
    test_body();
    return tap_done();
}
