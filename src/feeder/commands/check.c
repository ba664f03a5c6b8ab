/*
 * feeder check: is all well with the database, what is beside it, and who may read it?
 *
 * What the projection and the schema should be is not written down here a second time: an empty
 * database in memory gets the latest messages, and its own triggers say.
 */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <sysexits.h>

#include "feeder/command.h"
#include "feeder/inspect/check.h"
#include "feeder/store/database.h"
#include "feeder/store/schema.h"
#include "feeder/store/sql.h"

/* Says what kept it from looking; returns the exit code. */
static int fail(const struct check *c, const struct db *db)
{
    log_line(c->log, LOG_ERR, "%s", db->error);
    return db->status;
}

typedef void sayer(struct check *c, const char *format, ...);

/* Says every row that the statement returns. */
static int say_by(struct check *c, sayer *say, struct db *db, const char *sql)
{
    struct sqlite3_stmt *statement = NULL;
    int rc = db_prepare(db, sql, &statement);

    while (rc == 0 && (rc = db_step(db, statement)) == 1) {
        struct span text = db_column_text(statement, 0);
        say(c, "%s: %.*s", c->db_path, (int)text.len, text.at);
        rc = 0;
    }
    db_finalize(statement);
    return rc;
}

/* Every row is a finding. */
static int find_by(struct check *c, struct db *db, const char *sql)
{
    return say_by(c, check_found, db, sql);
}

static void take_difference(void *context, struct span text, bool mends)
{
    struct check *c = context;

    if (c->repair && mends)
        check_repaired(c, "%s: %.*s", c->db_path, (int)text.len, text.at);
    else
        check_found(c, "%s: %.*s", c->db_path, (int)text.len, text.at);
}

static int check_schema(struct check *c, struct db *fresh)
{
    if (schema_compare(fresh, take_difference, c) < 0)
        return -1;
    if (c->repaired == 0)
        return 0;
    return db_begin_write(fresh) < 0 ? -1 : db_end(fresh, schema_mend(fresh) == 0);
}

/* One transaction: what comes meanwhile is neither missing nor wrong. */
static int check_projection(struct check *c, struct db *fresh)
{
    int before = c->findings;

    if ((c->repair ? db_begin_write(fresh) : db_begin_read(fresh)) < 0)
        return -1;
    int rc = db_run(fresh, sql_check_project);
    if (rc == 0)
        rc = find_by(c, fresh, sql_check_projection);
    if (rc == 0 && c->repair && c->findings > before) {
        rc = db_run(fresh, sql_repair);
        c->repaired += c->findings - before;
        c->findings = before;
    }
    return db_end(fresh, rc == 0);
}

static int check_log(struct check *c, struct db *live)
{
    struct db fresh;
    int status = EX_OK;

    if (find_by(c, live, sql_check_rows) < 0 ||
        say_by(c, check_noted, live, sql_check_statuses) < 0)
        status = fail(c, live);
    if (schema_open(&fresh, c->db_path) < 0)
        status = fail(c, &fresh);
    if (status == EX_OK && (check_schema(c, &fresh) < 0 || check_projection(c, &fresh) < 0))
        status = fail(c, &fresh);
    db_close(&fresh);
    return status;
}

static int check_database(struct check *c, struct wal_state *wal)
{
    struct db live;
    int status = EX_OK;

    if (database_open_existing(&live, c->db_path) < 0 || db_run(&live, sql_check_lenient) < 0 ||
        find_by(c, &live, sql_check_database) < 0)
        status = fail(c, &live);
    else if (c->findings == 0) /* first things first */
        status = check_log(c, &live);
    if (status == EX_OK)
        check_wal(&live, wal);
    db_close(&live);
    return status;
}

/* Returns an exit code. */
static int check(struct check *c)
{
    struct wal_state wal = {0};
    int status = check_database(c, &wal);

    if (status != EX_OK)
        return status;
    check_readers(c, &wal); /* now that the database is closed: see base/db.h */
    check_service(c);
    check_owners(c);
    return check_user(c);
}

static int run(const struct options *options)
{
    struct check c = {.log = &options->log,
                      .db_path = options->db_path,
                      .user = options->user,
                      .repair = options->repair};
    int status = check(&c);

    if (status != EX_OK)
        return status;
    if (!options->quiet)
        log_line(&options->log, LOG_INFO, "%s: %d finding%s, %d repaired", options->db_path,
                 c.findings, c.findings == 1 ? "" : "s", c.repaired);
    return c.findings > 0 ? EX_DATAERR : EX_OK;
}

const struct command command_check = {
    .name = "check",
    .operands = "",
    .options = "uR",
    .summary = "Looks for what is wrong, and says what helps",
    .help =
        "Is the file whole, its schema livescore's, each row one that this schema takes,\n"
        "the state of the matches what the log says?  Can the -wal be emptied, or who\n"
        "reads for so long?  Are the ring and the bell what they should be?  Does everything\n"
        "belong to the database's owner, and with --user, may the user of viewers read it\n"
        "and write nothing?  Each finding is a line, with its remedy; none: exit status 0,\n"
        "else 65.  --repair rebuilds the state of the matches, and the schema's views,\n"
        "indexes, triggers and rules.\n",
    .run = run,
};
