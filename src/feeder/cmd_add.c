/* feeder add: one row. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/utf8.h"
#include "feeder/command.h"
#include "feeder/database.h"
#include "feeder/sql.h"

enum operand { MATCH, TYPE, JSON, OPERANDS };

static int check_utf8(const struct options *options)
{
    static const char *const names[OPERANDS] = {"MATCH", "TYPE", "JSON"};

    for (int i = 0; i < OPERANDS; i++) {
        size_t len = strlen(options->operands[i]);
        if (utf8_valid(options->operands[i], len) < len) {
            log_line(&options->log, LOG_ERR, "%s: expected UTF-8, found something else",
                     names[i]);
            return -1;
        }
    }
    return 0;
}

/* Prepares a statement that takes the operands as its parameters. */
static int prepare(struct db *db, const struct options *options, const char *sql,
                   struct sqlite3_stmt **statement)
{
    if (db_prepare(db, sql, statement) < 0)
        return -1;
    for (int i = 0; i < OPERANDS; i++)
        db_bind_string(*statement, i + 1, options->operands[i]);
    return 0;
}

/* 0: the operands make a row; 1: they don't, and the log says why; -1. */
static int check(struct db *db, const struct options *options)
{
    struct sqlite3_stmt *statement = NULL;
    int rc = -1;

    if (prepare(db, options, sql_explain_event, &statement) == 0)
        rc = db_step(db, statement);
    if (rc == 1) {
        struct span name = db_column_text(statement, 0),
                    expected = db_column_text(statement, 1),
                    found = db_column_text(statement, 2);
        log_line(&options->log, LOG_ERR, "%.*s: expected %.*s, found %.*s", (int)name.len,
                 name.at, (int)expected.len, expected.at, (int)found.len, found.at);
    }
    db_finalize(statement);
    return rc;
}

static int insert(struct db *db, const struct options *options, int64_t *id)
{
    struct sqlite3_stmt *statement = NULL;
    int rc = -1;

    if (prepare(db, options, sql_add, &statement) == 0)
        rc = db_step(db, statement);
    if (rc == 1) {
        *id = db_column_int(statement, 0);
        rc = db_step(db, statement); /* to its end, where it commits */
    }
    db_finalize(statement);
    return rc;
}

static int add(struct db *db, const struct options *options)
{
    bool created;
    int64_t id = 0;

    if (database_open(db, options->db_path, 0, &created) < 0)
        return -1;
    if (created && !options->quiet)
        log_line(&options->log, LOG_INFO, "%s: created", options->db_path);
    int rc = check(db, options);
    if (rc == 0 && insert(db, options, &id) < 0)
        return -1;
    if (rc == 0 && !options->quiet)
        printf("%" PRId64 "\n", id);
    return rc;
}

static int run(const struct options *options)
{
    struct db db = {0};
    int status = EX_DATAERR;

    if (check_utf8(options) == 0) {
        int rc = add(&db, options);
        if (rc < 0)
            log_line(&options->log, LOG_ERR, "%s", db.error);
        status = rc == 0 ? EX_OK : rc < 0 ? db.status : EX_DATAERR;
        db_close(&db);
    }
    return status;
}

const struct command command_add = {
    .name = "add",
    .operands = "MATCH TYPE JSON",
    .operand_count = OPERANDS,
    .options = "",
    .summary = "Puts in one event",
    .help = "Inserts one row as it is given, and prints its id:\n\n"
            "  feeder add m1 goal "
            "'{\"time\":\"23:15\",\"team\":\"home\",\"player\":\"Rashford\"}'\n\n"
            "TYPE is goal, yellow-card, substitution or any other word; a row of type\n"
            "message is the state of a match, an update as load takes it.  The database is\n"
            "made if there is none.\n",
    .run = run,
};
