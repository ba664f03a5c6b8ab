/*
 * feeder prune: deletes the oldest rows, and gives their space back.
 *
 * In steps that keep nobody waiting: one holds the write lock for HOLD_MS, then lets go of it
 * for REST times as long.  SQLite's busy handler asks again after 1, 2, 5, 10, 15 ms:
 * whoever comes while the lock is held finds it free at one of these.  A step that is not
 * committed leaves no trace, so it may be interrupted anywhere.
 */
#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/stop.h"
#include "feeder/command.h"
#include "feeder/store/database.h"
#include "feeder/store/sql.h"

#define HOLD_MS 5
#define REST    2

#define TIME_MAX  (40 * 4 + 1) /* bytes of a row's created_at, as prune_bound.sql cuts it */
#define DOUBT_MAX 256

/* The columns of sql_prune_bound. */
enum {
    BOUND_UPTO,
    BOUND_ROWS,
    BOUND_OF,
    BOUND_ODD,
    BOUND_ODD_ID,
    BOUND_ODD_TIME,
    BOUND_DOUBT,
    BOUND_GAP
};

struct prune {
    const struct options *options;
    struct db db;
    int64_t upto, rows, of; /* what to delete: up to that id, so many rows, of so many */
    int64_t odd, odd_id;    /* whose time can't be right: so many, and the first */
    char odd_time[TIME_MAX];
    char doubt[DOUBT_MAX];  /* why the clock may be wrong, so that nothing is deleted; or "" */
    bool gap;               /* it is wrong, or nothing was written for long */
    int64_t deleted, pages; /* what was */
};

/* One statement that does a small piece of work at each call; 1: it did, 0: it is done. */
typedef int prune_piece(struct prune *p, struct sqlite3_stmt *statement, int64_t *done);

static int delete_row(struct prune *p, struct sqlite3_stmt *statement, int64_t *done)
{
    int rc = db_step(&p->db, statement);

    db_reset(statement);
    if (rc < 0)
        return -1;
    *done += db_changes(&p->db);
    return db_changes(&p->db) > 0;
}

static int move_page(struct prune *p, struct sqlite3_stmt *statement, int64_t *done)
{
    int rc = db_step(&p->db, statement);

    *done += rc == 1;
    return rc;
}

/* A transaction; 1: there is more to do, 0: that was all. */
static int take_step(struct prune *p, prune_piece *piece, struct sqlite3_stmt *statement,
                     int64_t *done)
{
    int64_t before = *done, end;
    int rc;

    if (db_begin_write(&p->db) < 0)
        return -1;
    end = clock_ms() + HOLD_MS;
    do
        rc = piece(p, statement, done);
    while (rc == 1 && clock_ms() < end);
    db_reset(statement);
    if (db_end(&p->db, rc >= 0) == 0)
        return rc;
    *done = before;
    return -1;
}

/* Sleeps, and hears signals only here. */
static void rest(int64_t ms)
{
    int64_t end = clock_ms() + ms;

    do
        stop_poll(NULL, 0, end);
    while (!stop_requested() && clock_left(end) > 0);
}

static int in_steps(struct prune *p, const char *sql, prune_piece *piece, int64_t *done)
{
    struct sqlite3_stmt *statement = NULL;
    int rc = db_prepare(&p->db, sql, &statement);

    if (rc == 0 && piece == delete_row)
        db_bind_int(statement, 1, p->upto);
    for (rc = rc == 0 ? 1 : rc; rc == 1 && !stop_requested();) {
        int64_t began = clock_ms();
        rc = take_step(p, piece, statement, done);
        rest(REST * (clock_ms() - began));
    }
    db_finalize(statement);
    return rc < 0 ? -1 : 0;
}

