/* The scoreboard: JSON at /matches, HTML in the page. */

#include "service/routes/routes.h"
#include "web/assets.h"

void route_matches(struct exchange *x)
{
    char value[HTTP_TARGET_MAX + 1];
    bool some = query_find(x->req.query, "day", value) != -1 ||
                query_find(x->req.query, "match", value) != -1;

    ask(x, some ? sql_day : sql_matches, CACHE_SOON);
}

static void bind_templates(struct sqlite3_stmt *statement)
{
#define BIND(name)                                                                             \
    db_bind_string(statement, db_parameter(statement, "@" #name), asset_##name##_html);
    TEMPLATES(BIND)
#undef BIND
    db_bind_int(statement, db_parameter(statement, "@board"), 1);
}

static int put(struct exchange *x, struct span text)
{
    int rc = exchange_reserve(x, 3 * text.len); /* worst case: each byte becomes U+FFFD */

    buf_put_text(&x->out, text, "\n");
    return rc;
}

/* Fills in the page's places.  A query that the statement does not understand is for the page's
 * scripts. */
static int read_html(void *context, struct db *db, struct sqlite3_stmt *statement)
{
    struct exchange *x = context;

    ask_bind(x, statement, PAGE_ROWS);
    x->query.error = NULL;
    bind_templates(statement);
    int rc = db_step(db, statement);
    if (rc == 1 && (put(x, db_column_text(statement, 0)) < 0 || page_put(x, PAGE_MIDDLE) < 0 ||
                    put(x, db_column_text(statement, 1)) < 0))
        return -1;
    return rc < 0 ? -1 : 0;
}

int matches_put_html(struct exchange *x)
{
    size_t before = x->out.len;

    int rc = lookup(x->config->db_path, exchange_only(x), sql_board, read_html, x, x->failure);

    ask_leave_zone();
    if (rc == 0)
        return 0;
    failure_log(x->failure, &x->config->log);
    buf_cut(&x->out, before);
    if (exchange_reserve(x, EXCHANGE_SMALL) < 0)
        return -1;
    buf_puts(&x->out, asset_title_html);
    if (page_put(x, PAGE_MIDDLE) < 0)
        return -1;
    buf_puts(&x->out, asset_unread_html);
    return 0;
}
