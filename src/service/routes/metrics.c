/* /metrics: what listener and viewers counted, what the poller says in the ring, and what is in
 * the database. */
#include "base/sqlite/sql.h"
#include "service/follow/feed.h"
#include "service/routes/routes.h"

struct text {
    struct exchange *x;
    int64_t open; /* OpenMetrics */
};

/* Only those that there were. */
static void put_responses(struct buf *b, const struct metrics *m)
{
    for (size_t route = 0; routes_name(route); route++)
        for (int code = HTTP_STATUS_MIN; code <= HTTP_STATUS_MAX; code++) {
            size_t place = http_status_place(code);
            if (place > 0 && m->responses[route][place] > 0)
                buf_printf(b, "\"responses_total{route=\\\"%s\\\",code=\\\"%d\\\"}\":%lld,",
                           routes_name(route), code, (long long)m->responses[route][place]);
        }
}

static void put_facts(struct buf *b, const struct visit *visit, const char *db_path)
{
    buf_putc(b, '{');
    metrics_put(b, "connections", (int64_t)*visit->claim.count);
    metrics_put(b, "connections_max", (int64_t)visit->claim.max);
    metrics_put_counters(b, visit->metrics);
    put_responses(b, visit->metrics);
    metrics_put_common(b, db_path, visit->feed->ring.header);
    b->at[b->len - 1] = '}';
    buf_putc(b, '\0');
}

static int put_text(const struct text *t, struct db *db, const char *facts)
{
    char memory[METRICS_FACTS_MAX];
    struct sqlite3_stmt *s = NULL;
    struct buf own;
    int rc;

    buf_init(&own, memory, sizeof memory);
    put_facts(&own, t->x->visit, t->x->config->db_path);
    for (rc = db_ask(db, &s, sql_metrics, "ssi", facts, own.at, t->open); rc == 1;
         rc = db_step(db, s)) {
        struct span family = db_column_text(s, 0);
        if (exchange_reserve(t->x, family.len) == 0)
            buf_put(&t->x->out, family.at, family.len);
    }
    db_finalize(s);
    return rc;
}

static int read_facts(void *context, struct db *db, struct sqlite3_stmt *facts)
{
    int rc = db_step(db, facts);

    return rc < 0 ? -1 : put_text(context, db, db_column_text(facts, 0).at);
}

/* Without the database there is still the rest. */
void route_metrics(struct exchange *x)
{
    static const char *const types[2] = {"text/plain", "application/openmetrics-text"};
    struct text text = {x, http_accept(&x->req, types) == 1};
    struct db db;

    if (exchange_reserve(x, EXCHANGE_OUT_MAX) < 0) {
        exchange_no_memory(x);
        return;
    }
    if (lookup(x->config->db_path, NULL, sql_facts, read_facts, &text, x->failure) < 0) {
        failure_log(x->failure, &x->config->log);
        buf_clear(&x->out);
        if (db_open_private(&db, "metrics", x->failure) == 0)
            put_text(&text, &db, NULL);
        db_close(&db);
    }
    exchange_represent(
        x, &(struct representation){
               .type = text.open ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                                 : "text/plain; version=0.0.4; charset=utf-8",
               .vary = "Accept"});
}
