/* One interface for input, playlist and follow. */
#include "feeder/input/source.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/process/stop.h"
#include "base/text/json.h"
#include "feeder/store/database.h"
#include "feeder/store/import.h"

/* A format's error is about the document, unless it begins with the name of the user's
 * SELECT. */
static int fail_format(struct source *s, const char *place)
{
    size_t len = strlen(s->format.name);

    if (s->format.own && strncmp(s->failure->text, s->format.name, len) == 0)
        return -1;
    failure_at(s->failure, place);
    return failure_at(s->failure, s->name);
}

static bool wants_list(const struct options *options)
{
    return options->speed > 0 || options->from || options->until;
}

/* Opens a list, before the database. */
static int open_list(struct source *s)
{
    database_expect(s->options->db_path, s->bytes);
    return playlist_open(&s->list, s->name, s->failure) < 0
               ? -1
               : playlist_learn(&s->list, s->options->db_path);
}

/* Reports a bad match or update, and leaves it out or refuses everything. */
static int refuse(struct source *s, const char *place)
{
    failure_at(s->failure, place);
    failure_at(s->failure, s->name);
    if (!s->options->skip_bad)
        return -1;
    s->left_out++;
    log_line(&s->options->log, LOG_ERR, "%s: left out", s->failure->text);
    return 0;
}

/* Lists updates out of order: each is a document of its own. */
static int list_updates(struct source *s)
{
    char place[SOURCE_PLACE_MAX];
    struct update update;
    int rc;

    while ((rc = input_next(&s->follow.in, &update)) == 1) {
        if (s->follow.in.updates.one_per_line)
            snprintf(place, sizeof place, "line %" PRId64, update.line);
        else
            snprintf(place, sizeof place, "update %" PRId64 " (line %" PRId64 ")",
                     update.number, update.line);
        if (format_apply(&s->format, &s->list, NULL, update.text.at, s->name, place) == 0)
            continue;
        if (s->failure->status != EX_DATAERR)
            return fail_format(s, place);
        if (refuse(s, place) < 0)
            return -1;
    }
    return rc;
}

static int read_document(struct source *s)
{
    int64_t len = input_whole(&s->follow.in, INPUT_WHOLE_MAX, &s->document);

    if (len == 0)
        return failure_set(s->failure, EX_DATAERR, "%s: empty: expected JSON", s->name);
    return len < 0 ? -1 : input_check(&s->follow.in, s->document, (size_t)len, "");
}

