/* Common to all routes: heads, problems, output. */
#include "service/http/exchange.h"

#include <stdio.h>
#include <sys/mman.h>
#include <sysexits.h>
#include <time.h>

#include "base/process/clock.h"
#include "base/process/stop.h"
#include "web/assets.h"

#define NO_CHUNK   "000000\r\n" /* placeholder for a chunk's size, up to 16 MiB */
#define CHUNK_HEAD (sizeof NO_CHUNK - 1)

#define PROBLEM_MAX 3072 /* bytes of an answer that says what is wrong */
#define PROBLEM_POLICY                                                                         \
    "Content-Security-Policy: default-src 'none'; script-src 'self'; form-action 'self'; "     \
    "style-src 'unsafe-inline'; frame-ancestors 'none'\r\nReferrer-Policy: no-referrer\r\n"
#define PROBLEM_WORDS(code) status == code ? asset_##code##_html:

_Static_assert(HTTP_STATUSES <= METRICS_CODES, "each status has a counter");

/* Zeroes only what is read before it is set: untouched pages cost no memory. */
void exchange_init(struct exchange *x, const struct config *config, struct conn *conn)
{
    memset(x, 0, offsetof(struct exchange, small));
    x->config = config;
    x->conn = conn;
    http_request_init(&x->req);
    query_init(&x->query);
    buf_init(&x->out, x->small, sizeof x->small);
}

uint64_t exchange_client(const struct exchange *x)
{
    const struct address *address = &x->conn->address;

    return network_any(x->config->trusted, x->config->n_trusted, address)
               ? 0
               : address_client(address);
}

const struct filter *exchange_only(const struct exchange *x)
{
    return x->grant && x->grant->limited ? &x->grant->only : NULL;
}

int exchange_narrow(struct exchange *x)
{
    if (!exchange_only(x))
        return 0;
    x->query.cursor.at = 0; /* an answer to a guess would tell what a hidden row says */
    x->query.log = (struct landmark){0};
    if (filter_narrow(&x->query.filter, &x->grant->only) == 0)
        return 0;
    exchange_problem(x, 403, "the token does not admit these matches or types");
    return -1;
}

/* The request's origin, if it is one of those that are named; else NULL. */
static const struct span *named_origin(const struct exchange *x)
{
    const struct span *origin = http_field(&x->req, "Origin");

    for (size_t i = 0; origin && i < x->config->n_origins; i++)
        if (span_is(*origin, x->config->origins[i]))
            return origin;
    return NULL;
}

/* The Fetch standard's CORS protocol.  Only named origins may send credentials. */
static void put_cors(struct exchange *x)
{
    const struct span *origin = named_origin(x);

    if (x->config->n_origins == 0) {
        http_header(&x->out, "Access-Control-Allow-Origin", "*");
        return;
    }
    http_header(&x->out, "Vary", "Origin");
    if (!origin)
        return;
    http_header_span(&x->out, "Access-Control-Allow-Origin", *origin);
    http_header(&x->out, "Access-Control-Allow-Credentials", "true");
}

void exchange_begin(struct exchange *x, int status, const char *content_type)
{
    buf_clear(&x->out);
    x->chunked = false;
    x->chunk = 0;
    x->status = status;
    http_begin(&x->out, status, x->visit->cgi ? HTTP_CGI : time(NULL), x->persists);
    if (content_type) {
        http_header(&x->out, "Content-Type", content_type);
        http_header(&x->out, "X-Content-Type-Options", "nosniff");
    }
    put_cors(x);
}

void exchange_end(struct exchange *x)
{
    if (x->persists && x->req.minor == 0) /* the default of HTTP/1.1 only */
        http_header(&x->out, "Connection", "keep-alive");
    http_end(&x->out);
    x->head_len = x->out.len;
}

void exchange_end_chunked(struct exchange *x)
{
    x->chunked = x->req.minor > 0 && !x->visit->cgi;
    if (x->chunked)
        http_header(&x->out, "Transfer-Encoding", "chunked");
    exchange_end(x);
}

/* Fills in the size of the open chunk.  Removes an empty one, which would end the body. */
void exchange_end_chunk(struct exchange *x)
{
    size_t size = x->out.len - x->chunk;

    if (x->chunk == 0)
        return;
    if (size == 0)
        buf_cut(&x->out, x->chunk - CHUNK_HEAD);
    else
        buf_puts(&x->out, "\r\n");
    for (size_t at = x->chunk - 2; size > 0; size >>= 4)
        x->out.at[--at] = "0123456789abcdef"[size & 15];
    x->chunk = 0;
}

void exchange_begin_chunk(struct exchange *x)
{
    if (!x->chunked)
        return;
    exchange_end_chunk(x);
    buf_puts(&x->out, NO_CHUNK);
    x->chunk = x->out.full ? 0 : x->out.len;
}

