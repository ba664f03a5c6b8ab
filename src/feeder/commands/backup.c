/*
 * feeder backup: a consistent copy of the database while it is in use.
 *
 * The copy is written to FILE.part, synced, and then renamed, so there is never half a backup.
 * A lock keeps two processes from writing the same FILE.part.  The rest of a killed backup is
 * overwritten.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/files/beside.h"
#include "base/process/stop.h"
#include "feeder/command.h"
#include "feeder/store/database.h"

struct backup {
    const struct options *options;
    struct failure *failure;
    const char *to;
    char part[BESIDE_PATH_MAX];
    int fd; /* of FILE.part, locked; -1: closed */
};

/* Fails because of the copy's file. */
__attribute__((format(printf, 3, 4))) static int fail(const struct backup *b, int status,
                                                      const char *format, ...)
{
    char text[FAILURE_MAX];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return failure_set(b->failure, status, "%s: %s", b->to, text);
}

/* An existing -wal would be taken for the copy's. */
static int refuse_in_use(const struct backup *b)
{
    char wal[BESIDE_PATH_MAX];
    struct stat st;

    if (beside_path(wal, sizeof wal, b->to, "-wal") < 0)
        return fail(b, EX_USAGE, "the name is too long");
    if (stat(wal, &st) == 0 && st.st_size > 0)
        return fail(b, EX_CANTCREAT,
                    "a database in use, since there is %s: choose another file, or make sure "
                    "that no process has it open and delete both",
                    wal);
    return 0;
}

static int refuse(const struct backup *b)
{
    struct stat to, db;

    if (stat(b->to, &to) < 0)
        return refuse_in_use(b);
    if (S_ISDIR(to.st_mode))
        return fail(b, EX_CANTCREAT, "a folder: name a file in it");
    if (stat(b->options->db_path, &db) == 0 && file_is_same(&db, &to))
        return fail(b, EX_USAGE, "the database itself: choose another file");
    if (!b->options->force)
        return fail(b, EX_CANTCREAT, "already exists: --force replaces it");
    return refuse_in_use(b);
}

static bool is_at(int fd, const char *path)
{
    struct stat a, b;

    return fstat(fd, &a) == 0 && lstat(path, &b) == 0 && file_is_same(&a, &b);
}

/* Whether the file is this user's alone: if another user created it, it may have a second name,
 * or be open. */
static bool is_mine(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 && st.st_nlink == 1 && st.st_uid == geteuid();
}

/* Another backup may complete, and rename the file, between opening and locking. */
static int open_part(struct backup *b)
{
    if (beside_path(b->part, sizeof b->part, b->to, ".part") < 0)
        return fail(b, EX_USAGE, "the name is too long");
    for (;;) {
        int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
        b->fd = open(b->part, flags | O_CREAT | O_EXCL, 0600);
        bool made = b->fd >= 0, there = !made && errno == EEXIST;
        if (there)
            b->fd = open(b->part, flags);
        if (there && b->fd < 0 && errno == ENOENT) /* it disappeared meanwhile */
            continue;
        if (b->fd < 0)
            return fail(b, EX_CANTCREAT, "can't be created: %s: check its folder",
                        strerror(errno));
        if (flock(b->fd, LOCK_EX | LOCK_NB) < 0)
            return fail(b, EX_TEMPFAIL, "another backup is writing it: wait for it");
        if (is_at(b->fd, b->part)) {
            if (made || is_mine(b->fd))
                break;
            if (unlink(b->part) < 0)
                return fail(b, EX_CANTCREAT, "%s: can't be removed: %s", b->part,
                            strerror(errno));
        }
        close(b->fd);
    }
    if (ftruncate(b->fd, 0) < 0)
        return fail(b, EX_IOERR, "can't be written: %s", strerror(errno));
    return 0;
}

static void sync_folder(const char *path)
{
    char folder[BESIDE_PATH_MAX];

    beside_folder(folder, sizeof folder, path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return; /* the folder is not readable; the copy itself is synced */
    fsync(fd);
    close(fd);
}

/*
 * Copies the database's owner, group and mode: if the copy replaces it, its writer must be able
 * to write, and viewers must not.  Not every user may give files away.  If the group differs (a
 * setgid folder's), it and others get only what both had.
 */
static int give_permissions(const struct backup *b)
{
    struct stat db, copy;

    if (stat(b->options->db_path, &db) < 0)
        return -1;
    int rc = fchown(b->fd, db.st_uid, db.st_gid);
    if (rc < 0)
        rc = fchown(b->fd, (uid_t)-1, db.st_gid);
    (void)rc; /* checked below */
    if (fstat(b->fd, &copy) < 0)
        return -1;
    mode_t mode = db.st_mode & 0666, both = mode & mode >> 3 & 06;
    if (copy.st_gid != db.st_gid)
        mode = (mode & 0600) | both << 3 | both;
    return fchmod(b->fd, mode);
}

/* Gives the complete copy its permissions and name. */
static int place(const struct backup *b)
{
    unsigned flags = b->options->force ? 0 : RENAME_NOREPLACE;

    if (give_permissions(b) < 0 || fsync(b->fd) < 0)
        return fail(b, EX_IOERR, "can't be completed: %s", strerror(errno));
    int rc = renameat2(AT_FDCWD, b->part, AT_FDCWD, b->to, flags);
    if (rc < 0 && errno == EINVAL) /* the file system does not support it */
        rc = refuse(b) == 0 ? rename(b->part, b->to) : -1;
    if (rc < 0)
        return fail(b, EX_CANTCREAT, "can't be renamed: %s", strerror(errno));
    sync_folder(b->to);
    return 0;
}

static int copy(const struct backup *b)
{
    struct db db;
    int rc = db_open(&db, b->options->db_path, DB_READ, DATABASE_BUSY_MS, b->failure);

    if (rc == 0)
        rc = db_copy(&db, b->part, stop_requested);
    db_close(&db);
    return rc;
}

int backup_run(const struct options *options, struct failure *failure)
{
    struct backup b = {.options = options,
                       .failure = failure,
                       .to = options->operands[0],
                       .fd = -1};
    struct stat st = {0};

    stop_init();
    if (refuse(&b) < 0 || open_part(&b) < 0) {
        close(b.fd);
        return -1;
    }
    int rc = copy(&b) < 0 ? -1 : place(&b);
    if (rc < 0)
        unlink(b.part);
    else if (!options->quiet && fstat(b.fd, &st) == 0)
        log_line(&options->log, LOG_INFO, "%s: %lld bytes, complete", b.to,
                 (long long)st.st_size);
    close(b.fd);
    return rc;
}
