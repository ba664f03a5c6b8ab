/* Dispatches requests to routes, and answers those that belong to none. */
#include "service/routes/routes.h"

#include <sched.h>

#include "base/process/clock.h"
#include "service/http/http.h"
#include "service/net/rate.h"

#define TURN_WAIT_MS 10000 /* for a turn */
#define TURN_LOOK_MS 20

#define METHODS "GET, HEAD, OPTIONS"

/* The header's cursor takes precedence: a browser that reconnects sends it with its original
 * URL. */
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
    if (exchange_narrow(x) < 0)
        return;
    take_cursor(x);
    if (x->query.json || (!x->query.stream && accepted == 1))
        route_rows(x);
    else if (x->query.stream || accepted == 0)
        route_stream(x);
    else
        exchange_problem(x, 406, "the types are text/event-stream and application/json");
}

static const struct route {
    const char *path;
    void (*answer)(struct exchange *x);
    const char *sql; /* instead: the statement that makes the text of the answer */
    bool costly;     /* takes a turn */
    bool open;       /* needs no token */
    bool monitor;    /* on the listener of metrics, and nowhere else */
} routes[] = {
    {"/", route_page, NULL, true, false, false},
    {"/livescore", answer_livescore, NULL, false, false, false},
    {"/matches", route_matches, NULL, true, false, false},
    {"/tables", NULL, sql_tables, true, false, false},
    {"/scorers", NULL, sql_scorers, true, false, false},
    {"/healthz", NULL, sql_health, false, true, false},
    {"/metrics", route_metrics, NULL, false, true, true},
};

#define ROUTES (sizeof routes / sizeof *routes)
#define PUBLIC (ROUTES - 1)

_Static_assert(PUBLIC < METRICS_ROUTES, "each has a counter");

const char *routes_name(size_t place)
{
    return place == 0 ? "other" : place <= PUBLIC ? routes[place - 1].path : NULL;
}

static void answer_options(struct exchange *x)
{
    exchange_begin(x, 204, NULL);
    http_header(&x->out, "Allow", METHODS);
    if (http_field(&x->req, "Access-Control-Request-Method")) {
        http_header(&x->out, "Access-Control-Allow-Methods", METHODS);
        http_header(&x->out, "Access-Control-Allow-Headers",
                    "Authorization, Last-Event-ID, Cache-Control");
        http_header(&x->out, "Access-Control-Max-Age", "86400");
    }
    exchange_end(x);
    exchange_flush(x);
}

/* Redirects a URL without a final slash to the page, so that its relative links work. */
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

/* 404, naming the routes: "the paths are /, /livescore, ... and /healthz". */
static void answer_not_found(struct exchange *x)
{
    char memory[256];
    struct buf text;

    buf_init(&text, memory, sizeof memory);
    buf_puts(&text, "the paths are ");
    for (size_t i = 0; i < PUBLIC; i++) {
        buf_puts(&text, i == 0 ? "" : i == PUBLIC - 1 ? " and " : ", ");
        buf_puts(&text, routes[i].path);
    }
    buf_putc(&text, '\0');
    exchange_problem(x, 404, x->visit->monitor ? "the path is /metrics" : text.at);
}

struct target {
    int len; /* of the path; -1: malformed %-encoding */
    const struct route *route;
    const struct asset *asset; /* if there is no route */
    const char *cache;         /* how long the asset may be cached */
};

/* A separate frame: a stream's stack does not hold the path. */
__attribute__((noinline)) static struct target find_target(struct exchange *x)
{
    char path[HTTP_TARGET_MAX + 1];
    struct target t = {.len = http_unescape(x->req.path, false, path, HTTP_TARGET_MAX)};

    if (t.len < 0)
        return t;
    path[t.len] = '\0';
    for (size_t i = 0; i < ROUTES; i++)
        if (routes[i].monitor == x->visit->monitor && strcmp(path, routes[i].path) == 0)
            t.route = &routes[i];
    x->route = t.route ? (unsigned)(t.route - routes) + 1 : 0;
    if (!t.route && !x->visit->monitor)
        t.asset = page_asset(path, &t.cache);
    return t;
}

