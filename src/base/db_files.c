/*
 * The files of a database, looked at by their names.  None is opened: closing it again would
 * drop the locks that SQLite has on it.
 */
#include "base/db_sqlite.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

int db_path_beside(char *path, size_t cap, const char *db_path, const char *suffix)
{
    int n = snprintf(path, cap, "%s%s", db_path, suffix);

    if (n > 0 && (size_t)n < cap)
        return 0;
    errno = ENAMETOOLONG;
    return -1;
}

bool db_replaced(const struct db *db)
{
    struct stat st;

    return !db->path || stat(db->path, &st) < 0 || st.st_dev != db->device ||
           st.st_ino != db->inode;
}

void db_remember_file(struct db *db)
{
    struct stat st;

    if (stat(db->path, &st) == 0) {
        db->device = st.st_dev;
        db->inode = st.st_ino;
    }
}

/* One of them may have been put there by a user who may write to the folder but not to the
 * database.  SQLite would write through another name of a file, and play back a journal. */
static int expect_own_file(struct db *db, const char *path, uid_t owner, bool is_journal)
{
    struct stat st;

    if (lstat(path, &st) < 0)
        return 0;
    if (!S_ISREG(st.st_mode) || st.st_nlink > 1)
        return db_fail(
            db, EX_NOINPUT,
            "%s: not a file that SQLite made, but a link or something else: remove it", path);
    if (is_journal && st.st_uid != owner && st.st_uid != 0 && st.st_uid != geteuid())
        return db_fail(db, EX_NOINPUT,
                       "%s: a journal that belongs to user %u, not to the database's owner: it "
                       "could change the database and delete other files: remove it",
                       path, (unsigned)st.st_uid);
    return 0;
}

int db_expect_own_files(struct db *db)
{
    static const char *const suffixes[] = {"-wal", "-shm", "-journal"};
    const char *name = sqlite3_db_filename(db->handle, "main"); /* behind links */
    char path[PATH_MAX];
    struct stat st;
    int rc = 0;

    if (!name || stat(name, &st) < 0)
        return 0;
    for (int i = 0; rc == 0 && i < 3; i++)
        if (db_path_beside(path, sizeof path, name, suffixes[i]) == 0)
            rc = expect_own_file(db, path, st.st_uid, i == 2);
    return rc;
}
