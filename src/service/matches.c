/* The scoreboard, /matches, and the service's state, /healthz: one look at the
 * database each. */
#include "base/clock.h"
#include "service/catchup.h"
#include "service/routes.h"
#include "service/sql.h"

/* Opens the database and reads in one transaction: the newest id into last_id, then what
 * read does with a statement.  0, or -1 after answering 503. */
static int look(struct exchange *x, const char *sql,
                int (*read)(struct exchange *x, struct db *db, struct sqlite3_stmt *statement))
{
    struct sqlite3_stmt *statement = NULL;
    struct db db;
    int rc = -1;

    if (db_open(&db, x->config->db_path, DB_READ, CATCHUP_BUSY_MS) == 0) {
        db_set_deadline(&db, clock_ms() + CATCHUP_READ_MS);
        if (db_prepare(&db, sql, &statement) == 0)
            rc = read(x, &db, statement);
        db_finalize(statement);
        db_close(&db);
    }
    if (rc < 0)
        exchange_database_problem(x, &db);
    return rc;
}

static void begin(struct exchange *x)
{
    exchange_begin(x, 200, "application/json");
    http_header(&x->out, "Cache-Control", "no-store");
}

static int read_matches(struct exchange *x, struct db *db, struct sqlite3_stmt *statement)
{
    bool first = true;
    int rc;

    db_bind_int(statement, 1, MATCHES_MAX);
    buf_puts(&x->out, "{\"matches\":[");
    while ((rc = db_step(db, statement)) == 1) {
        struct span match = db_column_text(statement, 0);
        /* the worst byte is one that is not UTF-8: U+FFFD has three */
        if (exchange_reserve(x, 3 * match.len + 64) < 0)
            break;
        if (first)
            x->last_id = db_column_int(statement, 1);
        else
            buf_putc(&x->out, ',');
        first = false;
        buf_put_text(&x->out, match, " ");
    }
    buf_printf(&x->out, "],\"last_id\":%lld}\n", (long long)x->last_id);
    return rc;
}

void route_matches(struct exchange *x)
{
    begin(x);
    exchange_end(x);
    if (look(x, sql_matches, read_matches) == 0)
        exchange_flush(x);
}

static int read_health(struct exchange *x, struct db *db, struct sqlite3_stmt *statement)
{
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
    begin(x);
    exchange_end(x);
    if (look(x, sql_state, read_health) == 0)
        exchange_flush(x);
}
