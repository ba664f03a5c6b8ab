/* The live page and its files, embedded in the program. */
#include <string.h>

#include "service/routes.h"
#include "web/assets.h"

/* Nothing but this origin's own files, no inline script or style, in nobody's frame. */
#define CONTENT_SECURITY_POLICY                                                                \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "          \
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

struct asset {
    const char *path, *type, *bytes, *end;
};

static const struct asset *find(const char *path)
{
    static const struct asset assets[] = {
        {"/", "text/html; charset=utf-8", asset_index_html, asset_index_html_end},
        {"/board.css", "text/css; charset=utf-8", asset_board_css, asset_board_css_end},
        {"/board.js", "text/javascript; charset=utf-8", asset_board_js, asset_board_js_end},
        {"/favicon.svg", "image/svg+xml", asset_favicon_svg, asset_favicon_svg_end},
    };

    for (size_t i = 0; i < sizeof assets / sizeof *assets; i++)
        if (strcmp(path, assets[i].path) == 0)
            return &assets[i];
    return NULL;
}

bool route_page(struct exchange *x, const char *path)
{
    const struct asset *asset = find(path);
    size_t len;

    if (!asset)
        return false;
    len = (size_t)(asset->end - asset->bytes);
    exchange_begin(x, 200, asset->type);
    http_header_int(&x->out, "Content-Length", (int64_t)len);
    http_header(&x->out, "Cache-Control", "no-cache"); /* an upgrade shows at the next visit */
    http_header(&x->out, "Content-Security-Policy", CONTENT_SECURITY_POLICY);
    http_header(&x->out, "Referrer-Policy", "no-referrer");
    exchange_end(x);
    if (exchange_reserve(x, len) == 0) {
        buf_put(&x->out, asset->bytes, len);
        exchange_flush(x);
    }
    return true;
}
