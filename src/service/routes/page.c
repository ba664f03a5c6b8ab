/*
 * The live page and its files, embedded in the program: which one a path means, whether the
 * client has it already, and how long it may keep it.  src/web/assets.h lists them.  The page
 * comes with the matches in it, for who runs no script, and for the first moment.
 */
#include <stdio.h>
#include <string.h>

#include "service/routes/routes.h"
#include "web/assets.h"

/* Nothing but this origin's own files, no inline script or style, in nobody's frame: to show
 * a match elsewhere there is embed.js. */
#define CONTENT_SECURITY_POLICY                                                                \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "          \
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; "            \
    "form-action 'self'; frame-ancestors 'none'"

#define CACHE_ASK  "no-cache" /* an upgrade shows at the next visit */
#define CACHE_KEEP "public, max-age=31536000, immutable"
#define ETAG_MAX   64

#define MATCHES_PLACE "<!-- matches -->" /* in index.html */

struct asset {
    const char *file, *type, *bytes, *end, *gzip, *gzip_end;
};

/* What is sent: one form of a file, or the page. */
struct representation {
    const char *type, *cache, *readers; /* readers: as in Cross-Origin-Resource-Policy */
    char etag[ETAG_MAX];
    struct span bytes;
    bool gzip, negotiated; /* it is compressed; or would be, had the client accepted it */
};

static const struct asset *find(const char *file)
{
#define ENTRY(name, file, type)                                                                \
    {#file,                                                                                    \
     type,                                                                                     \
     asset_##name,                                                                             \
     asset_##name##_end,                                                                       \
     asset_##name##_gzip,                                                                      \
     asset_##name##_gzip_end},
    static const struct asset assets[] = {ASSETS(ENTRY)};
#undef ENTRY

    for (size_t i = 0; i < sizeof assets / sizeof *assets; i++)
        if (strcmp(file, assets[i].file) == 0)
            return &assets[i];
    return NULL;
}

static void put_head(struct exchange *x, const struct representation *r, bool fresh)
{
    exchange_begin(x, fresh ? 304 : 200, fresh ? NULL : r->type);
    http_header(&x->out, "ETag", r->etag);
    http_header(&x->out, "Cache-Control", r->cache);
    if (r->negotiated)
        http_header(&x->out, "Vary", "Accept-Encoding");
    if (!fresh) {
        if (r->gzip)
            http_header(&x->out, "Content-Encoding", "gzip");
        http_header_int(&x->out, "Content-Length", (int64_t)r->bytes.len);
        http_header(&x->out, "Content-Security-Policy", CONTENT_SECURITY_POLICY);
        http_header(&x->out, "Cross-Origin-Resource-Policy", r->readers);
        http_header(&x->out, "Referrer-Policy", "no-referrer");
    }
    exchange_end(x);
}

static void send(struct exchange *x, const struct representation *r)
{
    bool fresh = http_has_tag(&x->req, r->etag);

    put_head(x, r, fresh);
    if (fresh || exchange_reserve(x, r->bytes.len) == 0) {
        if (!fresh)
            buf_put(&x->out, r->bytes.at, r->bytes.len);
        exchange_flush(x);
    }
}

/* The two forms have two tags: neither may be taken for the other. */
void page_send_asset(struct exchange *x, const struct asset *asset, bool keep)
{
    bool gzip = http_accepts_gzip(&x->req);
    struct representation r = {
        .type = asset->type,
        .cache = keep ? CACHE_KEEP : CACHE_ASK,
        .readers = "cross-origin", /* a page that isolates itself may still embed a match */
        .gzip = gzip,
        .negotiated = true,
    };

    r.bytes = gzip ? (struct span){asset->gzip, (size_t)(asset->gzip_end - asset->gzip)}
                   : (struct span){asset->bytes, (size_t)(asset->end - asset->bytes)};
    snprintf(r.etag, sizeof r.etag, "\"%s%s\"", asset_hash, gzip ? "-gzip" : "");
    send(x, &r);
}

/* index.html, with the matches in the place that it keeps for them: 0; -1: out of memory. */
static int compose_page(struct exchange *x)
{
    const char *place = strstr(asset_index_html, MATCHES_PLACE);
    size_t len = strlen(asset_index_html);
    size_t front = place ? (size_t)(place - asset_index_html) : len;

    if (exchange_reserve(x, len + EXCHANGE_SMALL) < 0)
        return -1;
    buf_put(&x->out, asset_index_html, front);
    if (!place)
        return 0;
    matches_put_html(x);
    if (exchange_reserve(x, len - front) < 0)
        return -1;
    buf_puts(&x->out, place + sizeof MATCHES_PLACE - 1);
    return 0;
}

void route_page(struct exchange *x)
{
    struct representation r = {
        .type = "text/html; charset=utf-8",
        .cache = CACHE_ASK,
        .readers = "same-origin",
    };
    struct buf body;

    if (compose_page(x) < 0)
        return;
    body = exchange_take(x);
    r.bytes = (struct span){body.at, body.len};
    /* a page of other content has another tag, whatever the content came from */
    snprintf(r.etag, sizeof r.etag, "\"%016llx\"",
             (unsigned long long)span_hash(SPAN_HASH, r.bytes));
    send(x, &r);
    exchange_drop(&body);
}

/*
 * What is behind /assets/HASH/, or else behind the first slash.  Another build's page may ask
 * for its own hash here, while a service is upgraded: it gets what there is, but not to keep.
 */
const struct asset *page_asset(const char *path, bool *keep)
{
    static const char folder[] = "/assets/";
    const char *hash = path + sizeof folder - 1, *slash;

    *keep = false;
    if (strncmp(path, folder, sizeof folder - 1) != 0 || !(slash = strchr(hash, '/')))
        return find(path + 1);
    *keep = span_is((struct span){hash, (size_t)(slash - hash)}, asset_hash);
    return find(slash + 1);
}
