/* Runs the comparison that sql/feeder/check_schema.sql defines. */
#include "feeder/store/schema.h"

#include <sysexits.h>

#include "feeder/store/database.h"
#include "feeder/store/sql.h"

#define SCRIPT_MAX 65536 /* bytes of the statements that repair a schema, with a NUL */

int schema_open(struct db *fresh, const char *path, struct failure *failure)
{
    int rc = -1;

    if (database_open_scratch(fresh, failure) == 0 && db_run(fresh, sql_check_lenient) == 0)
        rc = db_do(fresh, sql_check_attach, "s", path);
    db_unlock_schema(fresh);
    return rc;
}

/* The statements that repair a difference, and what to do with them. */
static int compare(struct db *fresh, schema_found *found, void *context, struct buf *mends)
{
    struct sqlite3_stmt *statement = NULL;
    int rc = db_prepare(fresh, sql_check_schema, &statement);

    while (rc == 0 && (rc = db_step(fresh, statement)) == 1) {
        struct span mend = db_column_text(statement, 1);
        if (found)
            found(context, db_column_text(statement, 0), mend.len > 0);
        if (mends)
            buf_put(mends, mend.at, mend.len);
        rc = 0;
    }
    db_finalize(statement);
    return rc;
}

int schema_compare(struct db *fresh, schema_found *found, void *context)
{
    return compare(fresh, found, context, NULL);
}

int schema_mend(struct db *fresh)
{
    char script[SCRIPT_MAX];
    struct buf mends;

    buf_init(&mends, script, sizeof script);
    if (compare(fresh, NULL, NULL, &mends) < 0)
        return -1;
    buf_putc(&mends, '\0');
    if (mends.full)
        return failure_set(fresh->failure, EX_SOFTWARE,
                           "the changes to the schema are larger than %d bytes", SCRIPT_MAX);
    return db_run(fresh, script);
}
