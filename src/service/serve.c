/*
 * Reads a connection's requests, one after the other.  Finds the client of each, has it
 * answered, and logs it.
 */
#include "service/serve.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/stop.h"
#include "service/http/cgi.h"
#include "service/http/proxy.h"
#include "service/routes/routes.h"

#define PATH_LOG_MAX 256 /* bytes of a path in a log line */

/* A request head, or what there was of one, and perhaps more requests behind it. */
struct head {
    size_t len;
    int parsed;       /* as http_parse returned */
    int64_t deadline; /* for all of it */
    char bytes[HTTP_HEAD_MAX];
};

/* All that a connection needs for as long as it lives, side by side: see struct exchange. */
struct session {
    const struct visit *visit;
    struct conn conn;
    struct exchange x;
    struct address proxy; /* the trusted peer that sends requests of others, if it is one */
    int requests;         /* admitted so far */
    int64_t began;        /* the request */
    int64_t end;          /* no request is read after it */
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

/* Waits for the first byte of a further request: 0, or -1 with nothing to answer. */
static int await_request(struct session *s)
{
    s->head.deadline = clock_ms() + SERVE_IDLE_MS;
    if (s->head.len == 0 && read_more(&s->x, &s->head) < 0) {
        s->x.req.status = 0;
        return -1;
    }
    s->began = clock_ms();
    return 0;
}

/* 0, or -1 as above. */
static int read_head(struct session *s)
{
    struct exchange *x = &s->x;
    struct head *head = &s->head;

    head->parsed = HTTP_INCOMPLETE;
    if (s->requests > 0 && await_request(s) < 0)
        return -1;
    head->deadline = s->began + x->config->head_ms;
    if (x->cgi)
        return read_environment(x, head);
    if (s->requests == 0 && x->config->proxy_protocol && read_proxy_header(x, head) < 0)
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
static void find_client(struct session *s)
{
    const struct config *config = s->x.config;
    struct address client = s->conn.address;

    if (!network_any(config->trusted, config->n_trusted, &client))
        return;
    s->proxy = client;
    proxy_forwarded(&s->x.req, config->trusted, config->n_trusted, &client);
    conn_set_peer(&s->conn, &client);
}

/* Whether it may be served; if not, it is told so: the client's own doing, or not.  The body of
 * a method that is not served is never read, so no request can follow it. */
static bool admit(struct session *s)
{
    enum admission_answer answer = s->visit->admitted;
    struct exchange *x = &s->x;

    find_client(s);
    if (answer <= ADMISSION_SCARCE) {
        enum admission_answer claimed =
            admission_claim(&s->visit->claim, address_client(&s->conn.address));
        answer = claimed > answer ? claimed : answer;
    }
    x->persists = answer == ADMISSION_GRANTED && !x->cgi && x->req.method != HTTP_OTHER &&
                  http_persists(&x->req) && ++s->requests < SERVE_REQUESTS_MAX &&
                  clock_left(s->end) > 0;
    if (answer > ADMISSION_SCARCE)
        exchange_problem(x, answer == ADMISSION_CLIENT_FULL ? 429 : 503,
                         "there are too many connections: come back later");
    return answer <= ADMISSION_SCARCE;
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

/* One request, its answer and its line in the log. */
static void answer_request(struct session *s, const struct config *config)
{
    struct exchange *x = &s->x;

    exchange_init(x, config, &s->conn);
    x->cgi = s->visit->cgi;
    x->feed = s->visit->feed;
    s->conn.sent = 0;
    if (read_head(s) < 0) {
        if (x->req.status > 0)
            exchange_problem(x, x->req.status, x->req.reason);
    } else if (admit(s)) {
        routes_answer(x);
    }
    if (s->conn.sent > 0 || s->head.len > 0) /* a port scan is no news */
        log_exchange(x, s->began);
}

/* Whether another request may follow; then the bytes behind this one are its beginning, without
 * empty lines, which may be the last of the connection. */
static bool goes_on(struct session *s)
{
    const struct exchange *x = &s->x;
    struct head *head = &s->head;

    if (!x->persists || x->out.len > 0 || s->conn.why || x->exit_status != EX_OK || stop_look())
        return false;
    size_t used = (size_t)head->parsed;
    while (head->len - used >= 2 && memcmp(head->bytes + used, "\r\n", 2) == 0)
        used += 2;
    head->len -= used;
    memmove(head->bytes, head->bytes + used, head->len);
    if (s->proxy.kind != ADDRESS_UNKNOWN) { /* its next request may be anybody's */
        admission_claim(&s->visit->claim, 0);
        conn_set_peer(&s->conn, &s->proxy);
    }
    return true;
}

int serve(const struct config *config, const struct visit *visit)
{
    struct session s;
    bool more;

    s.visit = visit;
    s.proxy.kind = ADDRESS_UNKNOWN;
    s.requests = 0;
    s.began = clock_ms();
    s.end = s.began + config->stream_ms;
    s.head.len = 0;
    conn_init(&s.conn, visit, config->write_ms);
    do {
        answer_request(&s, config);
        more = goes_on(&s);
        exchange_shrink(&s.x);
    } while (more);
    /* there is more than a request, or less, or there may be */
    if (s.head.parsed != (int)s.head.len || (!s.conn.why && http_persists(&s.x.req)))
        conn_linger(&s.conn);
    return s.x.exit_status;
}
