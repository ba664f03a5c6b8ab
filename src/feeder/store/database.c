/* Opens the database for a command, and creates a missing one. */
#include "feeder/store/database.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/process/clock.h"
#include "base/process/stop.h"
#include "feeder/store/sql.h"

#define AGAIN_MS           20
#define DATABASE_SMALL_MAX (100 << 20) /* bytes */
#define MODE               0644        /* of a new database, before the umask */

/*
 * Another process may be creating the same database, and SQLite can't always wait for that (a
 * change to WAL mode fails at once).  So after any failure, checks again what the file is now.
 */
static int create(struct db *db, bool *created)
{
    enum db_identity identity = DB_EMPTY;
    int64_t deadline = clock_ms() + DATABASE_BUSY_MS;

    for (;;) {
        if (db_take_turn(db) < 0)
            return -1;
        *created = db_run(db, sql_schema) == 0;
        if (*created) {
            db_leave_turn(db);
            return 0;
        }
        db_end(db, false);
        struct failure failed = *db->failure;
        if (db_identity(db, &identity) == 0 && identity != DB_EMPTY)
            return db_expect(db, identity);
        if (failed.status != EX_TEMPFAIL || clock_left(deadline) == 0) {
            *db->failure = failed;
            return -1;
        }
        stop_sleep(clock_ms() + AGAIN_MS);
    }
}

/* Creates the file itself, since SQLite would create it through a link; only while SQLite has
 * none of the files open. */
static void make(const char *path)
{
    int flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, fd = -1;

    if (strcmp(path, ":memory:") != 0) /* not a file to SQLite */
        fd = open(path, flags, MODE);
    if (fd >= 0)
        close(fd);
}

/* Whether the database will be large, in the sense of db_init_for_bulk.  (Rows take somewhat
 * more room than their text.) */
void database_expect(const char *path, int64_t input)
{
    struct stat st;
    int64_t size = stat(path, &st) == 0 ? st.st_size : 0;

    db_init_for_bulk(input < 0 || size + 2 * input > DATABASE_SMALL_MAX);
}

static int prepare_to_write(struct db *db)
{
    return db_keep_wal(db) < 0 || db_run(db, sql_tune) < 0 ? -1 : 0;
}

int database_open(struct db *db, const char *path, int64_t input, bool *created,
                  struct failure *failure)
{
    enum db_identity identity;

    *created = false;
    database_expect(path, input);
    make(path);
    if (db_open(db, path, DB_EMPTY_TOO, DATABASE_BUSY_MS, failure) < 0 ||
        db_identity(db, &identity) < 0)
        return -1;
    if (identity == DB_EMPTY ? db_expect_direct(db) < 0 || create(db, created) < 0
                             : db_expect(db, identity) < 0)
        return -1;
    return prepare_to_write(db);
}

int database_open_existing(struct db *db, const char *path, enum db_access access,
                           struct failure *failure)
{
    database_expect(path, 0);
    return db_open(db, path, access, DATABASE_BUSY_MS, failure) < 0 ? -1 : prepare_to_write(db);
}

bool database_is_there(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && st.st_size > 0;
}

int database_open_scratch(struct db *db, struct failure *failure)
{
    return db_open(db, ":memory:", DB_EMPTY_TOO, DATABASE_BUSY_MS, failure) < 0
               ? -1
               : db_run(db, sql_schema);
}
