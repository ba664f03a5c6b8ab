/*
 * feeder load: updates from a file or a pipe.  At once, in one transaction that
 * keeps all or nothing; or one after the other, at a pace, by the clock of play or as
 * they come, in one transaction per update.  Where they come from is source.h's business,
 * and what becomes of a whole document, document.h's.
 */
#include <inttypes.h>
#include <stddef.h>
#include <string.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/stop.h"
#include "feeder/command.h"
#include "feeder/commands/document.h"
#include "feeder/commands/progress.h"
#include "feeder/input/recognise.h"
#include "feeder/input/source.h"
#include "feeder/store/database.h"
#include "feeder/store/import.h"

#define DUE_MAX_MS 1e15 /* 30,000 years: a document may tell any time */

struct load {
    const struct options *options;
    struct source source;
    struct db db;
    struct import import;
    struct progress progress;
    int64_t updates; /* loaded */
    int64_t refused; /* made no sense */
    int64_t started;
    bool ahead; /* the next update was looked at before: */
    struct source_update first;
    enum source_result found;
};

static void say(struct load *load, const char *sentence)
{
    progress_clear(&load->progress);
    log_line(&load->options->log, LOG_ERR, "%s", sentence);
}

static enum source_result next(struct load *load, struct source_update *update)
{
    if (!load->ahead)
        return source_next(&load->source, update);
    load->ahead = false;
    *update = load->first;
    return load->found;
}

/* Each of the following returns an exit code; what is wrong, it has said. */

static int fail_source(struct load *load)
{
    say(load, load->source.error);
    return load->source.status;
}

static int fail_db(struct load *load)
{
    say(load, load->db.error);
    return load->db.status;
}

/* With --skip-bad: says what is wrong with an update, if something is, and goes on. */
static bool left_out(struct load *load, const struct source_update *update)
{
    if (!load->options->skip_bad || import_check(&load->import, update->text) == IMPORT_DONE)
        return false;
    load->refused++;
    source_blame(&load->source, update, load->import.error);
    progress_clear(&load->progress);
    log_line(&load->options->log, LOG_ERR, "%s: left out", load->source.error);
    return true;
}

static int import_one(struct load *load, const struct source_update *update)
{
    if (left_out(load, update))
        return EX_OK;
    switch (import_update(&load->import, update->text, update->compact)) {
    case IMPORT_FAILED: return fail_db(load);
    case IMPORT_BAD:
        load->refused++;
        source_blame(&load->source, update, load->import.error);
        return fail_source(load);
    default: break;
    }
    load->updates++;
    progress_update(&load->progress, load->import.rows, update->done);
    return EX_OK;
}

/* The transaction begins when there is something to write: a pipe may take its time. */
static int load_all(struct load *load, struct source_update *update)
{
    enum source_result found = SOURCE_UPDATE;
    int status = EX_OK;

    if (db_begin_write(&load->db) < 0)
        return fail_db(load);
    while (found == SOURCE_UPDATE && status == EX_OK) {
        status = import_one(load, update);
        if (status == EX_OK)
            found = next(load, update);
    }
    if (found == SOURCE_FAILED)
        status = fail_source(load);
    if (db_end(&load->db, status == EX_OK) < 0 && status == EX_OK)
        status = fail_db(load);
    if (status != EX_OK)
        load->updates = load->import.rows = 0;
    return status;
}

static int load_at_once(struct load *load)
{
    struct source_update update;

    switch (next(load, &update)) {
    case SOURCE_UPDATE: return load_all(load, &update);
    case SOURCE_END: return EX_OK;
    default: return fail_source(load);
    }
}

static int load_one(struct load *load, const struct source_update *update)
{
    int64_t rows = load->import.rows;

    if (db_begin_write(&load->db) < 0)
        return fail_db(load);
    int status = import_one(load, update);
    if (db_end(&load->db, status == EX_OK) < 0 && status == EX_OK) {
        load->updates--;
        status = fail_db(load);
    }
    if (status != EX_OK)
        load->import.rows = rows;
    return status;
}

/* Sleeps until the next update is due, and lets a request to stop in, even if it is late.
 * What comes late is not made up for, but by the clock of play. */
static void wait_until(int64_t due)
{
    do
        stop_poll(NULL, 0, due);
    while (!stop_requested() && clock_left(due) > 0);
}

