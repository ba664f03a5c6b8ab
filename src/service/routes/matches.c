/* The scoreboard, as JSON at /matches and as HTML in the page, and the service's state,
 * /healthz: one look at the database each. */
#include <string.h>

#include "base/clock.h"
#include "service/routes/routes.h"
#include "service/rows/catchup.h"
#include "service/rows/sql.h"
#include "web/assets.h"

typedef int look_read(struct exchange *x, struct db *db, struct sqlite3_stmt *statement);

/* Opens the database and has a statement read, in one transaction.  0, or -1 with db->error. */
static int look(struct exchange *x, struct db *db, const char *sql, look_read *read)
{
    struct sqlite3_stmt *statement = NULL;
    int rc = -1;

    if (db_open(db, x->config->db_path, DB_READ, CATCHUP_BUSY_MS) < 0)
        return -1;
    db_set_deadline(db, clock_ms() + CATCHUP_READ_MS);
    if (db_prepare(db, sql, &statement) == 0)
        rc = read(x, db, statement);
    db_finalize(statement);
    db_close(db);
    return rc;
}

/* The body of an answer, or 503 in its place. */
static void answer(struct exchange *x, const char *sql, look_read *read)
{
    struct db db;

    exchange_begin(x, 200, "application/json");
    http_header(&x->out, "Cache-Control", "no-store");
    exchange_end(x);
    if (look(x, &db, sql, read) == 0)
        exchange_flush(x);
    else
        exchange_database_problem(x, &db);
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
    answer(x, sql_matches, read_matches);
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
    answer(x, sql_state, read_health);
}

static void put_note(struct exchange *x, const char *note)
{
    if (exchange_reserve(x, strlen(note)) == 0)
        buf_puts(&x->out, note);
}

/* The page may be asked for one match; what else its query holds is its scripts' business. */
static int read_html(struct exchange *x, struct db *db, struct sqlite3_stmt *statement)
{
    const struct filter *f = &x->query.filter;
    size_t before = x->out.len;
    int rc;

    db_bind_int(statement, 1, PAGE_MATCHES_MAX);
    db_bind_string(statement, 2, asset_match_html);
    db_bind_string(statement, 3, asset_state_html);
    if (query_parse(&x->query, x->req.query) == 0 && f->n_matches == 1)
        db_bind_string(statement, 4, f->matches[0]);
    while ((rc = db_step(db, statement)) == 1) {
        struct span match = db_column_text(statement, 0);
        if (exchange_reserve(x, 3 * match.len) < 0) {
            rc = -1;
            break;
        }
        buf_put_text(&x->out, match, "\n");
    }
    if (rc == 0 && x->out.len == before)
        put_note(x, asset_none_html);
    else if (rc < 0)
        buf_cut(&x->out, before);
    return rc;
}

void matches_put_html(struct exchange *x)
{
    struct db db;

    if (look(x, &db, sql_scoreboard, read_html) == 0)
        return;
    log_line(&x->config->log, LOG_ERR, "%s", db.error);
    put_note(x, asset_unread_html);
}
