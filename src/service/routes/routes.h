/*
 * The routes.  Each answers a request, from the head to the end of the body.  The table in
 * routes.c maps paths to routes; a route is a file here, or a few lines of one.
 */
#pragma once

#include "service/http/exchange.h"

#define ASK_ROWS       200          /* matches of a page of a day */
#define PAGE_ROWS      30           /* of these in the page as sent; its scripts load all */
#define PAGE_BYTES_MAX (512 * 1024) /* an answer ends with the row that reaches this size */

/* Answers the request x->req. */
void routes_answer(struct exchange *x);

/* Whether the request has a valid token; if not, answers it.  Fills in x->grant. */
bool authorize(struct exchange *x);

/* The same for a stream that goes on: whether the token is still in the file, unchanged. */
bool authorize_again(struct exchange *x);

/*
 * Waits for a turn for an answer that costs much, of which a client has only a few at a time.
 * Returns false after answering 429, or if the client is gone.  routes_end_turn ends it early.
 */
bool routes_take_turn(struct exchange *x);
void routes_end_turn(struct exchange *x);

/* For what costs much: if the client asks too fast, all other processes come first from now on.
 * There is no way back without a privilege, so this request is the connection's last. */
void routes_give_way(struct exchange *x);

/* /livescore as a stream. */
void route_stream(struct exchange *x);

/* The same rows as a JSON object; ?wait=S waits for the first. */
void route_rows(struct exchange *x);

/* The scoreboard, the matches of a day, or one match, as JSON. */
void route_matches(struct exchange *x);

/* Answers with the text that a statement's rows make: see ask.c.  cache: as in struct
 * representation. */
void ask(struct exchange *x, const char *sql, const char *cache);

/* Binds a statement's parameters, and enters the request's time zone until ask_leave_zone:
 * lines for syslog have the time of UTC.  Returns 0, or -1 with x->query.error. */
int ask_bind(struct exchange *x, struct sqlite3_stmt *statement, int64_t rows);
void ask_leave_zone(void);

/* Puts the head's lines, the middle of index.html, and the matches as HTML into out: what the
 * page shows without scripts or before they run.  Returns 0, or -1 if memory is exhausted. */
int matches_put_html(struct exchange *x);

/* The metrics, as Prometheus or OpenMetrics text. */
void route_metrics(struct exchange *x);

/* A route by its place in the table, from 1; 0: "other"; NULL at the end. */
const char *routes_name(size_t place);

void route_page(struct exchange *x);

/* Puts a part of index.html into out.  Returns 0, or -1 if memory is exhausted. */
enum page_part { PAGE_FRONT, PAGE_MIDDLE, PAGE_END };
int page_put(struct exchange *x, enum page_part part);

/* Finds one of the page's files, none of which holds rows; NULL if the path has none.  Also
 * tells how long caches may keep it. */
struct asset;
const struct asset *page_asset(const char *path, const char **cache);
void page_send_asset(struct exchange *x, const struct asset *asset, const char *cache);
