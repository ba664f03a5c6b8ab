/*
 * feeder load: updates from a file or a pipe.  Loads them at once, in one transaction that
 * keeps all or nothing; or one by one, at a pace, by the clock of play or as they come, with a
 * transaction each.  source.h reads them; document.h handles whole documents.
 */
#include <inttypes.h>
#include <stddef.h>
#include <string.h>
#include <sysexits.h>

#include "base/process/clock.h"
#include "base/process/stop.h"
#include "feeder/command.h"
#include "feeder/commands/document.h"
#include "feeder/commands/progress.h"
#include "feeder/input/recognise.h"
#include "feeder/input/source.h"
#include "feeder/store/database.h"
#include "feeder/store/import.h"

#define DUE_MAX_MS 1e15 /* 30,000 years: a document may contain any time */

struct load {
    const struct options *options;
    struct failure *failure;
    struct source source;
    struct db db;
    struct import import;
    struct progress progress;
    int64_t updates; /* loaded */
    int64_t refused; /* bad */
    int64_t started;
    bool ahead; /* the next update was read already: */
    struct source_update first;
    enum source_result found;
};

static enum source_result next(struct load *load, struct source_update *update)
{
    if (!load->ahead)
        return source_next(&load->source, update);
    load->ahead = false;
    *update = load->first;
    return load->found;
}

/* Reports a refused update and continues. */
static void say_left_out(struct load *load, const char *behind)
{
    load->refused++;
    progress_clear(&load->progress);
    log_line(&load->options->log, LOG_ERR, "%s%s", load->failure->text, behind);
}

static int import_one(struct load *load, const struct source_update *update)
{
    bool skip = load->options->skip_bad;

    if (skip && import_check(&load->db, update->text) < 0) {
        source_blame(&load->source, update);
        say_left_out(load, ": left out");
        return 0;
    }
    if (import_update(&load->import, update->text, update->compact) < 0) {
        if (load->failure->status == EX_DATAERR)
            source_blame(&load->source, update);
        return -1;
    }
    load->updates++;
    progress_update(&load->progress, load->import.rows, update->done);
    return 0;
}

/* Begins the transaction only when there is something to write: a pipe may be slow. */
static int load_at_once(struct load *load)
{
    struct source_update update;
    enum source_result found = next(load, &update);
    int rc = found == SOURCE_FAILED ? -1 : 0;

    if (found != SOURCE_UPDATE)
        return rc;
    if (db_begin_write(&load->db) < 0)
        return -1;
    while (found == SOURCE_UPDATE && rc == 0) {
        rc = import_one(load, &update);
        if (rc == 0)
            found = next(load, &update);
    }
    rc = db_end(&load->db, rc == 0 && found == SOURCE_END);
    if (rc < 0)
        load->updates = load->import.rows = 0;
    return rc;
}

static int load_one(struct load *load, const struct source_update *update)
{
    int64_t rows = load->import.rows, updates = load->updates;

    if (db_begin_write(&load->db) < 0)
        return -1;
    int rc = import_one(load, update);
    rc = db_end(&load->db, rc == 0);
    if (rc < 0) {
        load->import.rows = rows;
        load->updates = updates;
    }
    return rc;
}

/* When an update is due: the previous one came at `last`, the first one at `start`. */
static int64_t due_at(const struct options *options, const struct source_update *update,
                      int64_t start, int64_t last)
{
    if (options->speed > 0) {
        double ms = (double)update->due_ms / options->speed;
        return start + (int64_t)(ms < DUE_MAX_MS ? ms : DUE_MAX_MS);
    }
    return last + options->every_ms;
}

/* Loads the source once; *last is when the last update was loaded.  Only by the clock of play
 * are delays made up for. */
static int load_paced(struct load *load, int64_t *last)
{
    struct source_update update;
    enum source_result found;
    int64_t start = clock_ms();

    while ((found = next(load, &update)) == SOURCE_UPDATE) {
        stop_sleep(due_at(load->options, &update, start, *last));
        if (stop_requested())
            return 0;
        *last = clock_ms();
        if (load_one(load, &update) < 0)
            return -1;
    }
    return found == SOURCE_FAILED ? -1 : 0;
}

static int load_in_a_loop(struct load *load)
{
    int64_t last = clock_ms() - load->options->every_ms;
    int rc = load_paced(load, &last);

    while (rc == 0 && load->options->loop && !stop_requested()) {
        if (load->updates == 0)
            return failure_set(load->failure, EX_DATAERR, "%s: --loop: it contains no update",
                               load->source.name);
        rc = source_rewind(&load->source);
        if (rc == 0)
            rc = load_paced(load, &last);
    }
    return rc;
}

/* Reports and skips bad lines: the feed continues. */
static int load_feed(struct load *load)
{
    for (;;) {
        struct source_update update;
        enum source_result found = source_next(&load->source, &update);
        if (found == SOURCE_END)
            return 0;
        if (found == SOURCE_FAILED)
            return -1;
        if (found == SOURCE_UPDATE && load_one(load, &update) == 0)
            continue;
        if (load->failure->status != EX_DATAERR)
            return -1;
        say_left_out(load, "");
    }
}

