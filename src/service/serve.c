/* Reads a request, finds out who asks, has it answered, logs how it went. */
#include "service/serve.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "service/http/cgi.h"
#include "service/http/proxy.h"
#include "service/routes/routes.h"

#define PATH_LOG_MAX 256 /* bytes of a path in a log line */

/* A request head, or what there was of one. */
struct head {
    size_t len;
    int parsed;       /* as http_parse returned */
    int64_t deadline; /* for all of it */
    char bytes[HTTP_HEAD_MAX];
};

/* All that a connection needs for as long as it lives, side by side: see struct exchange. */
struct session {
    struct conn conn;
    struct exchange x;
    struct head head;
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

/* Whether it may be served; if not, it is told so: the client's own doing, or not. */
static bool admit(struct exchange *x, const struct visit *visit)
{
    enum admission_answer answer = visit->admitted;

    find_client(x);
    if (answer == ADMISSION_GRANTED)
        answer = admission_claim(&visit->claim, address_client(&x->conn->address));
    if (answer != ADMISSION_GRANTED)
        exchange_problem(x, answer == ADMISSION_CLIENT_FULL ? 429 : 503,
                         "there are too many connections: come back later");
    return answer == ADMISSION_GRANTED;
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
    struct session s;
    struct exchange *x = &s.x;

    conn_init(&s.conn, visit, config->write_ms);
    exchange_init(x, config, &s.conn);
    x->cgi = visit->cgi;
    x->feed = visit->feed;
    if (read_head(x, &s.head) < 0) {
        if (x->req.status > 0)
            exchange_problem(x, x->req.status, x->req.reason);
    } else if (admit(x, visit)) {
        routes_answer(x);
    }
    if (s.head.parsed != (int)s.head.len) /* there was more than a request, or less */
        conn_linger(&s.conn);
    if (s.conn.sent > 0 || s.head.len > 0) /* a port scan is no news */
        log_exchange(x, began);
    exchange_shrink(x);
    return x->exit_status;
}