/* With --skip-bad: removes what lacks the shape of a match. */
static void leave_out_shapes(struct source *s)
{
    while (s->options->skip_bad && format_has_shape(&s->format)) {
        char *rest = NULL;
        import_check_shape(&s->list.db, s->document, &rest);
        if (!rest)
            break;
        refuse(s, "");
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
    if (rc == 0 && s->list.count + s->list.known == 0 && !s->format.day_off)
        return failure_set(s->failure, EX_DATAERR,
                           "%s: %s finds no update in it: is it in another format?", s->name,
                           s->format.name);
    return rc < 0 ? fail_format(s, "") : 0;
}

/* Refuses what the format itself has found. */
static int refuse_problems(struct source *s, const char *place)
{
    const char *problem;
    int64_t before = s->left_out;
    int rc;

    while ((rc = playlist_problem(&s->list, &problem)) == 1) {
        failure_set(s->failure, EX_DATAERR, "%s", problem);
        if (refuse(s, place) < 0)
            return -1;
    }
    return rc == 0 && s->left_out > before ? playlist_drop(&s->list) : rc;
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
    if (list_all(s, NULL) < 0 ||
        playlist_limit(&s->list, s->options->from, s->options->until) < 0)
        return -1;
    s->size = s->list.count;
    return 0;
}

/* Refuses improper results of the format. */
static int refuse_improper(struct source *s)
{
    struct playlist_match m;
    int rc;

    while ((rc = playlist_match(&s->list, &m)) == 1)
        if (m.improper != 0) {
            playlist_explain(&s->list, m.improper, s->format.name);
            if (refuse(s, "") < 0)
                return -1;
        }
    return rc;
}

int source_read(struct source *s, struct db *live)
{
    return list_all(s, live) < 0 || playlist_follow(&s->list) < 0 ? -1 : refuse_improper(s);
}

static enum source_result result_of(int rc)
{
    return rc < 0 ? SOURCE_FAILED : rc == 1 ? SOURCE_UPDATE : SOURCE_END;
}

enum source_result source_match(struct source *s, struct playlist_match *m)
{
    int rc;

    while ((rc = playlist_match(&s->list, m)) == 1 && m->improper > 0)
        continue;
    return result_of(rc);
}

static int find_format(struct source *s, const char *name)
{
    return format_find(&s->format, name ? name : FORMAT_LIVESCORE, s->failure);
}

static int open_feed(struct source *s)
{
    s->kind = SOURCE_FEED;
    if (find_format(s, s->options->format) < 0 ||
        follow_open(&s->follow, s->options->operands[0], s->failure) < 0)
        return -1;
    s->name = s->follow.in.name;
    return format_is_livescore(&s->format) ? 0 : open_list(s);
}

/* Treats a document of unknown format as updates, so that their errors are reported. */
static int guess(struct source *s)
{
    struct span head;

    return input_peek(&s->follow.in, FORMAT_HEAD, &head) < 0
               ? -1
               : find_format(s, format_guess(head));
}

/* Whether, without a pace, the input is all that its source knows now; a part of it is not. */
static bool is_whole(const struct options *options, const struct format *format)
{
    return options->merge ||
           (!format_is_livescore(format) && !options->from && !options->until);
}

/* Reads only enough of the document to see whether it is known. */
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

int source_open(struct source *s, const struct options *options, struct failure *failure)
{
    bool paced = options->every_ms != OPTIONS_AT_ONCE || options->speed > 0;
    struct input *in = &s->follow.in;

    *s = (struct source){.options = options, .size = -1, .bytes = -1, .failure = failure};
    in->fd = s->follow.inotify = -1;
    if (options->follow)
        return open_feed(s);
    if ((options->format && find_format(s, options->format) < 0) ||
        input_open(in, options->operands[0], 0, failure) < 0)
        return -1;
    in->stoppable = paced;
    s->name = in->name;
    s->bytes = s->size = in->size;
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
    db_close(&s->list.db);
    follow_close(&s->follow);
}

static enum source_result next_of_input(struct source *s, struct source_update *u)
{
    struct update update;
    int rc = input_next(&s->follow.in, &update);

    if (rc == 1) {
        *u = (struct source_update){.text = update.text.at,
                                    .compact = update.compact,
                                    .done = update.end,
                                    .number = update.number,
                                    .line = update.line};
    }
    return result_of(rc);
}

static enum source_result next_of_list(struct source *s, struct source_update *u)
{
    struct playlist_item item;
    int rc = playlist_next(&s->list, &item);

    if (rc == 1) {
        *u = (struct source_update){.text = item.text,
                                    .due_ms = item.due_ms,
                                    .done = ++s->given,
                                    .number = item.number};
        snprintf(u->place, sizeof u->place, "%s", item.place ? item.place : "");
    }
    return result_of(rc);
}

/* Lists a line of a feed that is a document of its own. */
static enum source_result list_line(struct source *s, const char *line)
{
    char place[SOURCE_PLACE_MAX];

    snprintf(place, sizeof place, "line %" PRId64, s->follow.line);
    if (playlist_clear(&s->list) < 0)
        return SOURCE_FAILED;
    if (format_apply(&s->format, &s->list, NULL, line, s->name, place) < 0) {
        fail_format(s, place);
        return SOURCE_BAD;
    }
    if (refuse_problems(s, place) < 0)
        return s->failure->status == EX_DATAERR ? SOURCE_BAD : SOURCE_FAILED;
    s->listing = true;
    return SOURCE_UPDATE;
}

static enum source_result next_of_feed(struct source *s, struct source_update *u)
{
    static const enum source_result results[] = {[FOLLOW_LINE] = SOURCE_UPDATE,
                                                 [FOLLOW_BAD] = SOURCE_BAD,
                                                 [FOLLOW_END] = SOURCE_END,
                                                 [FOLLOW_FAILED] = SOURCE_FAILED};
    struct span line;

    for (;;) {
        enum source_result r = s->listing ? next_of_list(s, u) : SOURCE_END;
        if (r != SOURCE_END)
            return r;
        s->listing = false;
        r = results[follow_next(&s->follow, &line)];
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
    if (s->kind != SOURCE_LIST)
        return input_rewind(&s->follow.in);
    playlist_rewind(&s->list);
    return 0;
}

void source_blame(struct source *s, const struct source_update *u)
{
    struct failure *f = s->failure;

    if (*u->place)
        failure_at(f, u->place);
    else if (s->kind == SOURCE_LIST)
        failure_set(f, f->status, "update %" PRId64 " made by %s: %s", u->number,
                    s->format.name, f->text);
    else if (s->follow.in.updates.one_per_line)
        failure_set(f, f->status, "line %" PRId64 ": %s", u->line, f->text);
    else
        failure_set(f, f->status, "update %" PRId64 ": %s (line %" PRId64 ")", u->number,
                    f->text, u->line);
    failure_at(f, s->name);
}