static int find_bound(struct prune *p)
{
    struct sqlite3_stmt *statement = NULL;
    int rc = -1;

    if (db_prepare(&p->db, sql_prune_bound, &statement) == 0) {
        db_bind_int(statement, 1, p->options->older_ms);
        db_bind_int(statement, 2, p->options->keep_last);
        rc = db_step(&p->db, statement);
    }
    if (rc == 1) {
        p->upto = db_column_int(statement, BOUND_UPTO);
        p->rows = db_column_int(statement, BOUND_ROWS);
        p->of = db_column_int(statement, BOUND_OF);
        p->odd = db_column_int(statement, BOUND_ODD);
        p->odd_id = db_column_int(statement, BOUND_ODD_ID);
        snprintf(p->odd_time, sizeof p->odd_time, "%s",
                 db_column_text(statement, BOUND_ODD_TIME).at);
        if (!p->options->force)
            snprintf(p->doubt, sizeof p->doubt, "%s",
                     db_column_text(statement, BOUND_DOUBT).at);
        p->gap = db_column_int(statement, BOUND_GAP);
        if (*p->doubt)
            p->rows = 0;
    }
    db_finalize(statement);
    return rc < 0 ? -1 : 0;
}

static int prune(struct prune *p)
{
    if (find_bound(p) < 0)
        return -1;
    if (p->options->dry_run)
        return 0;
    if (p->rows > 0 && in_steps(p, sql_prune_row, delete_row, &p->deleted) < 0)
        return -1;
    if (in_steps(p, sql_vacuum, move_page, &p->pages) < 0)
        return -1;
    return db_run(&p->db, sql_checkpoint);
}

/* A log that is not written to any more is no mistake: the timer finds that day after day. */
static void report_doubt(const struct prune *p)
{
    const struct log *log = &p->options->log;

    if (p->gap)
        log_line(log, LOG_ERR,
                 "%s: %s: the clock may have jumped, so nothing is deleted: set it right, or "
                 "use --force if it is",
                 p->options->db_path, p->doubt);
    else if (!p->options->quiet)
        log_line(log, LOG_WARNING,
                 "%s: %s: nothing is deleted, as a clock that is ahead would say the same: "
                 "--force empties the log",
                 p->options->db_path, p->doubt);
}

static void report(const struct prune *p)
{
    const struct options *options = p->options;

    if (*p->doubt)
        report_doubt(p);
    if (p->odd > 0 && !options->quiet)
        log_line(&options->log, LOG_WARNING,
                 "%s: %" PRId64
                 " row%s with a time that can't be right, the first is row %" PRId64
                 ", of %s: such a row goes when one behind it does",
                 options->db_path, p->odd, p->odd == 1 ? "" : "s", p->odd_id, p->odd_time);
    if (options->dry_run)
        printf("%" PRId64 " of %" PRId64 " rows would be deleted\n", p->rows, p->of);
    else if (!options->quiet)
        log_line(&options->log, LOG_INFO,
                 "%s: %s%" PRId64 " of %" PRId64 " rows deleted, %" PRId64 " pages given back",
                 options->db_path, stop_requested() ? "stopped: " : "", p->deleted, p->of,
                 p->pages);
}

static int run(const struct options *options)
{
    struct prune p = {.options = options};
    int status = EX_OK;

    if (options->older_ms < 0 && options->keep_last == 0) {
        log_line(&options->log, LOG_ERR,
                 "prune: say what may go: --older-than 7d, or --keep-last 100000, or both");
        return EX_USAGE;
    }
    stop_init();
    if (database_open_existing(&p.db, options->db_path) < 0 || prune(&p) < 0) {
        log_line(&options->log, LOG_ERR, "%s", p.db.error);
        status = p.db.status;
    }
    if (status == EX_OK || p.deleted > 0)
        report(&p);
    if (status == EX_OK && *p.doubt && p.gap)
        status = EX_DATAERR;
    db_close(&p.db);
    return status;
}

const struct command command_prune = {
    .name = "prune",
    .operands = "",
    .options = "oknx",
    .summary = "Deletes the oldest rows of the log",
    .help =
        "Deletes rows that are older than --older-than, from the oldest up to the first\n"
        "that is not, but none of the --keep-last newest; with only one of the two, what\n"
        "that one says.  Works in steps of a few milliseconds, so that nobody waits for it,\n"
        "and may be interrupted.  Whoever comes back with a cursor before what was deleted\n"
        "gets a reset.  Matches keep their last state, though its row may be gone.\n"
        "A row whose time can't be right, such as one a year ahead, goes when one behind it\n"
        "does.  If no row is younger, or after a gap of more than a month, the clock may be\n"
        "wrong: then nothing goes without --force or --keep-last.\n",
    .run = run,
};