/* When an update is due: the one before came at `last`, and the first of all at `start`. */
static int64_t due_at(const struct options *options, const struct source_update *update,
                      int64_t start, int64_t last)
{
    if (options->speed > 0) {
        double ms = (double)update->due_ms / options->speed;
        return start + (int64_t)(ms < DUE_MAX_MS ? ms : DUE_MAX_MS);
    }
    return last + options->every_ms;
}

/* Once through the source; *last is when an update was loaded last. */
static int load_paced(struct load *load, int64_t *last)
{
    struct source_update update;
    enum source_result found;
    int64_t start = clock_ms();
    int status = EX_OK;

    while (status == EX_OK && (found = next(load, &update)) == SOURCE_UPDATE) {
        wait_until(due_at(load->options, &update, start, *last));
        if (stop_requested())
            return EX_OK;
        *last = clock_ms();
        status = load_one(load, &update);
    }
    return status == EX_OK && found == SOURCE_FAILED ? fail_source(load) : status;
}

static int load_in_a_loop(struct load *load)
{
    int64_t last = clock_ms() - load->options->every_ms;
    int status = load_paced(load, &last);

    while (status == EX_OK && load->options->loop && !stop_requested()) {
        if (load->updates == 0) {
            log_line(&load->options->log, LOG_ERR, "%s: --loop: it holds no update",
                     load->source.name);
            return EX_DATAERR;
        }
        if (source_rewind(&load->source) < 0)
            return fail_source(load);
        status = load_paced(load, &last);
    }
    return status;
}

/* A line that makes no sense is said and left out: the feed goes on. */
static int load_feed(struct load *load)
{
    struct source_update update;
    int status = EX_OK;

    while (status == EX_OK) {
        int64_t refused = load->refused;
        switch (source_next(&load->source, &update)) {
        case SOURCE_UPDATE: status = load_one(load, &update); break;
        case SOURCE_BAD:
            load->refused++;
            fail_source(load);
            break;
        case SOURCE_END: return refused > 0 ? EX_DATAERR : EX_OK;
        case SOURCE_FAILED: return fail_source(load);
        }
        if (load->refused > refused)
            status = EX_OK;
    }
    return status;
}

static const char *plural(int64_t n)
{
    return n == 1 ? "" : "s";
}

static void report(struct load *load, bool ok)
{
    const struct log *log = &load->options->log;
    int64_t ms = clock_ms() - load->started;

    progress_clear(&load->progress);
    if (load->options->quiet)
        return;
    if (load->options->follow && load->refused > 0)
        log_line(log, LOG_WARNING, "%s: %" PRId64 " line%s left out", load->source.name,
                 load->refused, plural(load->refused));
    if (!ok && load->updates == 0)
        log_line(log, LOG_INFO, "nothing was inserted");
    else
        log_line(log, LOG_INFO,
                 "%s: %s%" PRId64 " update%s, %" PRId64 " row%s, in %" PRId64 ".%03d s",
                 load->source.name,
                 stop_requested() ? "stopped after "
                 : !ok            ? "before that, "
                                  : "",
                 load->updates, plural(load->updates), load->import.rows,
                 plural(load->import.rows), ms / 1000, (int)(ms % 1000));
}

static bool is_paced(const struct options *options)
{
    return options->every_ms != OPTIONS_AT_ONCE || options->speed > 0;
}

/* Of a document; updates have the ids that they have. */
static int recognise(struct load *load)
{
    struct source *source = &load->source;

    return source->kind != SOURCE_LIST || format_is_livescore(&source->format)
               ? 0
               : recognise_matches(&load->db, &source->list);
}

/*
 * Where there is no database yet, none is made before the first update is known to be good.  A
 * feed goes on behind a line that is refused, and so do updates with --skip-bad: for these it
 * is made at once.
 */
static int rehearse(struct load *load)
{
    const struct options *options = load->options;
    bool rehearsed = false;
    int status = EX_OK;

    if (options->follow || options->skip_bad)
        return EX_OK;
    database_expect(options->db_path, load->source.bytes);
    if (database_rehearse(&load->db, options->db_path, &rehearsed) < 0)
        return fail_db(load);
    if (!rehearsed)
        return EX_OK;
    load->found = next(load, &load->first);
    if (load->found == SOURCE_FAILED)
        status = fail_source(load);
    else if (load->found == SOURCE_UPDATE)
        status = import_open(&load->import, &load->db) < 0 ? fail_db(load)
                                                           : import_one(load, &load->first);
    import_close(&load->import);
    db_close(&load->db);
    load->updates = 0;
    load->ahead = true;
    if (status != EX_OK && !options->quiet)
        log_line(&options->log, LOG_INFO, "nothing was inserted");
    return status;
}

