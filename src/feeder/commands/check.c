/*
 * feeder check: whether the database, the files beside it and their permissions are in order.
 *
 * The expected projection and schema are not written down twice: an empty database in memory
 * gets the latest messages, and its triggers do the rest.
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

static int say_by(struct check *c, enum check_kind kind, struct db *db, const char *sql)
{
    struct sqlite3_stmt *statement = NULL;
    int rc = db_ask(db, &statement, sql, "");

    for (; rc == 1; rc = db_step(db, statement))
        check_say(c, kind, "%s: %s", c->db_path, db_column_text(statement, 0).at);
    db_finalize(statement);
    return rc;
}

static void take_difference(void *context, struct span text, bool mends)
{
    struct check *c = context;

    check_say(c, c->repair && mends ? CHECK_REPAIRED : CHECK_FOUND, "%s: %.*s", c->db_path,
              (int)text.len, text.at);
}

static int check_schema(struct check *c, struct db *fresh)
{
    if (schema_compare(fresh, take_difference, c) < 0)
        return -1;
    if (c->said[CHECK_REPAIRED] == 0)
        return 0;
    return db_begin_write(fresh) < 0 ? -1 : db_end(fresh, schema_mend(fresh) == 0);
}

/* In one transaction: rows that arrive meanwhile are not findings. */
static int check_projection(struct check *c, struct db *fresh)
{
    enum check_kind kind = c->repair ? CHECK_REPAIRED : CHECK_FOUND;
    int before = c->said[kind];

    if ((c->repair ? db_begin_write(fresh) : db_begin_read(fresh)) < 0)
        return -1;
    int rc = db_run(fresh, sql_check_project);
    if (rc == 0)
        rc = say_by(c, kind, fresh, sql_check_projection);
    if (rc == 0 && c->repair && c->said[kind] > before)
        rc = db_run(fresh, sql_repair);
    return db_end(fresh, rc == 0);
}

/* Checks rows by the rules of the present schema, which fresh has. */
static int check_rows(struct check *c, struct db *fresh)
{
    struct sqlite3_stmt *view = NULL;
    int rc = db_ask(fresh, &view, sql_check_rules, "");

    if (rc == 1)
        rc = db_run(fresh, db_column_text(view, 0).at);
    db_finalize(view);
    return rc < 0 ? -1 : say_by(c, CHECK_FOUND, fresh, sql_check_rows);
}

static int check_log(struct check *c, struct db *live)
{
    struct db fresh;
    int rc = schema_open(&fresh, c->db_path, live->failure);

    if (rc == 0)
        rc = check_rows(c, &fresh);
    if (rc == 0)
        rc = say_by(c, CHECK_NOTED, live, sql_check_statuses);
    if (rc == 0)
        rc = check_schema(c, &fresh);
    if (rc == 0)
        rc = check_projection(c, &fresh);
    db_close(&fresh);
    return rc;
}

static int check_database(struct check *c, struct wal_state *wal, struct failure *failure)
{
    struct db live;
    int rc = database_open_existing(&live, c->db_path, DB_WRITE, failure);

    if (rc == 0)
        rc = db_run(&live, sql_check_lenient);
    if (rc == 0)
        rc = say_by(c, CHECK_FOUND, &live, sql_check_database);
    if (rc == 0 && c->said[CHECK_FOUND] == 0) /* otherwise fix these first */
        rc = check_log(c, &live);
    if (rc == 0)
        check_wal(&live, wal);
    db_close(&live);
    return rc;
}

int check_run(const struct options *options, struct failure *failure)
{
    struct check c = {.db_path = options->db_path,
                      .user = options->user,
                      .repair = options->repair};
    struct wal_state wal = {0};
    int found;

    if (check_database(&c, &wal, failure) < 0)
        return -1;
    check_readers(&c, &wal); /* after closing the database: see base/sqlite/db.h */
    check_service(&c);
    check_owners(&c);
    if (check_user(&c, failure) < 0)
        return -1;
    found = c.said[CHECK_FOUND];
    if (!options->quiet)
        log_line(&options->log, LOG_INFO, "%s: %d finding%s, %d repaired", options->db_path,
                 found, found == 1 ? "" : "s", c.said[CHECK_REPAIRED]);
    return found > 0 ? EX_DATAERR : EX_OK;
}