/* Whether a limited token admits the matches that the request names.  If not, answers it. */
static bool admits(struct exchange *x)
{
    if (!exchange_only(x))
        return true;
    if (query_parse(&x->query, x->req.query) < 0) /* the route's own concern */
        query_init(&x->query);
    return exchange_narrow(x) == 0;
}

/* Keeps tokens out of a browser's address line, history and bookmarks. */
__attribute__((noinline)) static void answer_cookie(struct exchange *x)
{
    char memory[TOKEN_MAX];
    struct span token;

    exchange_begin(x, 303, NULL);
    if (token_of_request(&x->req, memory, &token) != 1 ||
        exchange_reserve(x, x->req.query.len + EXCHANGE_SMALL) < 0)
        return;
    http_header(&x->out, "Cache-Control", "no-store");
    http_header(&x->out, "Referrer-Policy", "no-referrer");
    http_header(&x->out, "Content-Length", "0");
    token_put_cookie(&x->out, &x->req, token);
    exchange_end(x);
    exchange_flush(x);
}

/* Whether a browser shows a page whose address has a token. */
static bool takes_cookie(const struct exchange *x, const struct target *t)
{
    static const char *const types[2] = {"application/json", "text/html"};
    struct span token;

    return t->route && t->route->answer == route_page && token_in_query(x->req.query, &token) &&
           http_accept(&x->req, types) == 1;
}

bool routes_take_turn(struct exchange *x)
{
    uint64_t client = exchange_client(x);
    int64_t end = clock_ms() + TURN_WAIT_MS;

    if (!x->visit->rates || client == 0 || x->turn)
        return true;
    while (!(x->turn = rate_turn(x->visit->rates, client)) && clock_left(end) > 0)
        if (conn_wait(x->conn, clock_ms() + clock_jitter(TURN_LOOK_MS, 50)) != CONN_QUIET)
            return false;
    if (x->turn)
        return true;
    metrics_note(x->metrics, "refused_total", "costly");
    exchange_problem(x, 429, "too many answers at a time that cost much: try again later");
    return false;
}

void routes_give_way(struct exchange *x)
{
    if (!rate_hastens(x->visit->rates, exchange_client(x), x->config->requests_per_minute))
        return;
    sched_setscheduler(0, SCHED_IDLE, &(struct sched_param){0});
    x->persists = false;
}

void routes_end_turn(struct exchange *x)
{
    rate_end_turn(x->visit->rates, exchange_client(x), &x->turn);
}

static void answer_target(struct exchange *x, const struct target *t)
{
    bool open = !x->grant || x->visit->monitor || t->asset || (t->route && t->route->open);

    if (!open && !authorize(x))
        return;
    if (!open && takes_cookie(x, t)) {
        answer_cookie(x);
        return;
    }
    if ((!open && !admits(x)) || (t->route && t->route->costly && !routes_take_turn(x)))
        return;
    if (t->route && t->route->costly)
        routes_give_way(x);
    if (t->route && t->route->sql)
        ask(x, t->route->sql, t->route->costly ? CACHE_SOON : NULL);
    else if (t->route)
        t->route->answer(x);
    else if (t->asset)
        page_send_asset(x, t->asset, t->cache);
    else
        answer_not_found(x);
}

void routes_answer(struct exchange *x)
{
    struct target target = find_target(x);

    if (x->req.method == HTTP_OTHER)
        exchange_problem(x, 405, "only GET, HEAD and OPTIONS are supported");
    else if (target.len < 0)
        exchange_problem(x, 400, "the path has malformed %-encoding");
    else if (x->req.method == HTTP_OPTIONS)
        answer_options(x);
    else if (x->req.folder.len > 0)
        answer_redirect(x);
    else
        answer_target(x, &target);
    routes_end_turn(x);
}
