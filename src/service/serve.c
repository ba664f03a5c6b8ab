/* Reads a request, finds its route, logs how it went. */
#include "service/serve.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "service/http/cgi.h"
#include "service/http/proxy.h"
#include "service/http/token.h"
#include "service/routes/routes.h"

#define PATH_LOG_MAX 256 /* bytes of a path in a log line */

/* A request head, or what there was of one. */
struct head {
    char bytes[HTTP_HEAD_MAX];
    size_t len;
    int parsed;       /* as http_parse returned */
    int64_t deadline; /* for all of it */
};

/* Reads some more: 0, or -1 if there is no more.  Then what to answer is in the request,
 * or nobody is there to answer. */
static int read_more(struct exchange *x, struct head *head)
{
    ssize_t n = conn_read(x->conn, head->bytes + head->len, sizeof head->bytes - head->len,
                          head->deadline);

    if (n > 0) {
        head->len += (size_t)n;
        return 0;
    }
    bool slow = n < 0 && strcmp(x->conn->why, "timeout") == 0;
    x->req.status = slow ? 408 : n == 0 && head->len > 0 ? 400 : 0;
    x->req.reason = slow ? "the request did not come in time" : "the request ends too soon";
    if (n == 0)
        x->conn->why = "client-closed";
    return -1;
}

/* What the proxy says before the request: 0, or -1 with nothing to answer, since who that is
 * does not speak HTTP. */
static int read_proxy_header(struct exchange *x, struct head *head)
{
    struct address client = x->conn->address;
    int n;

    do {
        if (read_more(x, head) < 0) {
            x->req.status = 0;
            return -1;
        }
        n = proxy_parse(head->bytes, head->len, &client);
    } while (n == HTTP_INCOMPLETE);
    if (n < 0) {
        x->conn->why = "no-proxy-header";
        return -1;
    }
    conn_set_peer(x->conn, &client);
    head->len -= (size_t)n;
    memmove(head->bytes, head->bytes + n, head->len);
    return 0;
}

/* A body is of no use here, but there are servers that call it our failure if not all of it is
 * read (fcgiwrap), and those that read no answer before it is. */
static int read_environment(struct exchange *x, struct head *head)
{
    struct buf bytes;

    conn_skip(x->conn, cgi_body_length((const char *const *)environ), head->deadline);
    buf_init(&bytes, head->bytes, sizeof head->bytes);
    head->parsed = cgi_request((const char *const *)environ, &bytes, &x->req);
    head->len = bytes.len;
    return head->parsed > 0 ? 0 : -1;
}

/* 0, or -1 as above. */
static int read_head(struct exchange *x, struct head *head)
{
    head->len = 0;
    head->parsed = HTTP_INCOMPLETE;
    head->deadline = clock_ms() + x->config->head_ms;
    if (x->cgi)
        return read_environment(x, head);
    if (x->config->proxy_protocol && read_proxy_header(x, head) < 0)
        return -1;
    if (head->len > 0)
        head->parsed = http_parse(head->bytes, head->len, &x->req);
    while (head->parsed == HTTP_INCOMPLETE) {
        if (read_more(x, head) < 0)
            return -1;
        head->parsed = http_parse(head->bytes, head->len, &x->req);
    }
    return head->parsed > 0 ? 0 : -1;
}

/* Who asks, if that is for a proxy to say. */
static void find_client(struct exchange *x)
{
    const struct config *config = x->config;
    struct address client = x->conn->address;

    if (!network_any(config->trusted, config->n_trusted, &client))
        return;
    proxy_forwarded(&x->req, config->trusted, config->n_trusted, &client);
    conn_set_peer(x->conn, &client);
}

/* 0 to serve it, or the status to answer instead. */
static int admit(struct exchange *x, const struct visit *visit)
{
    find_client(x);
    return visit->refuse ? visit->refuse
                         : slots_claim(&visit->claim, address_client(&x->conn->address));
}

static void answer_options(struct exchange *x)
{
    exchange_begin(x, 204, NULL);
    http_header(&x->out, "Allow", "GET, HEAD, OPTIONS");
    if (http_field(&x->req, "Access-Control-Request-Method")) {
        http_header(&x->out, "Access-Control-Allow-Methods", "GET, HEAD, OPTIONS");
        http_header(&x->out, "Access-Control-Allow-Headers",
                    "Authorization, Last-Event-ID, Cache-Control");
        http_header(&x->out, "Access-Control-Max-Age", "86400");
    }
    exchange_end(x);
    exchange_flush(x);
}

/* The cursor in the header wins: a browser that reconnects adds it to the URL
 * that it began with. */
static void take_cursor(struct exchange *x)
{
    const struct span *id = http_field(&x->req, "Last-Event-ID");
    struct cursor cursor = cursor_parse(id ? *id : (struct span){"", 0});

    if (cursor.kind != CURSOR_NONE)
        x->query.cursor = cursor;
}

