/* Chooses between input, playlist and follow, and gives them one face. */
#include "feeder/input/source.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/json.h"
#include "base/stop.h"
#include "feeder/store/database.h"
#include "feeder/store/import.h"

static int fail(struct source *s, int status, const char *sentence)
{
    snprintf(s->error, sizeof s->error, "%s", sentence);
    s->status = status;
    return -1;
}

static int fail_at(struct source *s, int status, const char *place, const char *sentence)
{
    snprintf(s->error, sizeof s->error, "%s: %s%s%s", s->name, place, *place ? ": " : "",
             sentence);
    s->status = status;
    return -1;
}

static int fail_list(struct source *s)
{
    return fail(s, s->list.db.status, s->list.db.error);
}

/* What a format says is about the document; but what is wrong with a person's own SELECT
 * begins with its name. */
static int fail_format(struct source *s, const char *place)
{
    size_t len = strlen(s->format.name);

    if (s->format.own && strncmp(s->format.error, s->format.name, len) == 0)
        return fail(s, s->format.status, s->format.error);
    return fail_at(s, s->format.status, place, s->format.error);
}

static bool wants_list(const struct options *options)
{
    return options->speed > 0 || options->from || options->until;
}

/* Room for a list, before the database is opened. */
static int open_list(struct source *s)
{
    database_expect(s->options->db_path, s->bytes);
    return playlist_open(&s->list, s->name) < 0 ||
                   playlist_learn(&s->list, s->options->db_path) < 0
               ? fail_list(s)
               : 0;
}

static void place_of(const struct input *in, const struct update *update, char *place,
                     size_t cap)
{
    if (in->updates.one_per_line)
        snprintf(place, cap, "line %" PRId64, update->line);
    else
        snprintf(place, cap, "update %" PRId64 " (line %" PRId64 ")", update->number,
                 update->line);
}

/* A match, or an update, that makes no sense: says so and leaves it out, or refuses it all. */
static int refuse(struct source *s, const char *place, const char *problem)
{
    fail_at(s, EX_DATAERR, place, problem);
    if (!s->options->skip_bad)
        return -1;
    s->left_out++;
    log_line(&s->options->log, LOG_ERR, "%s: left out", s->error);
    return 0;
}

/* Updates that are not taken as they come: each is a document of its own. */
static int list_updates(struct source *s)
{
    char place[SOURCE_PLACE_MAX];
    int rc;

    while ((rc = input_next(&s->input, &s->update)) == 1) {
        place_of(&s->input, &s->update, place, sizeof place);
        if (format_apply(&s->format, &s->list, NULL, s->update.text.at, s->name, place) == 0)
            continue;
        if (s->format.status != EX_DATAERR)
            return fail_format(s, place);
        if (refuse(s, place, s->format.error) < 0)
            return -1;
    }
    return rc < 0 ? fail(s, s->input.status, s->input.error) : 0;
}

static int read_document(struct source *s)
{
    return input_whole(&s->input, &s->document) < 0 ? fail(s, s->input.status, s->input.error)
                                                    : 0;
}

/* With --skip-bad: takes out what has not the shape of a match. */
static void leave_out_shapes(struct source *s)
{
    char problem[IMPORT_ERROR_MAX];

    while (s->options->skip_bad && format_has_shape(&s->format)) {
        char *rest = NULL;
        import_explain_shape(&s->list.db, s->document, problem, sizeof problem, &rest);
        if (!rest)
            break;
        refuse(s, "", problem);
        free(s->document);
        s->document = rest;
    }
}

static int list_document(struct source *s, struct db *live)
{
    if (!s->document && read_document(s) < 0)
        return -1;
    leave_out_shapes(s);
    int rc = format_apply(&s->format, &s->list, live, s->document, s->name, NULL);
    free(s->document);
    s->document = NULL;
    if (rc == 0 && s->list.count + s->list.known == 0 && !s->format.day_off) {
        snprintf(s->error, sizeof s->error,
                 "%s: %s finds no update in it: is it another format?", s->name,
                 s->format.name);
        s->status = EX_DATAERR;
        return -1;
    }
    return rc < 0 ? fail_format(s, "") : 0;
}

/* What the format itself has found. */
static int refuse_problems(struct source *s, const char *place)
{
    const char *problem;
    int64_t before = s->left_out;
    int rc;

    while ((rc = playlist_problem(&s->list, &problem)) == 1)
        if (refuse(s, place, problem) < 0)
            return -1;
    if (rc == 0 && s->left_out > before)
        rc = playlist_drop(&s->list);
    return rc < 0 ? fail_list(s) : 0;
}

