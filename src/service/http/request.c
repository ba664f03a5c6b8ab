/* Parses request heads line by line, and refuses errors as soon as they appear. */
#include "service/http/http.h"

#define METHOD_MAX 32
/* A request line that is incomplete at this length is too long. */
#define LINE_MAX   (METHOD_MAX + HTTP_TARGET_MAX + (int)sizeof "  HTTP/1.1")

struct parser {
    const char *at, *end;
    struct http_request *req;
};

int http_refuse(struct http_request *req, int status, const char *reason)
{
    req->status = status;
    req->reason = reason;
    return HTTP_BAD;
}

static bool is_digits(struct span s)
{
    while (s.len > 0 && s.at[s.len - 1] >= '0' && s.at[s.len - 1] <= '9')
        s.len--;
    return s.len == 0;
}

/* RFC 9110, 5.6.2 */
static bool is_token(struct span s)
{
    return span_is_plain(s, "!#$%&'*+-.^_`|~");
}

/* Takes the next line without its CRLF.  Returns 1, HTTP_INCOMPLETE or HTTP_BAD. */
static int take_line(struct parser *p, struct span *line)
{
    *line = (struct span){p->at, 0};
    for (const char *at = p->at; at < p->end; at++, line->len++) {
        unsigned char c = (unsigned char)*at;
        if (c == '\n')
            return http_refuse(p->req, 400, "a line ends with a bare LF: lines end with CR LF");
        if (c == '\r') {
            if (at + 1 == p->end)
                return HTTP_INCOMPLETE;
            if (at[1] != '\n')
                return http_refuse(p->req, 400, "a CR is not followed by LF");
            p->at = at + 2;
            return 1;
        }
        if ((c < 0x20 && c != '\t') || c == 0x7F)
            return http_refuse(p->req, 400, "the request contains a control character");
    }
    return HTTP_INCOMPLETE;
}

static enum http_method method_of(struct span name)
{
    return span_is(name, "GET")       ? HTTP_GET
           : span_is(name, "HEAD")    ? HTTP_HEAD
           : span_is(name, "OPTIONS") ? HTTP_OPTIONS
                                      : HTTP_OTHER;
}

static int parse_version(struct http_request *req, struct span v)
{
    if (v.len != 8 || memcmp(v.at, "HTTP/", 5) != 0 || v.at[6] != '.' || v.at[5] < '0' ||
        v.at[5] > '9' || v.at[7] < '0' || v.at[7] > '9')
        return http_refuse(req, 400, "the request line is not METHOD TARGET HTTP/1.1");
    if (v.at[5] != '1')
        return http_refuse(req, 505, "this server speaks HTTP/1.0 and HTTP/1.1");
    req->minor = v.at[7] - '0';
    return 1;
}

/* RFC 9110, 7.2: uri-host [":" port]; may be empty. */
static bool is_host(struct span host)
{
    struct span name;

    if (host.len > 0 && host.at[0] == '[') {
        name = span_cut(&host, ']');
        name.at++, name.len--;
        if (!span_is_plain(name, ":.") || name.at[name.len] != ']' ||
            span_cut(&host, ':').len > 0)
            return false;
    } else {
        name = span_cut(&host, ':');
        if (name.len > 0 && !span_is_plain(name, "-._~!$&'()*+,;=%"))
            return false;
    }
    return is_digits(host);
}

/* Rejects what RFC 3986 excludes from URLs: white space, controls, raw UTF-8, fragments. */
static bool is_url_text(struct span s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] <= ' ' || s.at[i] > '~' || s.at[i] == '#')
            return false;
    return true;
}

