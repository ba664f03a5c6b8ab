/*
 * The live page and its files, embedded in the program: maps paths to files, and handles
 * caching.  src/web/assets.h lists the files.  The page includes the matches for clients
 * without scripts, and until its scripts run.
 */
#include <stdio.h>

#include "service/routes/routes.h"
#include "web/assets.h"

/* Only this origin's files, no inline scripts or styles, no framing: embed.js shows a match on
 * other sites. */
#define CONTENT_SECURITY_POLICY                                                                \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "          \
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; "            \
    "form-action 'self'; frame-ancestors 'none'"

#define FIELDS(readers)                                                                        \
    "Content-Security-Policy: " CONTENT_SECURITY_POLICY "\r\n"                                 \
    "Cross-Origin-Resource-Policy: " readers "\r\n"                                            \
    "Referrer-Policy: no-referrer\r\n"

#define CACHE_FILE "max-age=60, stale-while-revalidate=600"
#define CACHE_ASK  "no-cache"
#define ETAG_MAX   64

struct asset {
    const char *file, *type, *bytes, *end, *gzip, *gzip_end;
};

static const struct asset *find(const char *file)
{
#define BYTES(at)               at, at##_end
#define ENTRY(name, file, type) {#file, type, BYTES(asset_##name), BYTES(asset_##name##_gzip)},
    static const struct asset assets[] = {ASSETS(ENTRY)};

    for (size_t i = 0; i < sizeof assets / sizeof *assets; i++)
        if (strcmp(file, assets[i].file) == 0)
            return &assets[i];
    return NULL;
}

/* The two forms need different tags.  Even isolated pages may embed a match, so other origins
 * may read the files. */
void page_send_asset(struct exchange *x, const struct asset *asset, const char *cache)
{
    bool gzip = http_accepts_gzip(&x->req);
    char tag[ETAG_MAX];
    struct representation r = {
        .type = asset->type,
        .cache = cache,
        .vary = "Accept-Encoding",
        .tag = tag,
        .fields =
            gzip ? "Content-Encoding: gzip\r\n" FIELDS("cross-origin") : FIELDS("cross-origin"),
    };

    r.bytes = gzip ? (struct span){asset->gzip, (size_t)(asset->gzip_end - asset->gzip)}
                   : (struct span){asset->bytes, (size_t)(asset->end - asset->bytes)};
    snprintf(tag, sizeof tag, "\"%s%s\"", asset_hash, gzip ? "-gzip" : "");
    exchange_represent(x, &r);
}

int page_put(struct exchange *x, enum page_part part)
{
    static const char *const places[] = {"<!-- head -->", "<!-- matches -->"};
    const char *from = asset_index_html, *to;

    for (int i = 0; i < (int)part; i++)
        if ((to = strstr(from, places[i])))
            from = to + strlen(places[i]);
    if (part == PAGE_END || !(to = strstr(from, places[part])))
        to = from + strlen(from);
    if (exchange_reserve(x, (size_t)(to - from) + EXCHANGE_SMALL) < 0)
        return -1;
    buf_put(&x->out, from, (size_t)(to - from));
    return 0;
}

void route_page(struct exchange *x)
{
    const struct representation r = {
        .type = "text/html; charset=utf-8",
        .cache = CACHE_SOON,
        .fields = FIELDS("same-origin"),
    };

    if (page_put(x, PAGE_FRONT) == 0 && matches_put_html(x) == 0 && page_put(x, PAGE_END) == 0)
        exchange_represent(x, &r);
    else
        exchange_database_problem(x, x->failure);
}

/*
 * Finds the file of a path: /FILE or /assets/HASH/FILE.  During an upgrade, another build's
 * page may request its own hash: it gets this build's file, but must not keep it.
 */
const struct asset *page_asset(const char *path, const char **cache)
{
    static const char folder[] = "/assets/";
    const char *hash = path + sizeof folder - 1, *slash;

    *cache = CACHE_FILE;
    if (strncmp(path, folder, sizeof folder - 1) != 0 || !(slash = strchr(hash, '/')))
        return find(path + 1);
    *cache = span_is((struct span){hash, (size_t)(slash - hash)}, asset_hash) ? CACHE_KEEP
                                                                              : CACHE_ASK;
    return find(slash + 1);
}
