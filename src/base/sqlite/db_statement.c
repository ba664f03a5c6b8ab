/* Prepares and runs statements, the programs' own and those of users. */
#include "base/sqlite/db_sqlite.h"

#include <stdarg.h>
#include <string.h>
#include <sysexits.h>

int db_prepare(struct db *db, const char *sql, struct sqlite3_stmt **statement)
{
    int tries = 0;

    while (sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, statement,
                              NULL) != SQLITE_OK)
        if (!db_try_again(db, &tries))
            return db_fail_sqlite(db);
    return 0;
}

/* What db_prepare_query allows; sets *denied on anything else. */
static int authorize(void *context, int action, const char *first, const char *second,
                     const char *database, const char *trigger)
{
    bool *denied = context;

    (void)database, (void)trigger;
    if (action == SQLITE_SELECT || action == SQLITE_RECURSIVE ||
        (action == SQLITE_FUNCTION && strcmp(second, "load_extension") != 0) ||
        (action == SQLITE_READ &&
         (strcmp(first, "json_each") == 0 || strcmp(first, "json_tree") == 0 ||
          strcmp(first, "statuses") == 0)))
        return SQLITE_OK;
    *denied = true;
    return SQLITE_DENY;
}

static int line_of(const char *sql, int offset)
{
    int line = 1;

    for (int i = 0; i < offset && sql[i]; i++)
        line += sql[i] == '\n';
    return line;
}

static int fail_query(struct db *db, const char *sql, bool denied)
{
    const char *detail = sqlite3_errmsg(db->handle);
    int offset = sqlite3_error_offset(db->handle);

    if (denied)
        return failure_set(db->failure, EX_DATAERR,
                           "%s: may only contain one SELECT from its parameters, json_each, "
                           "json_tree and statuses: %s",
                           db->path, detail);
    if (offset < 0)
        return failure_set(db->failure, EX_DATAERR, "%s: %s", db->path, detail);
    return failure_set(db->failure, EX_DATAERR, "%s: line %d: %s", db->path,
                       line_of(sql, offset), detail);
}

int db_prepare_query(struct db *db, const char *sql, struct sqlite3_stmt **statement)
{
    struct sqlite3_stmt *more = NULL;
    const char *tail = sql;
    bool denied = false;

    sqlite3_set_authorizer(db->handle, authorize, &denied);
    int rc = sqlite3_prepare_v2(db->handle, sql, -1, statement, &tail);
    if (rc != SQLITE_OK)
        rc = fail_query(db, sql, denied);
    else if (!*statement)
        rc = failure_set(db->failure, EX_DATAERR, "%s: expected a SELECT, found nothing",
                         db->path);
    else if (sqlite3_stmt_isexplain(*statement))
        rc = failure_set(db->failure, EX_DATAERR, "%s: expected a SELECT, found EXPLAIN",
                         db->path);
    else if (sqlite3_prepare_v2(db->handle, tail, -1, &more, NULL) != SQLITE_OK || more)
        rc = failure_set(db->failure, EX_DATAERR,
                         "%s: line %d: expected the end after one SELECT, found more", db->path,
                         line_of(sql, (int)(tail - sql)));
    sqlite3_finalize(more);
    sqlite3_set_authorizer(db->handle, NULL, NULL);
    return rc;
}

void db_finalize(struct sqlite3_stmt *statement)
{
    sqlite3_finalize(statement);
}

void db_bind_int(struct sqlite3_stmt *statement, int parameter, int64_t n)
{
    sqlite3_bind_int64(statement, parameter, n);
}

void db_bind_copy(struct sqlite3_stmt *statement, int parameter, struct span text)
{
    sqlite3_bind_text64(statement, parameter, text.at, text.len, SQLITE_TRANSIENT, SQLITE_UTF8);
}

void db_bind_string(struct sqlite3_stmt *statement, int parameter, const char *text)
{
    sqlite3_bind_text(statement, parameter, text, -1, SQLITE_STATIC);
}

int db_parameter(struct sqlite3_stmt *statement, const char *name)
{
    return sqlite3_bind_parameter_index(statement, name);
}

int db_step(struct db *db, struct sqlite3_stmt *statement)
{
    int rc, tries = 0;

    db->step_end = 0;
    do
        rc = sqlite3_step(statement);
    while (rc == SQLITE_READONLY && db_try_again(db, &tries));
    return rc == SQLITE_ROW ? 1 : rc == SQLITE_DONE ? 0 : db_fail_sqlite(db);
}

static void bind_all(struct sqlite3_stmt *statement, const char *types, va_list values)
{
    for (int i = 1; *types; i++)
        if (*types++ == 's')
            db_bind_string(statement, i, va_arg(values, const char *));
        else
            db_bind_int(statement, i, va_arg(values, int64_t));
}

static int step_with(struct db *db, struct sqlite3_stmt *statement, const char *types,
                     va_list values)
{
    bind_all(statement, types, values);
    return db_step(db, statement);
}

void db_bind(struct sqlite3_stmt *statement, const char *types, ...)
{
    va_list values;

    va_start(values, types);
    bind_all(statement, types, values);
    va_end(values);
}

int db_ask(struct db *db, struct sqlite3_stmt **statement, const char *sql, const char *types,
           ...)
{
    va_list values;

    va_start(values, types);
    int rc = db_prepare(db, sql, statement) < 0 ? -1 : step_with(db, *statement, types, values);
    va_end(values);
    return rc;
}

int db_execute(struct db *db, struct sqlite3_stmt *statement, const char *types, ...)
{
    va_list values;

    va_start(values, types);
    int rc = step_with(db, statement, types, values);
    va_end(values);
    db_reset(statement);
    return rc;
}

int db_do(struct db *db, const char *sql, const char *types, ...)
{
    struct sqlite3_stmt *statement = NULL;
    va_list values;

    va_start(values, types);
    int rc = db_prepare(db, sql, &statement) < 0 ? -1 : step_with(db, statement, types, values);
    va_end(values);
    db_finalize(statement);
    return rc;
}

void db_reset(struct sqlite3_stmt *statement)
{
    sqlite3_reset(statement);
}

int64_t db_column_int(struct sqlite3_stmt *statement, int column)
{
    return sqlite3_column_int64(statement, column);
}

struct span db_column_text(struct sqlite3_stmt *statement, int column)
{
    /* unprotected, but SQLITE_CONFIG_SINGLETHREAD needs no mutex */
    sqlite3_value *value = sqlite3_column_value(statement, column);
    const char *text = (const char *)sqlite3_value_text(value);

    /* in this order: only after value_text do value_bytes count text */
    return (struct span){text ? text : "", (size_t)sqlite3_value_bytes(value)};
}

int db_column_count(struct sqlite3_stmt *statement)
{
    return sqlite3_column_count(statement);
}

bool db_column_is_null(struct sqlite3_stmt *statement, int column)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL;
}
