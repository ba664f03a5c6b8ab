/* /livescore: parses the request and chooses the stream or JSON. */
#include "service/routes/routes.h"

/* The header's cursor takes precedence: a browser that reconnects sends it with its original
 * URL. */
static void take_cursor(struct exchange *x)
{
    const struct span *id = http_field(&x->req, "Last-Event-ID");
    struct cursor cursor = cursor_parse(id ? *id : (struct span){"", 0});

    if (cursor.kind != CURSOR_NONE)
        x->query.cursor = cursor;
}

void route_livescore(struct exchange *x)
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
