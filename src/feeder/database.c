/* Opens the database for a command, and makes it where there is none. */
#include "feeder/database.h"

#include <libgen.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "feeder/sql.h"

#define AGAIN_MS           20
#define DATABASE_SMALL_MAX (100 << 20) /* bytes */
#define FOLDER_MAX         4096

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

/*
 * A folder that is setgid and that its group may write to is shared by who serves and who
 * writes, two users: each makes files beside the database, such as -shm, with the
 * database's permissions and the folder's group, and the other must be able to write
 * to them.  The database itself gets the group of its maker: of the folder's, the others
 * only read it.  Before there is anything in it, and so before there are such files.
 */
static void share(const char *path)
{
    char folder[FOLDER_MAX];
    struct stat st;
    int n = snprintf(folder, sizeof folder, "%s", path);

    if (n < 0 || (size_t)n >= sizeof folder || stat(dirname(folder), &st) < 0 ||
        !(st.st_mode & S_ISGID) || !(st.st_mode & S_IWGRP))
        return;
    if (chown(path, (uid_t)-1, getegid()) < 0 || chmod(path, 0664) < 0)
        return; /* an empty file of somebody else, who has decided */
}

/* Whether the database will be large, as db_init_for_bulk means it.  (Rows take
 * somewhat more room than the text that they come from.) */
static bool will_be_large(const char *path, int64_t input)
{
    struct stat st;
    int64_t size = stat(path, &st) == 0 ? st.st_size : 0;

    return input < 0 || size + 2 * input > DATABASE_SMALL_MAX;
}

static int prepare_to_write(struct db *db)
{
    return db_keep_wal(db) < 0 || db_run(db, sql_tune) < 0 ? -1 : 0;
}

void database_expect(const char *path, int64_t input)
{
    db_init_for_bulk(will_be_large(path, input));
}

int database_open(struct db *db, const char *path, int64_t input, bool *created)
{
    enum db_identity identity;

    *created = false;
    database_expect(path, input);
    if (db_open(db, path, DB_CREATE, DATABASE_BUSY_MS) < 0 || db_identity(db, &identity) < 0)
        return -1;
    if (identity == DB_EMPTY)
        share(path);
    if (identity == DB_EMPTY ? create(db, created) < 0 : db_expect(db, identity) < 0)
        return -1;
    return prepare_to_write(db);
}

int database_open_existing(struct db *db, const char *path)
{
    db_init_for_bulk(will_be_large(path, 0));
    return db_open(db, path, DB_WRITE, DATABASE_BUSY_MS) < 0 ? -1 : prepare_to_write(db);
}
