/* Rebuilds a request head from CGI's variables. */
#include "service/http/http.h"

static const char *lookup(const char *const *environment, const char *name)
{
    size_t len = strlen(name);

    for (; *environment; environment++)
        if (strncmp(*environment, name, len) == 0 && (*environment)[len] == '=')
            return *environment + len + 1;
    return "";
}

/* Restores the %-encoding, which the server has undone. */
static void put_path(struct buf *b, const char *path)
{
    for (; *path; path++)
        if (span_is_plain((struct span){path, 1}, "/-._~!$&'()*+,;=:@"))
            buf_putc(b, *path);
        else
            buf_printf(b, "%%%02X", (unsigned char)*path);
}

/* Fields between the server and its client, which the server has handled. */
static bool is_the_servers(const char *name, size_t len)
{
    struct span span = {name, len};

    return span_is(span, "CONNECTION") || span_is(span, "CONTENT_LENGTH") ||
           span_is(span, "EXPECT") || span_is(span, "TRANSFER_ENCODING") ||
           span_is(span, "UPGRADE");
}

/* HTTP_LAST_EVENT_ID=7 becomes Last-Event-ID: 7. */
static void put_field(struct buf *b, const char *variable)
{
    static const char prefix[] = "HTTP_";
    const char *name = variable + sizeof prefix - 1, *end = strchr(variable, '=');

    if (strncmp(variable, prefix, sizeof prefix - 1) != 0 || !end ||
        is_the_servers(name, (size_t)(end - name)))
        return;
    for (; name < end; name++)
        buf_putc(b, *name == '_' ? '-' : *name);
    buf_puts(b, ": ");
    buf_puts(b, end + 1);
    buf_puts(b, "\r\n");
}

/* A line end in a value would end its field. */
static bool has_line_end(const char *const *environment)
{
    for (; *environment; environment++)
        if (strpbrk(*environment, "\r\n") &&
            (strncmp(*environment, "HTTP_", 5) == 0 ||
             strncmp(*environment, "REQUEST_METHOD=", 15) == 0 ||
             strncmp(*environment, "QUERY_STRING=", 13) == 0 ||
             strncmp(*environment, "CONTENT_LENGTH=", 15) == 0))
            return true;
    return false;
}

static void put_head(struct buf *b, const char *const *environment)
{
    const char *path = lookup(environment, "PATH_INFO");
    const char *query = lookup(environment, "QUERY_STRING");
    const char *length = lookup(environment, "CONTENT_LENGTH");

    buf_puts(b, lookup(environment, "REQUEST_METHOD"));
    buf_putc(b, ' ');
    /* CGI_INDEX is the page for servers whose URLs can't end with a slash (busybox httpd) */
    put_path(b, *path && strcmp(path, CGI_INDEX) != 0 ? path : "/");
    if (*query)
        buf_putc(b, '?');
    buf_puts(b, query);
    buf_puts(b, " HTTP/1.0\r\n");
    for (const char *const *variable = environment; *variable; variable++)
        put_field(b, *variable);
    if (*length) {
        buf_puts(b, "Content-Length: ");
        buf_puts(b, length);
        buf_puts(b, "\r\n");
    }
    buf_puts(b, "\r\n");
}

int cgi_request(const char *const *environment, struct buf *head, struct http_request *req)
{
    const char *script = lookup(environment, "SCRIPT_NAME"), *slash = strrchr(script, '/');
    size_t len;
    int parsed;

    http_request_init(req);
    if (has_line_end(environment))
        return http_refuse(req, 400, "a variable contains a line end");
    put_head(head, environment);
    len = head->len;
    if (head->full)
        return http_refuse(req, 431, "the request head is longer than 8192 bytes");
    parsed = http_parse(head->at, len, req);
    if (parsed > 0 && *script && !*lookup(environment, "PATH_INFO")) {
        put_path(head, slash ? slash + 1 : script);
        if (head->full)
            return http_refuse(req, 431, "the request head is longer than 8192 bytes");
        req->folder = (struct span){head->at + len, head->len - len};
    }
    return parsed;
}

int64_t cgi_body_length(const char *const *environment)
{
    int64_t length;

    return span_to_int(span_of(lookup(environment, "CONTENT_LENGTH")), INT64_MAX, &length) < 0
               ? 0
               : length;
}
