/* Runs the statements that turn an event into an update; they define the rules. */
#include "feeder/store/event.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "feeder/store/import.h"
#include "feeder/store/sql.h"

/* The columns of sql_event_update. */
enum { UPDATE_PROBLEM, UPDATE_EXPECTED, UPDATE_FOUND, UPDATE_ID, UPDATE_TEXT };

static int insert_row(struct db *db, const struct event *event)
{
    return db_do(db, sql_add, "sss", event->match, event->type, event->data);
}

/* Whether the schema accepts the event as a row. */
static int check_row(struct db *db, const struct event *event)
{
    struct sqlite3_stmt *statement = NULL;
    int rc = db_ask(db, &statement, sql_explain_event, "s", event->data);

    if (import_judge(db, statement, rc) < 0 || db_run(db, sql_attempt) < 0)
        return -1;
    return insert_row(db, event) < 0 ? -1 : db_run(db, sql_take_back);
}

/* Whether data may void the row that it names.  match: NULL if unknown. */
static int check_voids(struct db *db, const char *place, const char *data, const char *match)
{
    struct sqlite3_stmt *statement = NULL;
    int rc = db_ask(db, &statement, sql_explain_voids, "sss", data, match, place);

    return import_judge(db, statement, rc);
}

static int insert_update(struct db *db, const char *text)
{
    struct import import;
    int rc = import_open(&import, db);

    if (rc == 0) {
        rc = import_update(&import, text, true);
        if (rc < 0 && db->failure->status == EX_DATAERR)
            failure_at(db->failure, "the match would become invalid");
    }
    return rc;
}

/* Inserts an event whose "voids" is valid, in the caller's transaction. */
static int insert(struct db *db, const struct event *event, int64_t *id)
{
    struct sqlite3_stmt *update = NULL;
    int rc =
        db_ask(db, &update, sql_event_update, "sss", event->match, event->type, event->data);

    if (rc == 1) {
        *id = db_column_int(update, UPDATE_ID);
        if (!db_column_is_null(update, UPDATE_PROBLEM))
            return import_judge(db, update, rc);
        rc = db_column_is_null(update, UPDATE_TEXT)
                 ? insert_row(db, event)
                 : insert_update(db, db_column_text(update, UPDATE_TEXT).at);
    }
    db_finalize(update);
    return rc;
}

int event_insert(struct db *db, const struct event *event, int64_t *id)
{
    if (db_begin_write(db) < 0)
        return -1;
    int rc = check_row(db, event);
    if (rc == 0 && strcmp(event->type, "message") != 0)
        rc = check_voids(db, "JSON: voids", event->data, event->match);
    if (rc == 0)
        rc = insert(db, event, id);
    return db_end(db, rc == 0);
}

static int insert_void(struct db *db, int64_t voids, int64_t *id)
{
    struct sqlite3_stmt *statement = NULL;
    int rc = db_ask(db, &statement, sql_void, "i", voids);

    if (rc == 1)
        rc = insert(db,
                    &(struct event){.match = db_column_text(statement, 0).at,
                                    .type = "void",
                                    .data = db_column_text(statement, 1).at},
                    id);
    db_finalize(statement);
    return rc;
}

int event_void(struct db *db, int64_t voids, int64_t *id)
{
    char data[64];

    snprintf(data, sizeof data, "{\"voids\":%" PRId64 "}", voids);
    if (db_begin_write(db) < 0)
        return -1;
    int rc = check_voids(db, "ID", data, NULL);
    if (rc == 0)
        rc = insert_void(db, voids, id);
    return db_end(db, rc == 0);
}
