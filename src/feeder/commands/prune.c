/*
 * feeder prune: deletes the oldest rows, and releases their space.
 *
 * Each step holds the write lock for HOLD_MS, then releases it for REST times as long.
 * SQLite's busy handler retries after 1, 2, 5, 10, 15 ms, so a waiting writer finds it free at
 * one of these.  An uncommitted step leaves no trace: the process may be interrupted anywhere.
 */
#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>

#include "base/process/clock.h"
#include "base/process/stop.h"
#include "feeder/command.h"
#include "feeder/store/database.h"
#include "feeder/store/sql.h"

#define HOLD_MS 5
#define REST    2

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
    int64_t upto, rows, of; /* to delete: ids up to upto, rows of them, out of all */
    bool jumped;            /* the clock may have jumped: nothing is deleted */
    int64_t deleted, pages; /* results */
};

/* Does a small piece of work with a statement.  Returns 1, or 0 when all is done. */
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

/* Runs a transaction.  Returns 1 if there is more to do, else 0. */
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

static int in_steps(struct prune *p, const char *sql, prune_piece *piece, int64_t *done)
{
    struct sqlite3_stmt *statement = NULL;
    int rc = db_prepare(&p->db, sql, &statement);

    if (rc == 0 && piece == delete_row)
        db_bind_int(statement, 1, p->upto);
    for (rc = rc == 0 ? 1 : rc; rc == 1 && !stop_requested();) {
        int64_t began = clock_ms();
        rc = take_step(p, piece, statement, done);
        stop_sleep(clock_ms() + REST * (clock_ms() - began));
    }
    db_finalize(statement);
    return rc < 0 ? -1 : 0;
}

/* A log that is no longer written to is no error: the timer finds it every day. */
static void say_doubt(const struct prune *p, const char *doubt)
{
    const struct log *log = &p->options->log;

    if (p->jumped)
        log_line(log, LOG_ERR,
                 "%s: %s: the clock may have jumped, so nothing is deleted: correct it, or use "
                 "--force if it is right",
                 p->options->db_path, doubt);
    else if (!p->options->quiet)
        log_line(
            log, LOG_WARNING,
            "%s: %s: nothing is deleted, as the clock may be ahead: --force empties the log",
            p->options->db_path, doubt);
}

static void say_odd(const struct prune *p, int64_t rows, int64_t id, const char *time)
{
    if (rows > 0 && !p->options->quiet)
        log_line(&p->options->log, LOG_WARNING,
                 "%s: %" PRId64
                 " row%s with a time that can't be right, the first is row %" PRId64
                 ", of %s: deleted with a later row",
                 p->options->db_path, rows, rows == 1 ? "" : "s", id, time);
}

static int find_bound(struct prune *p)
{
    struct sqlite3_stmt *s = NULL;
    int rc =
        db_ask(&p->db, &s, sql_prune_bound, "ii", p->options->older_ms, p->options->keep_last);

    if (rc == 1) {
        p->upto = db_column_int(s, BOUND_UPTO);
        p->rows = db_column_int(s, BOUND_ROWS);
        p->of = db_column_int(s, BOUND_OF);
        if (!db_column_is_null(s, BOUND_DOUBT) && !p->options->force) {
            p->jumped = db_column_int(s, BOUND_GAP) != 0;
            p->rows = 0;
            say_doubt(p, db_column_text(s, BOUND_DOUBT).at);
        }
        say_odd(p, db_column_int(s, BOUND_ODD), db_column_int(s, BOUND_ODD_ID),
                db_column_text(s, BOUND_ODD_TIME).at);
    }
    db_finalize(s);
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

static void report(const struct prune *p)
{
    const struct options *options = p->options;

    if (options->dry_run)
        printf("%" PRId64 " of %" PRId64 " rows would be deleted\n", p->rows, p->of);
    else if (!options->quiet)
        log_line(&options->log, LOG_INFO,
                 "%s: %s%" PRId64 " of %" PRId64 " rows deleted, %" PRId64 " pages given back",
                 options->db_path, stop_requested() ? "stopped: " : "", p->deleted, p->of,
                 p->pages);
}

int prune_run(const struct options *options, struct failure *failure)
{
    struct prune p = {.options = options};

    if (options->older_ms < 0 && options->keep_last == 0)
        return failure_set(failure, EX_USAGE,
                           "prune: expected --older-than 7d, or --keep-last 100000, or both");
    stop_init();
    int rc = database_open_existing(&p.db, options->db_path, DB_WRITE, failure);
    if (rc == 0)
        rc = prune(&p);
    if (rc == 0 || p.deleted > 0)
        report(&p);
    db_close(&p.db);
    return rc == 0 && p.jumped ? EX_DATAERR : rc;
}
