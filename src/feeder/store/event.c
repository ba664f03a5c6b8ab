/* Runs the statements that make an update of an event; what is what, they say. */
#include "feeder/store/event.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "feeder/store/sql.h"

/* The columns of sql_event_update. */
enum { UPDATE_ID, UPDATE_TEXT, UPDATE_PROBLEM, UPDATE_EXPECTED, UPDATE_FOUND };

static enum event_result bad(char *error, const char *place, struct span expected,
                             struct span found)
{
    snprintf(error, EVENT_ERROR_MAX, "%s: expected %.*s, found %.*s", place, (int)expected.len,
             expected.at, (int)found.len, found.at);
    return EVENT_BAD;
}

/* Prepares a statement that takes the event as its parameters. */
static int prepare(struct db *db, const char *sql, const struct event *event,
                   struct sqlite3_stmt **statement)
{
    if (db_prepare(db, sql, statement) < 0)
        return -1;
    db_bind_string(*statement, 1, event->match);
    db_bind_string(*statement, 2, event->type);
    db_bind_string(*statement, 3, event->data);
    return 0;
}

/* Whether the event would be a row at all. */
static enum event_result check_row(struct db *db, const struct event *event, char *error)
{
    struct sqlite3_stmt *statement = NULL;
    enum event_result result = EVENT_FAILED;
    int rc = -1;

    if (prepare(db, sql_explain_event, event, &statement) == 0)
        rc = db_step(db, statement);
    if (rc == 0)
        result = EVENT_DONE;
    else if (rc == 1)
        result = bad(error, db_column_text(statement, 0).at, db_column_text(statement, 1),
                     db_column_text(statement, 2));
    db_finalize(statement);
    return result;
}

/* Whether data may take back what it names.  match: NULL if it is not known. */
static enum event_result check_voids(struct db *db, const char *place, const char *data,
                                     const char *match, char *error)
{
    struct sqlite3_stmt *statement = NULL;
    enum event_result result = EVENT_FAILED;
    int rc = -1;

    if (db_prepare(db, sql_explain_voids, &statement) == 0) {
        db_bind_string(statement, 1, data);
        db_bind_string(statement, 2, match);
        rc = db_step(db, statement);
    }
    if (rc == 0)
        result = EVENT_DONE;
    else if (rc == 1)
        result = bad(error, place, db_column_text(statement, 0), db_column_text(statement, 1));
    db_finalize(statement);
    return result;
}

static enum event_result insert_update(struct db *db, const char *text, char *error)
{
    struct import import;
    enum event_result result = EVENT_FAILED;

    if (import_open(&import, db) == 0) {
        enum import_result imported = import_update(&import, text, true);
        result = imported == IMPORT_DONE  ? EVENT_DONE
                 : imported == IMPORT_BAD ? EVENT_BAD
                                          : EVENT_FAILED;
        if (result == EVENT_BAD)
            snprintf(error, EVENT_ERROR_MAX, "the match would be wrong then: %s", import.error);
    }
    import_close(&import);
    return result;
}

static enum event_result insert_row(struct db *db, const struct event *event)
{
    struct sqlite3_stmt *statement = NULL;
    int rc = -1;

    if (prepare(db, sql_add, event, &statement) == 0)
        rc = db_step(db, statement);
    db_finalize(statement);
    return rc == 0 ? EVENT_DONE : EVENT_FAILED;
}

/* Inserts an event whose "voids" is in order, in the caller's transaction. */
static enum event_result insert(struct db *db, const struct event *event, int64_t *id,
                                char *error)
{
    struct sqlite3_stmt *update = NULL;
    enum event_result result = EVENT_FAILED;

    if (prepare(db, sql_event_update, event, &update) == 0 && db_step(db, update) == 1) {
        *id = db_column_int(update, UPDATE_ID);
        if (!db_column_is_null(update, UPDATE_PROBLEM))
            result = bad(error, db_column_text(update, UPDATE_PROBLEM).at,
                         db_column_text(update, UPDATE_EXPECTED),
                         db_column_text(update, UPDATE_FOUND));
        else if (db_column_is_null(update, UPDATE_TEXT))
            result = insert_row(db, event);
        else
            result = insert_update(db, db_column_text(update, UPDATE_TEXT).at, error);
    }
    db_finalize(update);
    return result;
}

/* Ends the transaction. */
static enum event_result end(struct db *db, enum event_result result)
{
    return db_end(db, result == EVENT_DONE) < 0 && result == EVENT_DONE ? EVENT_FAILED : result;
}

enum event_result event_insert(struct db *db, const struct event *event, int64_t *id,
                               char error[EVENT_ERROR_MAX])
{
    enum event_result result = check_row(db, event, error);

    if (result != EVENT_DONE)
        return result;
    if (db_begin_write(db) < 0)
        return EVENT_FAILED;
    if (strcmp(event->type, "message") != 0)
        result = check_voids(db, "JSON: voids", event->data, event->match, error);
    if (result == EVENT_DONE)
        result = insert(db, event, id, error);
    return end(db, result);
}

static enum event_result insert_void(struct db *db, int64_t voids, int64_t *id, char *error)
{
    struct sqlite3_stmt *statement = NULL;
    enum event_result result = EVENT_FAILED;

    if (db_prepare(db, sql_void, &statement) == 0) {
        db_bind_int(statement, 1, voids);
        if (db_step(db, statement) == 1)
            result = insert(db,
                            &(struct event){.match = db_column_text(statement, 0).at,
                                            .type = "void",
                                            .data = db_column_text(statement, 1).at},
                            id, error);
    }
    db_finalize(statement);
    return result;
}

enum event_result event_void(struct db *db, int64_t voids, int64_t *id,
                             char error[EVENT_ERROR_MAX])
{
    char data[64];

    snprintf(data, sizeof data, "{\"voids\":%" PRId64 "}", voids);
    if (db_begin_write(db) < 0)
        return EVENT_FAILED;
    enum event_result result = check_voids(db, "ID", data, NULL, error);
    if (result == EVENT_DONE)
        result = insert_void(db, voids, id, error);
    return end(db, result);
}
