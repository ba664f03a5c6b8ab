/*
 * feeder load: updates from a file or a pipe.  At once, in one transaction that
 * keeps all or nothing; or paced, in one transaction per update.
 */
#include <inttypes.h>
#include <stddef.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/stop.h"
#include "feeder/command.h"
#include "feeder/database.h"
#include "feeder/import.h"
#include "feeder/input.h"
#include "feeder/progress.h"

struct load {
    const struct options *options;
    struct input input;
    struct db db;
    struct import import;
    struct progress progress;
    int64_t updates; /* loaded */
    int64_t rows;    /* of them */
    int64_t started;
};

static int fail(struct load *load, int status, const char *sentence)
{
    progress_clear(&load->progress);
    log_line(&load->options->log, LOG_ERR, "%s", sentence);
    return status;
}

/* Each of the following returns an exit code; what is wrong, it has said. */

static int fail_input(struct load *load)
{
    return fail(load, load->input.status, load->input.error);
}

static int fail_db(struct load *load)
{
    return fail(load, load->db.status, load->db.error);
}

static int import_one(struct load *load, const struct update *update)
{
    switch (import_update(&load->import, update->text.at, update->compact)) {
    case IMPORT_FAILED: return fail_db(load);
    case IMPORT_BAD:
        input_blame(&load->input, update, load->import.error);
        return fail_input(load);
    default: break;
    }
    load->updates++;
    progress_update(&load->progress, load->import.rows, update->end);
    return EX_OK;
}

/* The transaction begins when there is something to write: a pipe may take its time. */
static int load_all(struct load *load, struct update *update)
{
    int found = 1, status = EX_OK;

    if (db_begin_write(&load->db) < 0)
        return fail_db(load);
    while (found == 1 && status == EX_OK) {
        status = import_one(load, update);
        if (status == EX_OK)
            found = input_next(&load->input, update);
    }
    if (found < 0)
        status = fail_input(load);
    if (db_end(&load->db, status == EX_OK) < 0 && status == EX_OK)
        status = fail_db(load);
    if (status != EX_OK)
        load->updates = load->import.rows = 0;
    return status;
}

static int load_at_once(struct load *load)
{
    struct update update;

    switch (input_next(&load->input, &update)) {
    case 1: return load_all(load, &update);
    case 0: return EX_OK;
    default: return fail_input(load);
    }
}

static int load_one(struct load *load, const struct update *update)
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

/* Sleeps until the next update is due; one that comes late is not made up for. */
static void wait_until(int64_t due)
{
    while (!stop_requested() && clock_left(due) > 0)
        stop_poll(NULL, 0, due);
}

/* Once through the input. */
static int load_paced(struct load *load, int64_t *due)
{
    struct update update;
    int found, status = EX_OK;

    while (status == EX_OK && (found = input_next(&load->input, &update)) == 1) {
        wait_until(*due);
        if (stop_requested())
            return EX_OK;
        *due = clock_ms() + load->options->every_ms;
        status = load_one(load, &update);
    }
    return status == EX_OK && found < 0 ? fail_input(load) : status;
}

static int load_in_a_loop(struct load *load)
{
    int64_t due = clock_ms();
    int status = load_paced(load, &due);

    while (status == EX_OK && load->options->loop && !stop_requested()) {
        if (load->updates == 0) {
            log_line(&load->options->log, LOG_ERR, "%s: --loop: it holds no update",
                     load->input.name);
            return EX_DATAERR;
        }
        if (input_rewind(&load->input) < 0)
            return fail_input(load);
        status = load_paced(load, &due);
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
    if (!ok && load->updates == 0)
        log_line(log, LOG_INFO, "nothing was inserted");
    else
        log_line(log, LOG_INFO,
                 "%s: %s%" PRId64 " update%s, %" PRId64 " row%s, in %" PRId64 ".%03d s",
                 load->input.name,
                 !ok                ? "before that, "
                 : stop_requested() ? "stopped after "
                                    : "",
                 load->updates, plural(load->updates), load->import.rows,
                 plural(load->import.rows), ms / 1000, (int)(ms % 1000));
}

static int with_database(struct load *load)
{
    const struct options *options = load->options;
    bool created;
    int status;

    if (database_open(&load->db, options->db_path, load->input.size, &created) < 0)
        return fail_db(load);
    if (created && !options->quiet)
        log_line(&options->log, LOG_INFO, "%s: created", options->db_path);
    if (import_open(&load->import, &load->db) < 0) {
        status = fail_db(load);
    } else {
        load->started = clock_ms();
        progress_init(&load->progress, load->input.size, options->quiet);
        status =
            options->every_ms == OPTIONS_AT_ONCE ? load_at_once(load) : load_in_a_loop(load);
        report(load, status == EX_OK);
    }
    import_close(&load->import);
    return status;
}

static int run(const struct options *options)
{
    struct load load = {.options = options};
    bool paced = options->every_ms != OPTIONS_AT_ONCE;
    int status;

    if (options->loop && !paced) {
        log_line(&options->log, LOG_ERR, "--loop: needs a pace too, such as --every 2s");
        return EX_USAGE;
    }
    if (paced)
        stop_init();
    if (input_open(&load.input, options->operands[0], paced) < 0) {
        status = fail_input(&load);
    } else if (options->loop && load.input.size < 0) {
        log_line(&options->log, LOG_ERR, "%s: --loop: needs a file, which it can read again",
                 load.input.name);
        status = EX_USAGE;
    } else {
        status = with_database(&load);
    }
    db_close(&load.db);
    input_close(&load.input);
    return status;
}

const struct command command_load = {
    .name = "load",
    .operands = "FILE|-",
    .operand_count = 1,
    .options = "el",
    .summary = "Puts in the updates of a file, or of the standard input",
    .help = "The input is a JSON array of updates, or one update per line:\n\n"
            "  "
            "{\"match_id\":\"m1\",\"home_team\":\"Ajax\",\"away_team\":\"PSV\",\"score\":{"
            "\"home\":1,\"away\":0},\n"
            "   \"time\":\"23:15\",\"status\":\"First "
            "Half\",\"events\":[{\"type\":\"goal\",\"team\":\"home\"}]}\n\n"
            "Each becomes a row for each of its events, one for a change of status, and\n"
            "one of type message, the update itself.  Without --every all of it goes in at\n"
            "once, or nothing does; with it, each update is live as soon as it is read\n"
            "(--every 0) or at that pace, and Ctrl-C ends it between two.  The database is\n"
            "made if there is none.\n",
    .run = run,
};
