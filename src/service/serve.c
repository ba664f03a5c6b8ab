/*
 * Reads a connection's requests in turn.  Identifies the client of each, has it answered, and
 * logs the outcome.
 */
#include "service/serve.h"

#include <unistd.h>

#include "base/process/clock.h"
#include "base/process/stack.h"
#include "base/process/stop.h"
#include "service/http/http.h"
#include "service/net/rate.h"
#include "service/routes/routes.h"

#define PATH_LOG_MAX 256 /* bytes of a path in a log line */

/* A request head, perhaps incomplete, and perhaps further requests behind it. */
struct head {
    size_t len;
    int parsed;       /* the result of http_parse */
    int64_t deadline; /* for the whole head */
    char bytes[HTTP_HEAD_MAX];
};

/* A connection's long-lived data.  Each touched page is private memory for the life of a
 * stream, so what most connections touch lies on two. */
struct session {
    const struct visit *visit;
    struct conn conn;
    struct exchange x;
    struct address proxy; /* the trusted proxy that sends requests of others, if it is one */
    int requests;         /* admitted so far */
    int64_t began;        /* the request */
    int64_t end;          /* no request is read after this time */
    struct head head;
    struct grant grant;
    struct failure failure; /* at the end, where no page has to be touched for it */
};

#define SESSION_PAGES ((sizeof(struct session) + STACK_PAGE - 1) / STACK_PAGE)

_Static_assert(offsetof(struct session, x.query) <= STACK_PAGE + 1024 &&
                   offsetof(struct session, head.bytes) <= 2 * STACK_PAGE - 768,
               "what most connections touch lies on two pages");

/* Reads more bytes.  Returns 0, or -1 at the end, with the answer in x->req unless the client
 * is gone. */
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
    x->req.reason = slow ? "the request did not arrive in time" : "the request is incomplete";
    if (n == 0)
        x->conn->why = "client-closed";
    return -1;
}

/* Reads the proxy's header before the request.  Returns 0, or -1 with no answer, as the peer
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

/* The body is not needed, but some servers report a failure unless all of it is read
 * (fcgiwrap), and some read no answer before. */
static int read_environment(struct exchange *x, struct head *head)
{
    struct buf bytes;

    conn_skip(x->conn, cgi_body_length((const char *const *)environ), head->deadline);
    buf_init(&bytes, head->bytes, sizeof head->bytes);
    head->parsed = cgi_request((const char *const *)environ, &bytes, &x->req);
    head->len = bytes.len;
    return head->parsed > 0 ? 0 : -1;
}

/* Returns 0, or -1 as read_more does. */
static int read_head(struct session *s)
{
    struct exchange *x = &s->x;
    struct head *head = &s->head;

    head->parsed = HTTP_INCOMPLETE;
    head->deadline = s->began + x->config->head_ms;
    if (x->visit->cgi)
        return read_environment(x, head);
    if (s->requests == 0 && x->config->proxy_protocol && !s->visit->monitor &&
        read_proxy_header(x, head) < 0)
        return -1;
    while (head->len == 0 ||
           (head->parsed = http_parse(head->bytes, head->len, &x->req)) == HTTP_INCOMPLETE)
        if (read_more(x, head) < 0)
            return -1;
    return head->parsed > 0 ? 0 : -1;
}

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

/* Whether the client may be served; if not, answers that there are too many connections, of its
 * own (429) or in all (503).  The body of an unsupported method is never read, so no request
 * can follow it. */
static bool admit(struct session *s)
{
    enum admission_answer answer = s->visit->admitted;
    struct exchange *x = &s->x;

    find_client(s);
    /* since the listener looked, or what it could not see */
    bool proxied = x->config->proxy_protocol || s->proxy.kind != ADDRESS_UNKNOWN;
    bool news = s->requests > 0 || (s->visit->claim.claims && proxied);
    if (answer <= ADMISSION_SCARCE && news) {
        enum admission_answer claimed =
            admission_claim(&s->visit->claim, address_client(&s->conn.address));
        answer = claimed > answer ? claimed : answer;
    }
    x->persists = answer == ADMISSION_GRANTED && !x->visit->cgi &&
                  x->req.method != HTTP_OTHER && http_persists(&x->req) &&
                  ++s->requests < SERVE_REQUESTS_MAX && clock_left(s->end) > 0;
    const char *reason = answer == ADMISSION_CLIENT_FULL ? "client"
                         : answer == ADMISSION_FULL      ? "total"
                                                         : "rate";
    if (answer <= ADMISSION_SCARCE &&
        (!news || rate_ask(s->visit->rates, exchange_client(x), x->config)))
        return true;
    metrics_note(x->metrics, "refused_total", reason);
    exchange_problem(x, answer == ADMISSION_FULL ? 503 : 429,
                     answer <= ADMISSION_SCARCE ? "too much in a minute: try again later"
                                                : "too many connections: try again later");
    return false;
}

