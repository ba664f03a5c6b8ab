/* Turns SQLite's errors into sentences that say what to do. */
#include "base/sqlite/db_sqlite.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/files/beside.h"

/* The name of the CHECK that failed, which is a sentence. */
static const char *name_of(const char *detail)
{
    static const char before[] = "CHECK constraint failed: ";

    return strncmp(detail, before, strlen(before)) == 0 ? detail + strlen(before) : detail;
}

static bool is_folder(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

int db_fail_link(struct db *db)
{
    struct stat st;

    if (lstat(db->path, &st) < 0 || (!S_ISLNK(st.st_mode) && st.st_nlink == 1))
        return failure_set(db->failure, EX_CANTCREAT, "%s: not a file that can hold a database",
                           db->path);
    return failure_set(db->failure, EX_CANTCREAT,
                       "%s: a link, through which no database is created: name the file itself",
                       db->path);
}

/* access(2) reports this to root, too. */
static bool is_read_only(const char *path)
{
    return access(path, W_OK) < 0 && errno == EROFS;
}

static int fail_to_make(struct db *db, const char *folder)
{
    struct stat st;

    if (lstat(db->path, &st) == 0)
        return db_fail_link(db);
    return failure_set(db->failure, EX_CANTCREAT, "%s: can't be created: %s", db->path,
                       is_read_only(folder) ? "its file system is mounted read-only"
                                            : "check the permissions of its folder");
}

/* The file is missing or out of reach. */
static int fail_to_find(struct db *db, const char *folder, int why)
{
    const char *path = db->path;
    struct stat st;

    if (stat(folder, &st) < 0 && errno == ENOENT)
        return failure_set(
            db->failure, EX_NOINPUT,
            "%s: no folder %s: create it first, or run 'systemd-tmpfiles --create'", path,
            folder);
    if (why != ENOENT)
        return failure_set(db->failure, EX_NOINPUT, "%s: can't be opened: %s", path,
                           strerror(why));
    if (db->access == DB_EMPTY_TOO)
        return fail_to_make(db, folder);
    return failure_set(db->failure, EX_NOINPUT,
                       "%s: no such file: 'feeder -d %s init' creates it", path, path);
}

/* Names the first file that this user has no permission to use.  want: R_OK, or R_OK | W_OK.
 * Returns 0 if there is none. */
static int fail_permission(struct db *db, const char *folder, int want)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};
    static const char remedy[] =
        "as root, run 'systemd-tmpfiles --create', or do what 'feeder check "
        "--user NAME' says";
    const char *path = db->path;
    char file[BESIDE_PATH_MAX];

    if (access(folder, X_OK) < 0 && errno == EACCES)
        return failure_set(db->failure, EX_NOPERM, "%s: no permission to search its folder: %s",
                           path, remedy);
    for (int i = 0; i < 4 && beside_path(file, sizeof file, path, suffixes[i]) == 0; i++) {
        if (i == 3) /* of an interrupted transaction, which any reader would play back */
            want = R_OK | W_OK;
        if (access(file, want) < 0 && errno == EACCES)
            return failure_set(db->failure, EX_NOPERM, "%s: no permission to %s it: %s", file,
                               want & W_OK ? "write to" : "read", remedy);
        if (i < 3 && access(file, F_OK) < 0 && access(folder, W_OK) < 0 && errno == EACCES)
            return failure_set(db->failure, EX_NOPERM,
                               "%s: missing, and no permission to create it: run 'feeder "
                               "status' or livescore-poll.service as the database's owner",
                               file);
    }
    return 0;
}

static int fail_to_open(struct db *db)
{
    const char *path = db->path;
    char folder[BESIDE_PATH_MAX];
    struct stat st;

    beside_folder(folder, sizeof folder, path);
    if (stat(path, &st) < 0 && errno != EACCES)
        return fail_to_find(db, folder, errno);
    if (is_folder(path))
        return failure_set(db->failure, EX_NOINPUT, "%s: a folder: name a file in it", path);
    if (is_read_only(folder))
        return failure_set(db->failure, EX_NOINPUT,
                           "%s: can't be opened: its file system is mounted read-only, and "
                           "SQLite can't create the -shm that it needs",
                           path);
    if (fail_permission(db, folder, R_OK) < 0)
        return -1;
    return failure_set(db->failure, EX_NOINPUT,
                       "%s: can't be opened: if its folder was replaced, restart livescore and "
                       "livescore-poll; else check what "
                       "its -wal and -shm are, and who else uses them",
                       path);
}

static int fail_to_write(struct db *db)
{
    const char *path = db->path;
    char folder[BESIDE_PATH_MAX];

    beside_folder(folder, sizeof folder, path);
    if (is_read_only(path))
        return failure_set(db->failure, EX_NOPERM,
                           "%s: not writable: its file system is mounted read-only", path);
    if (fail_permission(db, folder, db->access == DB_READ ? R_OK : R_OK | W_OK) < 0)
        return -1;
    return failure_set(
        db->failure, EX_NOPERM,
        "%s: not writable: check its owner and those of its -wal, -shm and folder", path);
}

/* A statement of ours fails on a schema without its parts; a writer's, also in a trigger. */
static int fail_statement(struct db *db, const char *detail)
{
    if (db->access == DB_READ)
        return failure_set(db->failure, EX_CONFIG,
                           "%s: %s: 'feeder -d %s upgrade' adds what an earlier version does "
                           "not have, 'feeder -d %s check' finds what else is missing",
                           db->path, detail, db->path, db->path);
    return failure_set(db->failure, EX_DATAERR, "%s: %s%s", db->path, detail,
                       strncmp(detail, "no such table", 13) == 0
                           ? ": 'feeder check' finds what is missing"
                           : "");
}

int db_fail_sqlite(struct db *db)
{
    const char *detail = sqlite3_errmsg(db->handle), *path = db->path;

    switch (sqlite3_errcode(db->handle)) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return db_fail_locked(db, 0);
    case SQLITE_NOTADB:
        return failure_set(
            db->failure, EX_DATAERR,
            "%s: not an SQLite database: choose another file, or restore a backup", path);
    case SQLITE_CORRUPT:
        return failure_set(db->failure, EX_DATAERR, "%s: damaged: %s: restore a backup", path,
                           detail);
    case SQLITE_FULL: return failure_set(db->failure, EX_IOERR, "%s: the disk is full", path);
    case SQLITE_READONLY: return fail_to_write(db);
    case SQLITE_CANTOPEN: return fail_to_open(db);
    case SQLITE_IOERR: /* as when reading a folder */
        return is_folder(path) ? fail_to_open(db)
                               : failure_set(db->failure, EX_IOERR, "%s: %s", path, detail);
    case SQLITE_INTERRUPT:
        return db->writing
                   ? failure_set(db->failure, EX_DATAERR,
                                 "%s: a row took longer than %d s to write: does a trigger "
                                 "never end? '.schema' in sqlite3 shows it",
                                 path, DB_WRITE_MS / 1000)
                   : failure_set(db->failure, EX_TEMPFAIL, "%s: a query took too long", path);
    case SQLITE_CONSTRAINT: return failure_set(db->failure, EX_DATAERR, "%s", name_of(detail));
    case SQLITE_PROTOCOL: /* readers can't recover a damaged -wal */
        return failure_set(db->failure, EX_IOERR,
                           "%s: its -wal can't be read: run 'feeder check' as its owner", path);
    case SQLITE_ERROR: return fail_statement(db, detail);
    default: return failure_set(db->failure, EX_IOERR, "%s: %s", path, detail);
    }
}
