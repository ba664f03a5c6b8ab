/* Runs the statements that turn an update into rows; what is what, they say. */
#include "feeder/store/import.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/clock.h"
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

void import_close(struct import *import)
{
    db_finalize(import->read);
    db_finalize(import->events);
    db_finalize(import->status);
    db_finalize(import->score);
    db_finalize(import->insert);
    db_finalize(import->now);
}

/* Asks sql, a statement that finds what is wrong.  1: error says it; 0: nothing is; -1: the
 * text is not JSON.  rest: if it is not NULL, where a copy of the text without that goes. */
static int explain_by(struct db *db, const char *sql, const char *text, char *error, size_t cap,
                      char **rest)
{
    struct sqlite3_stmt *statement;

    if (db_prepare(db, sql, &statement) < 0)
        return -1;
    db_bind_string(statement, 1, text);
    if (rest)
        db_bind_int(statement, 2, 1);
    int rc = db_step(db, statement);
    if (rc == 1) {
        struct span path = db_column_text(statement, 0);
        struct span expected = db_column_text(statement, 1);
        struct span found = db_column_text(statement, 2);
        snprintf(error, cap, "%.*s: expected %.*s, found %.*s", (int)path.len, path.at,
                 (int)expected.len, expected.at, (int)found.len, found.at);
    }
    if (rc == 1 && rest && !db_column_is_null(statement, 3))
        *rest = strdup(db_column_text(statement, 3).at);
    db_finalize(statement);
    return rc;
}

void import_explain_shape(struct db *db, const char *text, char *error, size_t cap, char **rest)
{
    explain_by(db, sql_explain_shape, text, error, cap, rest);
}

void import_explain_json(struct db *db, const char *text, char *error, size_t cap)
{
    struct sqlite3_stmt *statement = NULL;
    int64_t place = 0;

    snprintf(error, cap, "not JSON: 'jq .' says more");
    if (db_prepare(db, sql_explain_json, &statement) < 0)
        return; /* an SQLite before 3.42 */
    db_bind_string(statement, 1, text);
    if (db_step(db, statement) == 1)
        place = db_column_int(statement, 0);
    if (place > 0) {
        struct span found = db_column_text(statement, 1);
        snprintf(error, cap, "not JSON: character %" PRId64 " of it, at %.*s", place,
                 (int)found.len, found.at);
    }
    db_finalize(statement);
}

void import_explain(struct db *db, const char *text, char *error, size_t cap)
{
    if (explain_by(db, sql_explain_update, text, error, cap, NULL) < 0)
        import_explain_json(db, text, error, cap);
}

enum import_result import_check(struct import *import, const char *text)
{
    import->error[0] = '\0';
    import_explain(import->db, text, import->error, sizeof import->error);
    return import->error[0] ? IMPORT_BAD : IMPORT_DONE;
}

/*
 * Why did it fail?  If the database did, then so it was.  If it refused the
 * data, look at them; and should they be in order, its own sentence is the best
 * there is.
 */
static enum import_result explain(struct import *import, const char *text)
{
    struct db *db = import->db;
    bool refused = db->status != EX_OK;

    if (refused && db->status != EX_DATAERR)
        return IMPORT_FAILED;
    snprintf(import->error, sizeof import->error, "%s", refused ? db->error : "not an update");
    import_explain(db, text, import->error, sizeof import->error);
    return IMPORT_BAD;
}

/* Keeps import->created_at right, to the millisecond. */
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
    db_bind_string(import->insert, 1, match);
    db_bind_string(import->insert, 2, type);
    db_bind_string(import->insert, 3, data);
    db_bind_string(import->insert, 4, import->created_at);
    int rc = db_step(import->db, import->insert);
    db_reset(import->insert);
    import->rows += rc == 0;
    return rc;
}

/* Inserts the rows that a statement makes of an update. */
static int insert_rows(struct import *import, struct sqlite3_stmt *rows, const char *match,
                       const char *text)
{
    int rc;

    db_bind_string(rows, 1, text);
    while ((rc = db_step(import->db, rows)) == 1)
        if (db_column_is_null(rows, 0) || import_row(import, match, db_column_text(rows, 0).at,
                                                     db_column_text(rows, 1).at) < 0) {
            rc = -1;
            break;
        }
    db_reset(rows);
    return rc;
}

enum import_result import_update(struct import *import, const char *text, bool compact)
{
    int rc = -1;

    import->db->status = EX_OK;
    db_bind_string(import->read, 1, text);
    db_bind_int(import->read, 2, compact);
    if (db_step(import->db, import->read) == 1) {
        const char *match = db_column_text(import->read, READ_MATCH).at;
        rc = 0;
        if (db_column_int(import->read, READ_EVENTS) > 0)
            rc = insert_rows(import, import->events, match, text);
        if (rc == 0 && db_column_int(import->read, READ_STATUS_CHANGED))
            rc = insert_rows(import, import->status, match, text);
        if (rc == 0 && db_column_int(import->read, READ_SCORE_CHANGED))
            rc = insert_rows(import, import->score, match, text);
        if (rc == 0)
            rc = import_row(import, match, "message",
                            db_column_text(import->read, READ_MESSAGE).at);
    }
    db_reset(import->read);
    return rc == 0 ? IMPORT_DONE : explain(import, text);
}