static void put(struct buf *b, const char *name, struct span value)
{
    buf_puts(b, name);
    buf_put(b, value.len > 0 ? value.at : "-", value.len > 0 ? value.len : 1);
}

static void put_int(struct buf *b, const char *name, int64_t n)
{
    buf_puts(b, name);
    buf_put_int(b, n);
}

/* Logs the path as sent, but never the query, which may hold a token.  Without printf, which
 * would map eight pages of libc into each process, a third of all that it maps. */
static void log_exchange(const struct exchange *x, int64_t began)
{
    char memory[LOG_LINE_MAX], peer[ADDRESS_TEXT_MAX];
    int64_t ms = clock_ms() - began;
    struct span path = x->req.path;
    struct buf b;

    path.len = path.len < PATH_LOG_MAX ? path.len : PATH_LOG_MAX;
    buf_init(&b, memory, sizeof memory);
    put(&b, "peer=", span_of(conn_peer(x->conn, peer)));
    put(&b, " method=", x->req.method_name);
    put(&b, " path=", path);
    put_int(&b, " status=", x->status);
    put_int(&b, " events=", x->events);
    put_int(&b, " bytes=", (int64_t)x->conn->sent);
    put_int(&b, " seconds=", ms / 1000);
    put_int(&b, "", 1000 + ms % 1000);
    b.at[b.len - 4] = '.'; /* instead of the 1: three digits */
    put_int(&b, " last_id=", x->last_id);
    put(&b, " why=", span_of(x->conn->why ? x->conn->why : "served"));
    if (x->grant && x->grant->name[0])
        put(&b, " token=", span_of(x->grant->name));
    buf_putc(&b, '\0');
    log_text(&x->config->log, LOG_INFO, memory);
}

static void answer_request(struct session *s, const struct config *config)
{
    struct exchange *x = &s->x;

    exchange_init(x, config, &s->conn);
    x->visit = s->visit;
    x->metrics = s->visit->monitor ? NULL : s->visit->metrics;
    x->failure = &s->failure;
    if (config->token_file) {
        x->grant = &s->grant;
        x->grant->name[0] = '\0';
        x->grant->limited = false;
    }
    s->conn.sent = 0;
    s->began = clock_ms();
    conn_set_end(&s->conn, s->began + config->stream_ms);
    if (read_head(s) < 0) {
        if (x->req.status > 0)
            exchange_problem(x, x->req.status, x->req.reason);
    } else if (admit(s)) {
        routes_answer(x);
    }
    if (s->conn.sent > RATE_FREE)
        rate_spent(s->visit->rates, RATE_BYTES, exchange_client(x), (int64_t)s->conn.sent,
                   clock_ms() - s->began, config->bytes_per_minute);
    if (s->conn.sent > 0 || s->head.len > 0) /* do not log port scans */
        log_exchange(x, s->began);
}

/* Whether another request begins.  Empty lines between the two may be the connection's last. */
static bool begins_another(struct session *s)
{
    struct exchange *x = &s->x;
    struct head *head = &s->head;
    bool answered = s->conn.sent > 0 && !s->conn.why;

    exchange_shrink(x);
    if (!answered || !x->persists || stop_requested())
        return false;
    size_t used = (size_t)head->parsed;
    while (head->len - used >= 2 && memcmp(head->bytes + used, "\r\n", 2) == 0)
        used += 2;
    head->len -= used;
    memmove(head->bytes, head->bytes + used, head->len);
    if (s->proxy.kind != ADDRESS_UNKNOWN) { /* the next request may come from another client */
        admission_claim(&s->visit->claim, 0);
        conn_set_peer(&s->conn, &s->proxy);
    }
    head->deadline = clock_ms() + SERVE_IDLE_MS;
    return head->len > 0 || read_more(x, head) == 0;
}

int serve(const struct config *config, const struct visit *visit)
{
    struct session *s = STACK_TAKE(SESSION_PAGES * STACK_PAGE);

    s->visit = visit;
    s->proxy.kind = ADDRESS_UNKNOWN;
    s->requests = 0;
    s->end = clock_ms() + config->stream_ms;
    s->head.len = 0;
    conn_init(&s->conn, visit, config->write_ms);
    do
        answer_request(s, config);
    while (begins_another(s));
    /* input beyond the request, or part of one, or possibly more */
    if (s->head.parsed != (int)s->head.len || (!s->conn.why && http_persists(&s->x.req)))
        conn_linger(&s->conn);
    return s->x.exit_status;
}