static int list_all(struct source *s, struct db *live)
{
    if (open_list(s) < 0 ||
        (format_is_livescore(&s->format) ? list_updates(s) : list_document(s, live)) < 0)
        return -1;
    return refuse_problems(s, "");
}

static int fill_list(struct source *s)
{
    const struct options *options = s->options;

    if (list_all(s, NULL) < 0)
        return -1;
    if (playlist_limit(&s->list, options->from, options->until) < 0)
        return fail_list(s);
    s->size = s->list.count;
    return 0;
}

/* What is wrong with what the format has made. */
static int refuse_improper(struct source *s)
{
    char problem[IMPORT_ERROR_MAX + SOURCE_PLACE_MAX + FORMAT_NAME_MAX];
    struct playlist_match m;
    int rc;

    while ((rc = playlist_match(&s->list, &m)) == 1) {
        if (m.improper == 0)
            continue;
        if (playlist_explain(&s->list, m.improper, s->format.name, problem, sizeof problem) < 0)
            break;
        if (refuse(s, "", problem) < 0)
            return -1;
    }
    return rc == 0 ? 0 : fail_list(s);
}

int source_read(struct source *s, struct db *live)
{
    if (list_all(s, live) < 0)
        return -1;
    return playlist_follow(&s->list) < 0 ? fail_list(s) : refuse_improper(s);
}

enum source_result source_match(struct source *s, struct playlist_match *m)
{
    int rc;

    while ((rc = playlist_match(&s->list, m)) == 1 && m->improper > 0)
        continue;
    if (rc < 0)
        fail_list(s);
    return rc < 0 ? SOURCE_FAILED : rc == 1 ? SOURCE_UPDATE : SOURCE_END;
}

static int find_format(struct source *s, const char *name)
{
    return format_find(&s->format, name) < 0 ? fail(s, s->format.status, s->format.error) : 0;
}

static int open_feed(struct source *s)
{
    const struct options *options = s->options;

    s->kind = SOURCE_FEED;
    if (find_format(s, options->format ? options->format : FORMAT_LIVESCORE) < 0)
        return -1;
    if (follow_open(&s->follow, options->operands[0]) < 0)
        return fail(s, s->follow.status, s->follow.error);
    s->name = s->follow.name;
    return format_is_livescore(&s->format) ? 0 : open_list(s);
}

/* A document in no known format is taken for updates, and what is wrong with it is said. */
static int guess(struct source *s)
{
    struct span head;
    const char *name;

    if (input_peek(&s->input, FORMAT_HEAD, &head) < 0)
        return fail(s, s->input.status, s->input.error);
    name = format_guess(head);
    return find_format(s, name ? name : FORMAT_LIVESCORE);
}

/* Whether it is taken as what its source knows now, if there is no pace: a part of it is not.
 */
static bool is_whole(const struct options *options, const struct format *format)
{
    return options->merge ||
           (!format_is_livescore(format) && !options->from && !options->until);
}

/* Reads no more of the document than it takes to see whether it is known. */
static int take_document(struct source *s)
{
    uint64_t digest;

    if (format_is_livescore(&s->format))
        return 0;
    if (read_document(s) < 0)
        return -1;
    digest = span_hash(SPAN_HASH, span_of(s->format.sql));
    digest = span_hash(digest, span_of(s->name));
    s->digest = (int64_t)json_hash(digest, s->document, strlen(s->document));
    return 0;
}

int source_open(struct source *s, const struct options *options)
{
    bool paced = options->every_ms != OPTIONS_AT_ONCE || options->speed > 0;

    *s = (struct source){.options = options, .size = -1, .bytes = -1};
    s->input.fd = s->follow.fd = s->follow.inotify = -1;
    if (options->follow)
        return open_feed(s);
    if (options->format && find_format(s, options->format) < 0)
        return -1;
    if (input_open(&s->input, options->operands[0], paced) < 0)
        return fail(s, s->input.status, s->input.error);
    s->name = s->input.name;
    s->bytes = s->size = s->input.size;
    if (!options->format && guess(s) < 0)
        return -1;
    s->kind = !paced && is_whole(options, &s->format)                   ? SOURCE_DOCUMENT
              : wants_list(options) || !format_is_livescore(&s->format) ? SOURCE_LIST
                                                                        : SOURCE_STREAM;
    return s->kind == SOURCE_DOCUMENT ? take_document(s)
           : s->kind == SOURCE_LIST   ? fill_list(s)
                                      : 0;
}