void exchange_cut(struct exchange *x, size_t len)
{
    buf_cut(&x->out, len);
    if (x->chunk > len)
        x->chunk = 0;
}

int exchange_finish(struct exchange *x)
{
    exchange_end_chunk(x);
    if (x->chunked)
        buf_puts(&x->out, "0\r\n\r\n");
    return exchange_flush(x);
}

static void count(struct exchange *x)
{
    if (x->counted_sent == 0 && x->conn->sent > 0)
        x->metrics->responses[x->route][http_status_place(x->status)]++;
    metrics_add(x->metrics, METRICS_SENT_BYTES, x->conn->sent - x->counted_sent);
    if (x->events != x->counted_events)
        metrics_add(x->metrics, METRICS_ROWS_SENT, (uint64_t)(x->events - x->counted_events));
    if (x->oldest_us != 0)
        histogram_add(&x->metrics->send_delay, clock_us() - x->oldest_us);
    x->counted_sent = x->conn->sent;
    x->counted_events = x->events;
    x->oldest_us = 0;
}

static int write_counted(struct exchange *x, const char *bytes, size_t len)
{
    int rc = conn_write(x->conn, bytes, len);

    if (x->metrics)
        count(x);
    return rc;
}

int exchange_flush(struct exchange *x)
{
    bool head_only = x->req.method == HTTP_HEAD;

    exchange_end_chunk(x);
    int rc = write_counted(x, x->out.at, head_only ? x->head_len : x->out.len);

    x->head_len = 0;
    buf_clear(&x->out);
    if (x->out.cap > EXCHANGE_OUT_MAX)
        exchange_shrink(x);
    return rc;
}

static void send(struct exchange *x, struct span body)
{
    http_header_int(&x->out, "Content-Length", (int64_t)body.len);
    exchange_end(x);
    if (body.len > EXCHANGE_OUT_MAX) { /* two writes cost less than a copy */
        if (exchange_flush(x) == 0 && x->req.method != HTTP_HEAD)
            write_counted(x, body.at, body.len);
    } else if (exchange_reserve(x, body.len) < 0) {
        exchange_no_memory(x);
    } else {
        buf_put(&x->out, body.at, body.len);
        exchange_flush(x);
    }
}

/* If reading is restricted, only a client's own cache may keep its responses. */
static void put_cache(struct exchange *x, const char *cache)
{
    bool private = x->config->token_file || x->config->n_origins > 0;

    if (x->config->token_file)
        http_header(&x->out, "Vary", "Authorization, Cookie");
    if (cache)
        buf_printf(&x->out, "Cache-Control: %s, %s\r\n", private ? "private" : "public", cache);
    else
        http_header(&x->out, "Cache-Control", "no-store");
}

/* Like span_hash, but eight bytes at a time, since an answer may have 500 KB. */
static uint64_t hash_body(struct span s)
{
    uint64_t hash = SPAN_HASH, word;

    for (; s.len >= sizeof word; s.at += sizeof word, s.len -= sizeof word) {
        memcpy(&word, s.at, sizeof word);
        hash = (hash ^ word) * UINT64_C(0x100000001B3);
        hash ^= hash >> 32;
    }
    return span_hash(hash, s);
}

void exchange_represent(struct exchange *x, const struct representation *r)
{
    char made[] = "\"0123456789abcdef\"";
    const char *tag = r->tag ? r->tag : made;
    struct span bytes = r->bytes;
    struct buf body = {0};

    if (!bytes.at) { /* takes the body, so that a head that describes it can be composed */
        body = x->out;
        bytes = (struct span){body.at, body.len};
        buf_init(&x->out, x->small, sizeof x->small);
    }
    if (!r->tag)
        snprintf(made, sizeof made, "\"%016llx\"", (unsigned long long)hash_body(bytes));
    /* 304 would let any page read what the browser has stored */
    bool readable =
        x->config->n_origins == 0 || !http_field(&x->req, "Origin") || named_origin(x);
    bool fresh = r->cache && readable && http_has_tag(&x->req, tag);
    exchange_begin(x, fresh ? 304 : r->status ? r->status : 200, fresh ? NULL : r->type);
    put_cache(x, r->cache);
    if (r->cache)
        http_header(&x->out, "ETag", tag);
    if (r->vary)
        http_header(&x->out, "Vary", r->vary);
    if (fresh) {
        exchange_end(x);
        exchange_flush(x);
    } else {
        buf_puts(&x->out, r->fields ? r->fields : "");
        send(x, bytes);
    }
    if (body.at)
        munmap(body.at, body.cap);
}

