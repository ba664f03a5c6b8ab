/* The scoreboard: JSON at /matches, HTML in the page. */
#include <string.h>
#include <sysexits.h>

#include "service/routes/routes.h"
#include "web/assets.h"

void route_matches(struct exchange *x)
{
    char value[HTTP_TARGET_MAX + 1];
    bool some = query_find(x->req.query, "day", value) != -1 ||
                query_find(x->req.query, "match", value) != -1;

    ask(x, some ? sql_day : sql_matches);
}

static void put_note(struct exchange *x, const char *note)
{
    if (exchange_reserve(x, strlen(note)) == 0)
        buf_puts(&x->out, note);
}

/* The page may select one match; its scripts interpret the rest of the query. */
static int read_html(void *context, struct db *db, struct sqlite3_stmt *statement)
{
    struct exchange *x = context;
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
            rc = failure_set(x->failure, EX_OSERR, "out of memory");
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
    if (lookup(x->config->db_path, sql_scoreboard, read_html, x, x->failure) == 0)
        return;
    failure_log(x->failure, &x->config->log);
    put_note(x, asset_unread_html);
}
