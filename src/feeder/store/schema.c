/* Runs the comparison; what is compared with what, sql/feeder/check_schema.sql says. */
#include "feeder/store/schema.h"

#include <stdio.h>
#include <sysexits.h>

#include "feeder/store/database.h"
#include "feeder/store/sql.h"

#define SCRIPT_MAX 65536 /* bytes of the statements that mend a schema, and a NUL */

int schema_open(struct db *fresh, const char *path)
{
    struct sqlite3_stmt *statement = NULL;
    int rc = -1;

    if (database_open_scratch(fresh) == 0 && db_run(fresh, sql_check_lenient) == 0 &&
        db_prepare(fresh, sql_check_attach, &statement) == 0) {
        db_bind_string(statement, 1, path);
        rc = db_step(fresh, statement);
    }
    db_finalize(statement);
    db_unlock_schema(fresh);
    return rc;
}

int schema_compare(struct db *fresh, schema_found *found, void *context)
{
    struct sqlite3_stmt *statement = NULL;
    int rc = db_prepare(fresh, sql_check_schema, &statement);

    while (rc == 0 && (rc = db_step(fresh, statement)) == 1) {
        found(context, db_column_text(statement, 0), db_column_text(statement, 1).len > 0);
        rc = 0;
    }
    db_finalize(statement);
    return rc;
}

/* The statements that mend all differences, in their order. */
static int plan(struct db *fresh, char script[SCRIPT_MAX])
{
    struct sqlite3_stmt *statement = NULL;
    struct buf mends;
    int rc = db_prepare(fresh, sql_check_schema, &statement);

    buf_init(&mends, script, SCRIPT_MAX);
    while (rc == 0 && (rc = db_step(fresh, statement)) == 1) {
        struct span mend = db_column_text(statement, 1);
        buf_put(&mends, mend.at, mend.len);
        rc = 0;
    }
    buf_putc(&mends, '\0');
    db_finalize(statement);
    if (rc == 0 && mends.full) {
        snprintf(fresh->error, sizeof fresh->error,
                 "what is to be changed in the schema is larger than %d bytes", SCRIPT_MAX);
        fresh->status = EX_SOFTWARE;
        rc = -1;
    }
    return rc;
}

int schema_mend(struct db *fresh)
{
    char script[SCRIPT_MAX];

    return plan(fresh, script) < 0 || db_run(fresh, script) < 0 ? -1 : 0;
}
