/*
 * The page at / and its files.  To add a file: put it into src/web/, and a line here.
 *
 * The build embeds each file as it is and compressed.  In index.html it rewrites links to
 * assets/HASH/FILE, where asset_hash is of the content of all files: browsers may keep these
 * for ever, and a file's relative links lead to files of the same build.
 *
 * The files after index.html are parts of the page that the service puts into it.
 */
#include "base/embed.h"

#ifndef ASSETS

/* X(name, file, media type).  File names and the paths below must not contain spaces. */
/* clang-format off */
#define ASSETS(X)                                                                              \
    X(board_css, board.css, "text/css; charset=utf-8")                                         \
    X(announce_js, announce.js, "text/javascript; charset=utf-8")                              \
    X(app_js, app.js, "text/javascript; charset=utf-8")                                        \
    X(app_webmanifest, app.webmanifest, "application/manifest+json")                           \
    X(board_js, board.js, "text/javascript; charset=utf-8")                                    \
    X(choices_js, choices.js, "text/javascript; charset=utf-8")                                \
    X(connection_js, connection.js, "text/javascript; charset=utf-8")                          \
    X(days_js, days.js, "text/javascript; charset=utf-8")                                      \
    X(debug_js, debug.js, "text/javascript; charset=utf-8")                                    \
    X(dom_js, dom.js, "text/javascript; charset=utf-8")                                        \
    X(early_js, early.js, "text/javascript; charset=utf-8")                                    \
    X(embed_js, embed.js, "text/javascript; charset=utf-8")                                    \
    X(hub_js, hub.js, "text/javascript; charset=utf-8")                                        \
    X(icon_png, icon.png, "image/png")                                                         \
    X(kept_js, kept.js, "text/javascript; charset=utf-8")                                      \
    X(lang_ar_js, lang/ar.js, "text/javascript; charset=utf-8")                                \
    X(lang_de_js, lang/de.js, "text/javascript; charset=utf-8")                                \
    X(lang_en_js, lang/en.js, "text/javascript; charset=utf-8")                                \
    X(lang_es_js, lang/es.js, "text/javascript; charset=utf-8")                                \
    X(lang_fr_js, lang/fr.js, "text/javascript; charset=utf-8")                                \
    X(lang_ja_js, lang/ja.js, "text/javascript; charset=utf-8")                                \
    X(lang_pt_js, lang/pt.js, "text/javascript; charset=utf-8")                                \
    X(language_js, language.js, "text/javascript; charset=utf-8")                              \
    X(link_js, link.js, "text/javascript; charset=utf-8")                                      \
    X(main_js, main.js, "text/javascript; charset=utf-8")                                      \
    X(match_js, match.js, "text/javascript; charset=utf-8")                                    \
    X(offline_js, offline.js, "text/javascript; charset=utf-8")                                \
    X(overlay_js, overlay.js, "text/javascript; charset=utf-8")                                \
    X(problem_js, problem.js, "text/javascript; charset=utf-8")                                \
    X(row_js, row.js, "text/javascript; charset=utf-8")                                        \
    X(server_js, server.js, "text/javascript; charset=utf-8")                                  \
    X(settings_js, settings.js, "text/javascript; charset=utf-8")                              \
    X(spoilers_js, spoilers.js, "text/javascript; charset=utf-8")                              \
    X(state_js, state.js, "text/javascript; charset=utf-8")                                    \
    X(statuses_js, statuses.js, "text/javascript; charset=utf-8")                              \
    X(feed_js, feed.js, "text/javascript; charset=utf-8")                                  \
    X(tables_js, tables.js, "text/javascript; charset=utf-8")                                  \
    X(templates_html, templates.html, "text/html; charset=utf-8")                              \
    X(times_js, times.js, "text/javascript; charset=utf-8")                                    \
    X(types_js, types.js, "text/javascript; charset=utf-8")                                    \
    X(words_js, words.js, "text/javascript; charset=utf-8")                                    \
    X(worker_js, worker.js, "text/javascript; charset=utf-8")                                  \
    X(favicon_svg, favicon.svg, "image/svg+xml")

#define ASSET_STRING_(path) #path
#define ASSET_STRING(path)  ASSET_STRING_(path)
#define ASSET_EMBED(name, file, type)                                                          \
    EMBED(asset_##name, ASSET_STRING(web/file))                                            \
    EMBED(asset_##name##_gzip, ASSET_STRING(web/file.gz))
/* clang-format on */

ASSETS(ASSET_EMBED)
EMBED(asset_hash, "web/hash")
EMBED(asset_index_html, "web/index.html")
EMBED(asset_problem_html, "src/web/problem.html")
EMBED(asset_unread_html, "src/web/unread.html")

/* X(name): src/web/NAME.html, a template that sql/service/board.sql fills in as @NAME. */
/* clang-format off */
#define TEMPLATES(X)                                                                           \
    X(head) X(title) X(nav) X(day) X(league) X(row) X(note) X(reds) X(more) X(one)             \
    X(moment) X(missing) X(quiet) X(none)
#define TEMPLATE_EMBED(name) EMBED(asset_##name##_html, ASSET_STRING(src/web/name.html))

/* X(status): the words of its page, src/web/STATUS.html; the rest is problem.html */
#define PROBLEMS(X) X(401) X(403) X(404) X(429) X(503)
/* clang-format on */

TEMPLATES(TEMPLATE_EMBED)
PROBLEMS(TEMPLATE_EMBED)

#endif