static int with_database(struct load *load)
{
    const struct options *options = load->options;
    bool created;
    int status = rehearse(load);

    if (status != EX_OK)
        return status;
    if (database_open(&load->db, options->db_path, load->source.bytes, &created) < 0)
        return fail_db(load);
    if (created && !options->quiet)
        log_line(&options->log, LOG_INFO, "%s: created", options->db_path);
    if (import_open(&load->import, &load->db) < 0 || recognise(load) < 0) {
        status = fail_db(load);
    } else {
        load->started = clock_ms();
        progress_init(&load->progress, load->source.size, options->quiet);
        status = options->follow     ? load_feed(load)
                 : is_paced(options) ? load_in_a_loop(load)
                                     : load_at_once(load);
        report(load, status == EX_OK);
        if (status == EX_OK && options->skip_bad && load->refused + load->source.left_out > 0)
            status = EX_DATAERR;
    }
    import_close(&load->import);
    return status;
}

/* NULL, or what of the options does not go together. */
static const char *contradiction(const struct options *options)
{
    if (options->every_ms != OPTIONS_AT_ONCE && options->speed > 0)
        return "--every and --speed: name one of the two";
    if (options->follow && (is_paced(options) || options->loop))
        return "--follow: takes each line as it comes, without --every, --speed or --loop";
    if (options->follow && (options->from || options->until))
        return "--follow: has no --from and no --until: what comes, comes now";
    if (options->merge && (is_paced(options) || options->follow))
        return "--merge: takes all of a document at once, without --every, --speed or --follow";
    if (options->merge && (options->from || options->until))
        return "--merge: takes all of a document, without --from and --until";
    if (options->loop && !is_paced(options))
        return "--loop: needs a pace too, such as --every 2s or --speed 60";
    return NULL;
}

static int load(const struct options *options)
{
    struct load load = {.options = options};
    int status;

    if (source_open(&load.source, options) < 0) {
        status = fail_source(&load);
    } else if (options->loop && load.source.kind == SOURCE_STREAM && load.source.size < 0) {
        log_line(&options->log, LOG_ERR, "%s: --loop: needs a file, which it can read again",
                 load.source.name);
        status = EX_USAGE;
    } else if (load.source.kind == SOURCE_DOCUMENT) {
        status = document_load(options, &load.source, &load.db);
    } else if (options->dry_run) {
        log_line(&options->log, LOG_ERR,
                 "--dry-run: these updates all go in: it is for a document, or --merge");
        status = EX_USAGE;
    } else {
        status = with_database(&load);
    }
    source_close(&load.source);
    db_close(&load.db);
    return status;
}

static int run(const struct options *options)
{
    const char *wrong = contradiction(options);

    if (options->format && strcmp(options->format, OPTIONS_FORMAT_LIST) == 0) {
        format_list();
        return EX_OK;
    }
    if (wrong) {
        log_line(&options->log, LOG_ERR, "%s", wrong);
        return EX_USAGE;
    }
    if (is_paced(options) || options->follow)
        stop_init();
    return load(options);
}

const struct command command_load = {
    .name = "load",
    .operands = "FILE|-",
    .operand_count = 1,
    .options = "eslfFUwMbn",
    .summary = "Puts in the updates of a file, or of the standard input",
    .help = "The input is a JSON array of updates, or one update per line:\n\n"
            "  "
            "{\"match_id\":\"m1\",\"home_team\":\"Ajax\",\"away_team\":\"PSV\",\"score\":{"
            "\"home\":1,\"away\":0},\n"
            "   \"time\":\"23:15\",\"status\":\"First "
            "Half\",\"events\":[{\"type\":\"goal\",\"team\":\"home\"}]}\n\n"
            "or a document in another format, which is recognised: --format list names\n"
            "them.  Of final results the course of each match is made, goal by goal.\n\n"
            "Each update becomes a row for each of its events, one for a change of status,\n"
            "and one of type message, the update itself.  A document may be loaded again\n"
            "whenever it has changed: what is new in it becomes rows, what it no longer says\n"
            "is taken back, what is the same makes none; --merge takes updates that way.\n"
            "All of it goes in at once, or nothing does; unless there is a pace: with --every\n"
            "each update is live as soon as it is read (--every 0) or so often, with --speed\n"
            "when its time of play has come, matches side by side; with --follow as each line\n"
            "is appended to a file or a FIFO.  Ctrl-C ends that between two.  The database is\n"
            "made if there is none.\n",
    .run = run,
};
