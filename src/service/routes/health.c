/* /healthz: can rows be read? */
#include "service/routes/routes.h"

static int read_health(void *context, struct db *db, struct sqlite3_stmt *statement)
{
    struct exchange *x = context;
    int rc = db_step(db, statement);

    if (rc < 0)
        return -1;
    x->last_id = db_column_int(statement, 1);
    buf_printf(&x->out,
               "{\"status\":\"ok\",\"version\":\"%s\",\"pruned\":%lld,\"last_id\":%lld}\n",
               LIVESCORE_VERSION, (long long)db_column_int(statement, 0),
               (long long)x->last_id);
    return 0;
}

void route_health(struct exchange *x)
{
    exchange_lookup(x, sql_state, read_health, NULL);
}
