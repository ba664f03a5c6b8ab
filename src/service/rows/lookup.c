/* Opens the database, reads with the usual limits, and closes it. */
#include "service/rows/lookup.h"

#include "base/clock.h"
#include "service/rows/catchup.h"

int lookup(const char *path, const char *sql, lookup_read *read, void *context,
           struct failure *failure)
{
    struct db db;
    struct sqlite3_stmt *statement = NULL;
    int rc = -1;

    if (db_open(&db, path, DB_READ, CATCHUP_BUSY_MS, failure) < 0)
        return -1;
    db_set_deadline(&db, clock_ms() + CATCHUP_READ_MS);
    if (db_prepare(&db, sql, &statement) == 0)
        rc = read(context, &db, statement);
    db_finalize(statement);
    db_close(&db);
    return rc;
}