static const char *plural(int64_t n)
{
    return n == 1 ? "" : "s";
}

/* Reports what was loaded, after what failed.  Returns an exit code. */
static int report(struct load *load, int rc)
{
    const struct options *options = load->options;
    const struct log *log = &options->log;
    int64_t ms = clock_ms() - load->started;
    int status = EX_OK;

    progress_clear(&load->progress);
    if (rc < 0)
        status = failure_log(load->failure, log);
    else if (load->refused + load->source.left_out > 0)
        status = EX_DATAERR;
    if (options->quiet)
        return status;
    if (options->follow && load->refused > 0)
        log_line(log, LOG_WARNING, "%s: %" PRId64 " line%s left out", load->source.name,
                 load->refused, plural(load->refused));
    if (rc < 0 && load->updates == 0)
        log_line(log, LOG_INFO, "nothing was inserted");
    else
        log_line(log, LOG_INFO,
                 "%s: %s%" PRId64 " update%s, %" PRId64 " row%s, in %" PRId64 ".%03d s",
                 load->source.name,
                 stop_requested() ? "stopped after "
                 : rc < 0         ? "before that, "
                                  : "",
                 load->updates, plural(load->updates), load->import.rows,
                 plural(load->import.rows), ms / 1000, (int)(ms % 1000));
    return status;
}

static bool is_paced(const struct options *options)
{
    return options->every_ms != OPTIONS_AT_ONCE || options->speed > 0;
}

/*
 * Without a database, none is created until the first update is known to be good.  Feeds, and
 * updates with --skip-bad, continue after a bad one: for these it is created at once.
 */
static int rehearse(struct load *load)
{
    const struct options *options = load->options;
    int rc = -1;

    if (options->follow || options->skip_bad || database_is_there(options->db_path))
        return 0;
    database_expect(options->db_path, load->source.bytes);
    load->found = next(load, &load->first);
    load->ahead = true;
    if (load->found == SOURCE_END)
        return 0;
    if (load->found == SOURCE_UPDATE && database_open_scratch(&load->db, load->failure) == 0 &&
        import_open(&load->import, &load->db) == 0)
        rc = import_one(load, &load->first);
    db_close(&load->db);
    load->updates = 0;
    return rc;
}

/* Not for updates, which keep their ids. */
static int recognise(struct load *load)
{
    struct source *source = &load->source;

    return source->kind != SOURCE_LIST || format_is_livescore(&source->format)
               ? 0
               : recognise_matches(&load->db, &source->list);
}

static int with_database(struct load *load)
{
    const struct options *options = load->options;
    int rc = -1;

    load->started = clock_ms();
    if (rehearse(load) < 0)
        return report(load, rc);
    if (command_open_database(options, &load->db, load->source.bytes, load->failure) < 0)
        return -1;
    if (import_open(&load->import, &load->db) == 0 && recognise(load) == 0) {
        load->started = clock_ms();
        progress_init(&load->progress, load->source.size, options->quiet);
        rc = options->follow     ? load_feed(load)
             : is_paced(options) ? load_in_a_loop(load)
                                 : load_at_once(load);
        rc = report(load, rc);
    }
    return rc;
}

/* Options that contradict each other, or NULL. */
static const char *contradiction(const struct options *options)
{
    if (options->every_ms != OPTIONS_AT_ONCE && options->speed > 0)
        return "--every and --speed: use only one of them";
    if (options->follow && (is_paced(options) || options->loop))
        return "--follow: can't be combined with --every, --speed or --loop";
    if (options->follow && (options->from || options->until))
        return "--follow: can't be combined with --from or --until";
    if (options->merge && (is_paced(options) || options->follow))
        return "--merge: can't be combined with --every, --speed or --follow";
    if (options->merge && (options->from || options->until))
        return "--merge: can't be combined with --from or --until";
    if (options->loop && !is_paced(options))
        return "--loop: needs a pace, such as --every 2s or --speed 60";
    return NULL;
}

static int load(struct load *load)
{
    const struct options *options = load->options;
    struct source *source = &load->source;

    if (source_open(source, options, load->failure) < 0)
        return -1;
    if (options->loop && source->kind == SOURCE_STREAM && source->size < 0)
        return failure_set(load->failure, EX_USAGE,
                           "%s: --loop: needs a file that can be read again", source->name);
    if (source->kind == SOURCE_DOCUMENT)
        return document_load(options, source, &load->db, load->failure);
    if (options->dry_run)
        return failure_set(load->failure, EX_USAGE,
                           "--dry-run: works only for a document, or with --merge: these "
                           "updates would all be inserted");
    return with_database(load);
}

int load_run(const struct options *options, struct failure *failure)
{
    struct load loading = {.options = options, .failure = failure};
    const char *wrong = contradiction(options);

    if (options->format && strcmp(options->format, OPTIONS_FORMAT_LIST) == 0) {
        format_list();
        return EX_OK;
    }
    if (wrong)
        return failure_set(failure, EX_USAGE, "%s", wrong);
    if (is_paced(options) || options->follow)
        stop_init();
    int rc = load(&loading);
    source_close(&loading.source);
    db_close(&loading.db);
    return rc;
}