static void answer_livescore(struct exchange *x)
{
    static const char *const types[2] = {"text/event-stream", "application/json"};
    int accepted = http_accept(&x->req, types);

    if (query_parse(&x->query, x->req.query) < 0) {
        exchange_problem(x, 400, x->query.error);
        return;
    }
    take_cursor(x);
    if (x->query.json || (!x->query.stream && accepted == 1))
        route_events(x);
    else if (x->query.stream || accepted == 0)
        route_stream(x);
    else
        exchange_problem(x, 406, "there are text/event-stream and application/json here");
}

/* From a URL that has no slash behind it to the page, so that its links lead to its files. */
static void answer_redirect(struct exchange *x)
{
    struct buf *out = &x->out;

    exchange_begin(x, 308, NULL);
    if (exchange_reserve(x, x->req.folder.len + x->req.query.len + 64) < 0)
        return;
    buf_puts(out, "Location: ");
    buf_put(out, x->req.folder.at, x->req.folder.len);
    buf_puts(out, CGI_INDEX);
    if (x->req.query.len > 0)
        buf_putc(out, '?');
    buf_put(out, x->req.query.at, x->req.query.len);
    buf_puts(out, "\r\n");
    exchange_end(x);
    exchange_flush(x);
}

/*
 * Whether the request may be answered with what is behind the path; if not, it is answered.
 * Apart, so that the file's bytes are on no other request's stack.
 */
__attribute__((noinline)) static bool authorize(struct exchange *x)
{
    char file[AUTH_FILE_MAX], memory[AUTH_TOKEN_MAX];
    struct span tokens, token;
    const char *why;

    if (auth_read(x->config->token_file, file, &tokens, &why) < 0) {
        log_line(&x->config->log, LOG_ERR, "%s: %s", x->config->token_file, why);
        x->exit_status = EX_CONFIG;
        exchange_problem(x, 503, "the tokens can't be read");
        return false;
    }
    int brought = auth_token(&x->req, memory, &token);
    if (brought == 1 && auth_has(tokens, token))
        return true;
    exchange_problem(x, 401,
                     brought == 0 ? "a token is needed: Authorization: Bearer, or ?token="
                                  : "this token is not known here");
    return false;
}

/* Health is everybody's, and so are the files of a page, which has to ask for them. */
static bool is_open(const struct exchange *x, const char *path)
{
    return !x->config->token_file || strcmp(path, "/healthz") == 0 || route_is_file(path);
}

static void answer(struct exchange *x)
{
    char path[HTTP_TARGET_MAX + 1];
    int len = http_unescape(x->req.path, false, path, HTTP_TARGET_MAX);

    if (x->req.method == HTTP_OTHER) {
        exchange_problem(x, 405, "only GET, HEAD and OPTIONS are served");
    } else if (len < 0) {
        exchange_problem(x, 400, "the path is not well %-encoded");
    } else if (x->req.method == HTTP_OPTIONS) {
        answer_options(x);
    } else if (x->req.folder.len > 0) {
        answer_redirect(x);
    } else {
        path[len] = '\0';
        if (!is_open(x, path) && !authorize(x))
            return;
        if (strcmp(path, "/livescore") == 0)
            answer_livescore(x);
        else if (strcmp(path, "/matches") == 0)
            route_matches(x);
        else if (strcmp(path, "/healthz") == 0)
            route_health(x);
        else if (!route_page(x, path))
            exchange_problem(x, 404, "there are /, /livescore, /matches and /healthz here");
    }
}

/* The path as it was sent, never the query: a token might be in it. */
static void log_exchange(const struct exchange *x, int64_t began)
{
    int64_t ms = clock_ms() - began;
    struct span path = x->req.path, method = x->req.method_name;

    log_line(&x->config->log, LOG_INFO,
             "peer=%s method=%.*s path=%.*s status=%d events=%lld bytes=%llu "
             "seconds=%lld.%03lld last_id=%lld why=%s",
             x->conn->peer, method.len ? (int)method.len : 1, method.len ? method.at : "-",
             path.len > PATH_LOG_MAX ? PATH_LOG_MAX
             : path.len              ? (int)path.len
                                     : 1,
             path.len ? path.at : "-", x->status, (long long)x->events,
             (unsigned long long)x->conn->sent, (long long)(ms / 1000), (long long)(ms % 1000),
             (long long)x->last_id, x->conn->why ? x->conn->why : "served");
}

int serve(const struct config *config, const struct visit *visit)
{
    int64_t began = clock_ms();
    struct head head;
    struct exchange x;
    struct conn conn;
    int refuse;

    conn_init(&conn, visit->in, visit->out, config->write_ms);
    exchange_init(&x, config, &conn);
    x.cgi = visit->cgi;
    if (read_head(&x, &head) < 0) {
        if (x.req.status > 0)
            exchange_problem(&x, x.req.status, x.req.reason);
    } else if ((refuse = admit(&x, visit)) != 0) {
        exchange_problem(&x, refuse, "there are too many connections: come back later");
    } else {
        answer(&x);
    }
    if (head.parsed != (int)head.len) /* there was more than a request, or less */
        conn_linger(&conn);
    if (conn.sent > 0 || head.len > 0) /* a port scan is no news */
        log_exchange(&x, began);
    exchange_release(&x);
    return x.exit_status;
}
