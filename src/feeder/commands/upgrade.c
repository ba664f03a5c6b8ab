/*
 * feeder upgrade: brings a database of an earlier version up to this one, in one transaction.
 *
 * What a version needs done by hand is in sql/feeder/upgrade_from_N.sql; whatever else differs
 * from the schema is replaced as feeder check --repair does it (store/schema.h).  The log stays
 * as it is.
 */
#include <stdbool.h>
#include <stddef.h>
#include <sysexits.h>

#include "feeder/command.h"
#include "feeder/store/database.h"
#include "feeder/store/schema.h"
#include "feeder/store/sql.h"

struct upgrade {
    const struct options *options;
    struct db live, fresh;
    bool left; /* something that can't be put right */
};

/* Says what went wrong; returns the exit code. */
static int fail(const struct upgrade *u, const struct db *db)
{
    log_line(&u->options->log, LOG_ERR, "%s", db->error);
    return db->status;
}

static void take_difference(void *context, struct span text, bool mends)
{
    struct upgrade *u = context;

    (void)mends; /* all that could be has been mended */
    u->left = true;
    log_line(&u->options->log, LOG_ERR, "%s: %.*s", u->options->db_path, (int)text.len,
             text.at);
}

/* In the transaction; another process may have done it before that began. */
static int change(struct upgrade *u)
{
    enum db_identity identity;

    if (db_identity(&u->live, &identity) < 0)
        return fail(u, &u->live);
    if (identity != DB_OLDER)
        return EX_OK;
    if (db_run(&u->fresh, sql_upgrade_from_1) < 0 || schema_mend(&u->fresh) < 0 ||
        schema_compare(&u->fresh, take_difference, u) < 0)
        return fail(u, &u->fresh);
    return u->left ? EX_DATAERR : EX_OK;
}

static int bring_up(struct upgrade *u)
{
    int status;

    if (schema_open(&u->fresh, u->options->db_path) < 0 || db_begin_write(&u->fresh) < 0)
        return fail(u, &u->fresh);
    status = change(u);
    if (db_end(&u->fresh, status == EX_OK) < 0 && status == EX_OK)
        status = fail(u, &u->fresh);
    return status;
}

/* Says which matches can't be known again by the documents that they are from. */
static int tell_lost(struct upgrade *u)
{
    struct sqlite3_stmt *statement = NULL;
    int rc = db_prepare(&u->live, sql_upgrade_ids, &statement);

    while (rc == 0 && (rc = db_step(&u->live, statement)) == 1) {
        struct span text = db_column_text(statement, 0);
        log_line(&u->options->log, LOG_WARNING, "%s: %.*s", u->options->db_path, (int)text.len,
                 text.at);
        rc = 0;
    }
    db_finalize(statement);
    return rc < 0 ? fail(u, &u->live) : EX_OK;
}

static int upgrade(struct upgrade *u)
{
    const struct options *options = u->options;
    enum db_identity identity;
    int status = EX_OK;

    if (database_open_older(&u->live, options->db_path) < 0 ||
        db_identity(&u->live, &identity) < 0)
        return fail(u, &u->live);
    if (identity == DB_OLDER)
        status = bring_up(u);
    if (identity == DB_OLDER && status == EX_OK)
        status = tell_lost(u);
    if (status == EX_OK && !options->quiet)
        log_line(&options->log, LOG_INFO,
                 identity == DB_OLDER ? "%s: upgraded to schema %d"
                                      : "%s: is of schema %d already",
                 options->db_path, DB_SCHEMA_VERSION);
    return status;
}

static int run(const struct options *options)
{
    struct upgrade u = {.options = options};
    int status = upgrade(&u);

    db_close(&u.fresh);
    db_close(&u.live);
    return status;
}

const struct command command_upgrade = {
    .name = "upgrade",
    .operands = "",
    .options = "",
    .summary = "Brings a database of an older version up to this one",
    .help =
        "In one transaction, which leaves the log as it is; the service goes on meanwhile.\n"
        "Until then such a database is served, and not written to.  An older feeder or\n"
        "livescore can't use it afterwards.  Says which matches a document can't know again "
        "by\n"
        "their teams, where they had the numbers of rows for ids.  Does nothing to a database\n"
        "of this version.\n",
    .run = run,
};
