/* The page at / and its files, which the service sends as they are. */
#include "base/embed.h"

EMBED(asset_index_html, "src/web/index.html")
EMBED(asset_board_css, "src/web/board.css")
EMBED(asset_board_js, "src/web/board.js")
EMBED(asset_favicon_svg, "src/web/favicon.svg")