void source_close(struct source *s)
{
    free(s->document);
    format_free(&s->format);
    playlist_close(&s->list);
    follow_close(&s->follow);
    input_close(&s->input);
}

static enum source_result next_of_input(struct source *s, struct source_update *u)
{
    int rc = input_next(&s->input, &s->update);

    if (rc < 0)
        fail(s, s->input.status, s->input.error);
    if (rc <= 0)
        return rc < 0 ? SOURCE_FAILED : SOURCE_END;
    *u = (struct source_update){.text = s->update.text.at,
                                .compact = s->update.compact,
                                .done = s->update.end,
                                .number = s->update.number};
    return SOURCE_UPDATE;
}

static enum source_result next_of_list(struct source *s, struct source_update *u)
{
    struct playlist_item item;
    int rc = playlist_next(&s->list, &item);

    if (rc < 0)
        fail_list(s);
    if (rc <= 0)
        return rc < 0 ? SOURCE_FAILED : SOURCE_END;
    *u = (struct source_update){.text = item.text,
                                .due_ms = item.due_ms,
                                .done = ++s->given,
                                .number = item.number};
    snprintf(u->place, sizeof u->place, "%s", item.place ? item.place : "");
    return SOURCE_UPDATE;
}

/* A line of a feed that is a document of its own. */
static enum source_result list_line(struct source *s, const char *line)
{
    char place[SOURCE_PLACE_MAX];

    snprintf(place, sizeof place, "line %" PRId64, s->follow.line);
    if (playlist_clear(&s->list) < 0) {
        fail_list(s);
        return SOURCE_FAILED;
    }
    if (format_apply(&s->format, &s->list, NULL, line, s->name, place) < 0) {
        fail_format(s, place);
        return SOURCE_BAD;
    }
    if (refuse_problems(s, place) < 0)
        return s->status == EX_DATAERR ? SOURCE_BAD : SOURCE_FAILED;
    s->listing = true;
    return SOURCE_UPDATE;
}

static enum source_result next_line(struct source *s, struct span *line)
{
    enum follow_result r = follow_next(&s->follow, line);

    if (r == FOLLOW_BAD || r == FOLLOW_FAILED)
        fail(s, s->follow.status, s->follow.error);
    return r == FOLLOW_LINE  ? SOURCE_UPDATE
           : r == FOLLOW_BAD ? SOURCE_BAD
           : r == FOLLOW_END ? SOURCE_END
                             : SOURCE_FAILED;
}

static enum source_result next_of_feed(struct source *s, struct source_update *u)
{
    struct span line;

    for (;;) {
        enum source_result r = s->listing ? next_of_list(s, u) : SOURCE_END;
        if (r != SOURCE_END)
            return r;
        s->listing = false;
        r = next_line(s, &line);
        if (r == SOURCE_UPDATE && format_is_livescore(&s->format)) {
            *u = (struct source_update){.text = line.at};
            snprintf(u->place, sizeof u->place, "line %" PRId64, s->follow.line);
            return r;
        }
        if (r == SOURCE_UPDATE)
            r = list_line(s, line.at);
        if (r != SOURCE_UPDATE)
            return r;
    }
}

enum source_result source_next(struct source *s, struct source_update *u)
{
    switch (s->kind) {
    case SOURCE_STREAM: return next_of_input(s, u);
    case SOURCE_LIST: return next_of_list(s, u);
    default: return next_of_feed(s, u);
    }
}

int source_rewind(struct source *s)
{
    s->given = 0;
    if (s->kind == SOURCE_LIST)
        return playlist_rewind(&s->list) < 0 ? fail_list(s) : 0;
    return input_rewind(&s->input) < 0 ? fail(s, s->input.status, s->input.error) : 0;
}

void source_blame(struct source *s, const struct source_update *u, const char *problem)
{
    char place[SOURCE_PLACE_MAX + FORMAT_NAME_MAX];

    if (s->kind == SOURCE_STREAM) {
        input_blame(&s->input, &s->update, problem);
        fail(s, s->input.status, s->input.error);
        return;
    }
    snprintf(place, sizeof place, "%s", u->place);
    if (!*u->place)
        snprintf(place, sizeof place, "update %" PRId64 " that %.*s makes of it", u->number,
                 FORMAT_NAME_MAX, s->format.name);
    fail_at(s, EX_DATAERR, place, problem);
}
