/*
 * The routes: each answers one request, from the first byte of the head to the last of the
 * body.  The table in routes.c says which path leads to which; a route is a file here, or
 * a few lines of one.
 */
#ifndef SERVICE_ROUTES_H
#define SERVICE_ROUTES_H

#include <stdbool.h>

#include "service/http/exchange.h"

#define MATCHES_MAX      1000 /* matches in the scoreboard */
#define PAGE_MATCHES_MAX 100  /* matches in the page as it is sent: its scripts get all */
#define PAGE_ROWS_MAX    1000 /* rows of the log looked at for one JSON answer */
#define PAGE_BYTES_MAX   (512 * 1024) /* such an answer ends with the row that reaches it */

/* Answers whatever is asked for, in x->req. */
void routes_answer(struct exchange *x);

/* /livescore: rows in one of the two forms below, as the request prefers. */
void route_livescore(struct exchange *x);

/* The stream of Server-Sent Events. */
void route_stream(struct exchange *x);

/* The same rows as one JSON object; with ?wait=S it waits for the first. */
void route_rows(struct exchange *x);

/* The scoreboard as JSON. */
void route_matches(struct exchange *x);

/* Puts the same as HTML into out, or a few words about why there is none: what the page shows
 * where no script runs, and until its scripts show more. */
void matches_put_html(struct exchange *x);

/* 200 or 503: can rows be read? */
void route_health(struct exchange *x);

/* The live page. */
void route_page(struct exchange *x);

/* One of the page's files, which hold no rows: NULL if there is none at that path; and how long
 * caches may keep it. */
struct asset;
const struct asset *page_asset(const char *path, const char **cache);
void page_send_asset(struct exchange *x, const struct asset *asset, const char *cache);

#endif