/* RFC 9112, 3.2: origin-form, absolute-form, and "*" for OPTIONS. */
static int parse_target(struct http_request *req, struct span target)
{
    struct span rest = target;

    if (target.len > 0 && target.at[0] != '/' && !span_is(target, "*")) {
        struct span scheme = span_cut(&rest, ':');
        if ((!span_is_nocase(scheme, "http") && !span_is_nocase(scheme, "https")) ||
            rest.len < 3 || memcmp(rest.at, "//", 2) != 0)
            return http_refuse(req, 400, "the target is neither a path nor an http URL");
        rest.at += 2;
        rest.len -= 2;
        struct span authority = {rest.at, 0};
        while (rest.len > 0 && rest.at[0] != '/' && rest.at[0] != '?')
            rest.at++, rest.len--, authority.len++;
        if (authority.len == 0 || authority.at[0] == ':' || !is_host(authority))
            return http_refuse(req, 400, "the target's host is not a host");
    } else if (target.len == 0 || (target.at[0] == '*' && req->method != HTTP_OPTIONS)) {
        return http_refuse(req, 400, "the target is neither a path nor an http URL");
    }
    req->path = span_cut(&rest, '?');
    req->query = rest;
    if (req->path.len == 0) /* http://host and http://host?query */
        req->path = span_of("/");
    return 1;
}

static int parse_request_line(struct http_request *req, struct span line)
{
    struct span rest = line;
    struct span method = span_cut(&rest, ' ');
    struct span target = span_cut(&rest, ' ');

    if (!is_token(method) || method.len > METHOD_MAX)
        return http_refuse(req, 400, "the request line does not begin with a method");
    req->method = method_of(method);
    req->method_name = method;
    if (target.len > HTTP_TARGET_MAX)
        return http_refuse(req, 414, "the target is longer than 2048 bytes");
    if (parse_version(req, rest) < 0)
        return HTTP_BAD;
    if (!is_url_text(target))
        return http_refuse(req, 400, "the target contains a character that a URL must not");
    if (req->method == HTTP_OTHER) { /* CONNECT's target has another form */
        req->path = target;
        return 1;
    }
    return parse_target(req, target);
}

static int parse_field(struct http_request *req, struct span line)
{
    struct span value = line;

    if (line.at[0] == ' ' || line.at[0] == '\t')
        return http_refuse(req, 400, "a header field is folded over two lines");
    struct span name = span_cut(&value, ':');
    if (name.len == line.len || !is_token(name))
        return http_refuse(req, 400, "a header field is not NAME: VALUE");
    if (req->n_fields == HTTP_FIELDS_MAX)
        return http_refuse(req, 431, "there are more than 64 header fields");
    req->fields[req->n_fields++] = (struct http_field){name, span_trim(value)};
    return 1;
}

static int check_host(struct http_request *req)
{
    size_t hosts = 0;

    for (size_t i = 0; i < req->n_fields; i++) {
        if (!span_is_nocase(req->fields[i].name, "Host"))
            continue;
        if (++hosts > 1)
            return http_refuse(req, 400, "there are two Host fields");
        if (!is_host(req->fields[i].value))
            return http_refuse(req, 400, "the Host field is not a host");
    }
    if (hosts == 0 && req->minor >= 1)
        return http_refuse(req, 400, "HTTP/1.1 needs a Host field");
    return 1;
}

/* Strips leading zeros from a number; false if it is not all digits. */
static bool content_length(struct span *value)
{
    if (value->len == 0 || !is_digits(*value))
        return false;
    while (value->len > 1 && value->at[0] == '0')
        value->at++, value->len--;
    return true;
}

/* RFC 9112, 6.3.  Invalid framing is refused for any method; content only for known ones, as
 * others get 405. */
