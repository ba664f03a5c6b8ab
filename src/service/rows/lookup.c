/* Opens the database, reads with the usual limits, and closes it. */
#include "service/rows/lookup.h"

#include "base/process/clock.h"
#include "service/rows/catchup.h"

/* Hides the other rows behind views of the same names. */
__attribute__((noinline)) static int narrow(struct db *db, const struct filter *only)
{
    char memory[2][FILTER_LIST_MAX + 1];
    struct buf matches, types;

    buf_init(&matches, memory[0], sizeof memory[0]);
    buf_init(&types, memory[1], sizeof memory[1]);
    filter_put(only, true, &matches);
    filter_put(only, false, &types);
    buf_putc(&matches, '\0');
    buf_putc(&types, '\0');
    return db_run(db, sql_narrow) < 0 || db_do(db, sql_narrow_matches, "s", matches.at) < 0 ||
                   db_do(db, sql_narrow_types, "s", types.at) < 0
               ? -1
               : 0;
}

int lookup(const char *path, const struct filter *only, const char *sql, lookup_read *read,
           void *context, struct failure *failure)
{
    struct db db;
    struct sqlite3_stmt *statement = NULL;
    int rc = -1;

    if (db_open(&db, path, DB_READ, CATCHUP_BUSY_MS, failure) < 0)
        return -1;
    db_set_deadline(&db, clock_ms() + CATCHUP_READ_MS);
    if ((!only || narrow(&db, only) == 0) && db_prepare(&db, sql, &statement) == 0)
        rc = read(context, &db, statement);
    db_finalize(statement);
    db_close(&db);
    return rc;
}
