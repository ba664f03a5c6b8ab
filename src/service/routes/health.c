/* /healthz: whether rows can be read and, in a replica, whether it is up to date. */
#include "service/routes/routes.h"

static int read_health(void *context, struct db *db, struct sqlite3_stmt *statement)
{
    struct exchange *x = context;
    int rc = db_step(db, statement);
    int64_t lag = db_column_int(statement, 2), max = x->query.max_lag_s * 1000;
    bool replica = !db_column_is_null(statement, 2), late = replica && max > 0 && lag > max;

    if (rc < 0)
        return -1;
    x->status = late ? 503 : 200;
    x->last_id = db_column_int(statement, 1);
    buf_printf(&x->out,
               "{\"status\":\"%s\",\"version\":\"%s\",\"pruned\":%lld,\"last_id\":%lld",
               late ? "late" : "ok", LIVESCORE_VERSION, (long long)db_column_int(statement, 0),
               (long long)x->last_id);
    if (replica)
        buf_printf(&x->out, ",\"lag_ms\":%lld", (long long)lag);
    buf_puts(&x->out, "}\n");
    return 0;
}

void route_health(struct exchange *x)
{
    if (query_parse(&x->query, x->req.query) < 0)
        exchange_problem(x, 400, x->query.error);
    else
        exchange_lookup(x, sql_health, read_health, NULL);
}