int exchange_reserve(struct exchange *x, size_t len)
{
    size_t need = x->out.len + len;
    char *larger;

    if (need <= x->out.cap)
        return 0;
    need = need < EXCHANGE_OUT_MAX ? EXCHANGE_OUT_MAX : need;
    if (x->out.len > 0 && need < 2 * x->out.cap) /* doubling avoids repeated copies */
        need = 2 * x->out.cap;
    larger = mmap(NULL, need, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (larger == MAP_FAILED)
        return failure_set(x->failure, EX_OSERR, "out of memory");
    memcpy(larger, x->out.at, x->out.len);
    if (x->out.at != x->small)
        munmap(x->out.at, x->out.cap);
    x->out.at = larger;
    x->out.cap = need;
    return 0;
}

bool exchange_grow(struct exchange *x, size_t bound)
{
    if (x->out.len > 0 && x->out.cap >= EXCHANGE_OUT_MAX)
        return false;
    return exchange_reserve(x, x->out.len > 0 ? EXCHANGE_OUT_MAX - x->out.len : bound) == 0;
}

void exchange_shrink(struct exchange *x)
{
    if (x->out.at != x->small)
        munmap(x->out.at, x->out.cap); /* mapped, since malloc might keep it */
    buf_init(&x->out, x->small, sizeof x->small);
}

/* Puts the page about a refusal, if the client is a browser that shows it to a person. */
static bool put_problem_page(const struct exchange *x, struct buf *body, int status)
{
    static const char *const types[2] = {"application/problem+json", "text/html"};
    const char *words = PROBLEMS(PROBLEM_WORDS) NULL;
    char memory[PROBLEM_MAX / 2];
    struct buf up; /* from the folder of the address to the page */

    if (!words || http_accept(&x->req, types) != 1)
        return false;
    buf_init(&up, memory, sizeof memory);
    for (size_t i = 1; i < x->req.path.len; i++)
        buf_puts(&up, x->req.path.at[i] == '/' ? "../" : "");
    buf_putc(&up, '\0');
    if (!up.full)
        buf_printf(body, asset_problem_html, up.at, words);
    return !up.full && !body->full;
}

void exchange_problem(struct exchange *x, int status, const char *detail)
{
    char memory[PROBLEM_MAX];
    struct buf body;

    buf_init(&body, memory, sizeof memory);
    bool page = put_problem_page(x, &body, status) && exchange_reserve(x, PROBLEM_MAX) == 0;
    if (!page) {
        buf_clear(&body);
        buf_printf(&body, "{\"status\":%d,\"title\":\"%s\",\"detail\":", status,
                   http_reason(status));
        buf_put_json(&body, detail, strlen(detail));
        buf_puts(&body, "}\n");
    }

    x->events = 0;
    x->persists &= status != 429 && status != 503; /* others need its place */
    exchange_begin(x, status, page ? "text/html; charset=utf-8" : "application/problem+json");
    if (page)
        buf_puts(&x->out, PROBLEM_POLICY);
    http_header_int(&x->out, "Content-Length", (int64_t)body.len);
    http_header(&x->out, "Cache-Control", "no-store");
    if (status == 405)
        http_header(&x->out, "Allow", "GET, HEAD, OPTIONS");
    if (status == 401)
        http_header(&x->out, "WWW-Authenticate", "Bearer realm=\"livescore\"");
    if (status == 429 || status == 503) {
        http_header_int(&x->out, "Retry-After",
                        (clock_jitter(x->config->retry_ms, 50) + 999) / 1000);
        http_header(&x->out, "Access-Control-Expose-Headers", "Retry-After");
        http_header(&x->out, "Refresh", "60"); /* for a person's browser */
    }
    exchange_end(x);
    buf_put(&x->out, body.at, body.len);
    exchange_flush(x);
}

const char *exchange_database_detail(const struct failure *failure)
{
    switch (failure->status) {
    case EX_NOINPUT: return "the database is missing or not accessible";
    case EX_TEMPFAIL: return "the database is locked";
    case EX_DATAERR: return "the database is damaged, or not a database";
    case EX_OSERR: return "there is no memory for an answer";
    case EX_CONFIG: return "this version of livescore can't read the database";
    default: return "the database can't be read";
    }
}

void exchange_database_problem(struct exchange *x, const struct failure *failure)
{
    if (stop_requested()) { /* the likely cause */
        x->conn->why = "stopped";
        exchange_problem(x, 503, "the service is stopping: try again later");
        return;
    }
    x->exit_status = failure_log(failure, &x->config->log);
    x->conn->why = "database";
    exchange_problem(x, 503, exchange_database_detail(failure));
}

void exchange_no_memory(struct exchange *x)
{
    x->conn->why = "no-memory";
    x->exit_status = EX_OSERR;
}
