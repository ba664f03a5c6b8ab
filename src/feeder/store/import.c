/* Runs the statements that turn an update into rows; they define the rules. */
#include "feeder/store/import.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/process/clock.h"
#include "feeder/store/sql.h"

/* The columns of sql_read_update. */
enum { READ_MATCH, READ_MESSAGE, READ_EVENTS, READ_STATUS_CHANGED, READ_SCORE_CHANGED };

int import_open(struct import *import, struct db *db)
{
    *import = (struct import){.db = db, .now_ms = -1};
    return db_prepare(db, sql_read_update, &import->read) < 0 ||
                   db_prepare(db, sql_event_rows, &import->events) < 0 ||
                   db_prepare(db, sql_status_row, &import->status) < 0 ||
                   db_prepare(db, sql_score_rows, &import->score) < 0 ||
                   db_prepare(db, sql_insert, &import->insert) < 0 ||
                   db_prepare(db, sql_now, &import->now) < 0
               ? -1
               : 0;
}

int import_judge(struct db *db, struct sqlite3_stmt *statement, int rc)
{
    if (rc == 1) {
        struct span place = db_column_text(statement, 0),
                    expected = db_column_text(statement, 1),
                    found = db_column_text(statement, 2);
        failure_set(db->failure, EX_DATAERR, "%.*s: expected %.*s, found %.*s", (int)place.len,
                    place.at, (int)expected.len, expected.at, (int)found.len, found.at);
    }
    db_finalize(statement);
    return rc == 0 ? 0 : -1;
}

int import_check_shape(struct db *db, const char *text, char **rest)
{
    struct sqlite3_stmt *statement = NULL;
    int rc = db_ask(db, &statement, sql_explain_shape, "si", text, (int64_t)(rest != NULL));

    if (rc == 1 && rest && !db_column_is_null(statement, 3))
        *rest = strdup(db_column_text(statement, 3).at);
    return import_judge(db, statement, rc);
}

int import_fail_json(struct db *db, const char *text)
{
    struct sqlite3_stmt *statement = NULL;
    int64_t place = 0;

    if (db_ask(db, &statement, sql_explain_json, "s", text) == 1)
        place = db_column_int(statement, 0);
    if (place > 0) {
        struct span found = db_column_text(statement, 1);
        failure_set(db->failure, EX_DATAERR, "not JSON: character %" PRId64 " of it, at %.*s",
                    place, (int)found.len, found.at);
    } else { /* or SQLite is older than 3.42 */
        failure_set(db->failure, EX_DATAERR, "not JSON: 'jq .' says more");
    }
    db_finalize(statement);
    return -1;
}

int import_check(struct db *db, const char *text)
{
    struct sqlite3_stmt *statement = NULL;
    int rc = db_ask(db, &statement, sql_explain_update, "s", text);

    if (rc >= 0)
        return import_judge(db, statement, rc);
    db_finalize(statement);
    return import_fail_json(db, text);
}

/*
 * Finds the reason of a failure: the database's, if that failed; if it refused the data, what
 * is wrong with them, or else the database's own sentence.
 */
static int explain(struct import *import, const char *text)
{
    struct failure *failure = import->db->failure;

    if (failure->status == EX_OK)
        failure_set(failure, EX_DATAERR, "not an update");
    if (failure->status == EX_DATAERR)
        import_check(import->db, text);
    return -1;
}

/* Keeps import->created_at current to the millisecond. */
static int look_at_clock(struct import *import)
{
    int64_t ms = clock_ms();

    if (ms == import->now_ms)
        return 0;
    int rc = db_step(import->db, import->now);
    if (rc == 1)
        snprintf(import->created_at, sizeof import->created_at, "%s",
                 db_column_text(import->now, 0).at);
    db_reset(import->now);
    import->now_ms = ms;
    return rc == 1 ? 0 : -1;
}

int import_row(struct import *import, const char *match, const char *type, const char *data)
{
    if (look_at_clock(import) < 0)
        return -1;
    int rc =
        db_execute(import->db, import->insert, "ssss", match, type, data, import->created_at);
    import->rows += rc == 0;
    return rc;
}

int import_rows(struct import *import, struct sqlite3_stmt *rows, const char *match)
{
    int rc;

    while ((rc = db_step(import->db, rows)) == 1)
        if (db_column_is_null(rows, 0) || import_row(import, match, db_column_text(rows, 0).at,
                                                     db_column_text(rows, 1).at) < 0) {
            rc = -1;
            break;
        }
    db_reset(rows);
    return rc;
}

/* Inserts the rows before the message: those that a statement derives from the update. */
static int add_rows(struct import *import, struct sqlite3_stmt *rows, const char *match,
                    const char *text)
{
    db_bind_string(rows, 1, text);
    return import_rows(import, rows, match);
}

int import_update(struct import *import, const char *text, bool compact)
{
    struct sqlite3_stmt *read = import->read;
    int rc = -1;

    import->db->failure->status = EX_OK;
    db_bind_string(read, 1, text);
    db_bind_int(read, 2, compact);
    if (db_step(import->db, read) == 1) {
        const char *match = db_column_text(read, READ_MATCH).at;
        rc = 0;
        if (db_column_int(read, READ_EVENTS) > 0)
            rc = add_rows(import, import->events, match, text);
        if (rc == 0 && db_column_int(read, READ_STATUS_CHANGED))
            rc = add_rows(import, import->status, match, text);
        if (rc == 0 && db_column_int(read, READ_SCORE_CHANGED))
            rc = add_rows(import, import->score, match, text);
        if (rc == 0)
            rc = import_row(import, match, "message", db_column_text(read, READ_MESSAGE).at);
    }
    db_reset(read);
    return rc == 0 ? 0 : explain(import, text);
}