static int check_content(struct http_request *req)
{
    struct span length = {NULL, 0};
    const struct span *coding = http_field(req, "Transfer-Encoding");

    for (size_t i = 0; i < req->n_fields; i++) {
        struct span value = req->fields[i].value;
        if (!span_is_nocase(req->fields[i].name, "Content-Length"))
            continue;
        if (!content_length(&value))
            return http_refuse(req, 400, "Content-Length is not a number");
        if (length.at &&
            (length.len != value.len || memcmp(length.at, value.at, value.len) != 0))
            return http_refuse(req, 400, "two Content-Length fields contradict each other");
        length = value;
    }
    if (coding && (length.at || req->minor == 0))
        return http_refuse(
            req, 400, "Transfer-Encoding can't be combined with Content-Length or HTTP/1.0");
    if (req->method == HTTP_OTHER)
        return 1;
    if (coding && !span_is_nocase(*coding, "chunked"))
        return http_refuse(req, 501, "this transfer coding is not supported");
    if (coding || (length.at && !span_is(length, "0")))
        return http_refuse(req, 413, "requests must not have content");
    const struct span *expect = http_field(req, "Expect");
    if (expect && !span_is_nocase(*expect, "100-continue"))
        return http_refuse(req, 417, "the only expectation supported is 100-continue");
    return 1;
}

/* Returns 1 once all fields and the empty line are there. */
static int parse_fields(struct parser *p)
{
    struct span line;
    int rc;

    while ((rc = take_line(p, &line)) == 1 && line.len > 0)
        if ((rc = parse_field(p->req, line)) < 0)
            return rc;
    return rc;
}

/* Whether an incomplete head can still become valid. */
static int incomplete(struct parser *p, const char *bytes, const char *line)
{
    bool in_request_line = p->req->method_name.len == 0;

    if (in_request_line && p->end - line > LINE_MAX)
        return http_refuse(p->req, 414, "the target is longer than 2048 bytes");
    if (p->end - bytes >= HTTP_HEAD_MAX)
        return http_refuse(p->req, 431, "the request head is longer than 8192 bytes");
    return HTTP_INCOMPLETE;
}

/* RFC 9112, 2.2: skips empty lines before the request.  Looks no further than the longest valid
 * line, so the answer to a longer one does not depend on how much has arrived. */
static int take_request_line(struct parser *p, struct span *line)
{
    const char *end = p->end;
    int rc;

    do {
        if (end - p->at > LINE_MAX + 1)
            p->end = p->at + LINE_MAX + 1;
        rc = take_line(p, line);
        p->end = end;
    } while (rc == 1 && line->len == 0);
    return rc;
}

void http_request_init(struct http_request *req)
{
    memset(req, 0, offsetof(struct http_request, fields));
    req->method = HTTP_OTHER;
}

int http_parse(const char *bytes, size_t len, struct http_request *req)
{
    const char *end = bytes + (len < HTTP_HEAD_MAX ? len : HTTP_HEAD_MAX);
    struct parser p = {.at = bytes, .end = end, .req = req};
    struct span line;
    int rc;
    http_request_init(req);
    if ((rc = take_request_line(&p, &line)) < 0)
        return rc == HTTP_INCOMPLETE ? incomplete(&p, bytes, line.at) : rc;
    if ((rc = parse_request_line(req, line)) < 0)
        return rc;
    if ((rc = parse_fields(&p)) < 0)
        return rc == HTTP_INCOMPLETE ? incomplete(&p, bytes, line.at) : rc;
    if (check_host(req) < 0 || check_content(req) < 0)
        return HTTP_BAD;
    return (int)(p.at - bytes);
}

const struct span *http_field(const struct http_request *req, const char *name)
{
    for (size_t i = 0; i < req->n_fields; i++)
        if (span_is_nocase(req->fields[i].name, name))
            return &req->fields[i].value;
    return NULL;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

int http_unescape(struct span s, bool plus, char *out, size_t cap)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        if (c == '%') {
            int high = i + 1 < s.len ? hex_digit(s.at[i + 1]) : -1;
            int low = i + 2 < s.len ? hex_digit(s.at[i + 2]) : -1;
            if (high < 0 || low < 0)
                return -1;
            c = (char)(high << 4 | low);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        if (c == '\0' || n == cap)
            return -1;
        out[n++] = c;
    }
    return (int)n;
}
