/* Opens the database for a command, and makes it where there is none. */
#include "feeder/database.h"

#include <poll.h>
#include <stddef.h>
#include <sysexits.h>

#include "base/clock.h"
#include "feeder/sql.h"

#define AGAIN_MS 20

/*
 * Somebody else may be making the same database at this moment, and SQLite can't
 * always wait for that (a change to WAL mode fails at once).  So whatever goes
 * wrong, look again what the file is by now.
 */
static int create(struct db *db, bool *created)
{
    enum db_identity identity = DB_EMPTY;
    int64_t deadline = clock_ms() + DATABASE_BUSY_MS;

    for (;;) {
        if (db_run(db, sql_schema) == 0) {
            *created = true;
            return 0;
        }
        db_end(db, false);
        bool busy = db->status == EX_TEMPFAIL;
        struct db failed = *db;
        if (db_identity(db, &identity) == 0 && identity != DB_EMPTY)
            return db_expect(db, identity);
        if (!busy || clock_left(deadline) == 0) {
            *db = failed;
            return -1;
        }
        poll(NULL, 0, AGAIN_MS);
    }
}

int database_open(struct db *db, const char *path, bool *created)
{
    enum db_identity identity;

    *created = false;
    db_init_for_bulk();
    if (db_open(db, path, DB_CREATE, DATABASE_BUSY_MS) < 0 || db_identity(db, &identity) < 0)
        return -1;
    if (identity == DB_EMPTY ? create(db, created) < 0 : db_expect(db, identity) < 0)
        return -1;
    return db_keep_wal(db) < 0 || db_run(db, sql_tune) < 0 ? -1 : 0;
}
