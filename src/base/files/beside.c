/* Opens, creates and checks the files beside the database. */
#include "base/files/beside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/files/file.h"

int beside_path(char *path, size_t cap, const char *db_path, const char *suffix)
{
    size_t len = strlen(db_path), more = strlen(suffix) + 1;

    if (len + more > cap) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(path, db_path, len);
    memcpy(path + len, suffix, more);
    return 0;
}

int64_t beside_size(const char *db_path, const char *suffix)
{
    char path[BESIDE_PATH_MAX];
    struct stat st;

    return beside_path(path, sizeof path, db_path, suffix) == 0 && stat(path, &st) == 0
               ? st.st_size
               : 0;
}

void beside_folder(char *folder, size_t cap, const char *path)
{
    const char *slash = strrchr(path, '/');

    snprintf(folder, cap, "%.*s", slash ? (int)(slash - path) + (slash == path) : 1,
             slash ? path : ".");
}

const char *beside_distrust(const struct stat *st, mode_t type, const struct stat *db)
{
    if ((st->st_mode & S_IFMT) != type)
        return S_ISLNK(st->st_mode)   ? "a symbolic link"
               : S_ISDIR(st->st_mode) ? "a folder"
                                      : "a file of the wrong type";
    if (st->st_nlink > 1)
        return "a file with a second name";
    if (db && st->st_uid != db->st_uid && st->st_uid != geteuid() && st->st_uid != 0)
        return "another user's file";
    return NULL;
}

/* Checks the file before opening it: if it were another name of the database, closing it would
 * drop SQLite's locks.  Then checks that it opened the same file. */
int beside_open(const char *db_path, const char *suffix, mode_t type, int flags,
                const char **trouble)
{
    char path[BESIDE_PATH_MAX];
    struct stat db, st;
    int fd;

    *trouble = NULL;
    if (beside_path(path, sizeof path, db_path, suffix) < 0 || stat(db_path, &db) < 0 ||
        lstat(path, &st) < 0)
        return -1;
    *trouble = beside_distrust(&st, type, &db);
    errno = EPERM;
    if (*trouble)
        return -1;
    fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd >= 0 && !beside_in_place(fd, db_path, suffix)) {
        close(fd);
        fd = -1;
        errno = EAGAIN;
    }
    return fd;
}

/* Fails if another process creates the file at the same moment. */
static int make(const char *path, mode_t type, mode_t mode, int flags)
{
    int fd = -1;

    flags |= O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    if (type == S_IFREG)
        fd = open(path, flags | O_CREAT | O_EXCL, mode);
    else if (mkfifo(path, mode) == 0)
        fd = open(path, flags);
    if (fd >= 0)
        fchmod(fd, mode); /* independent of the umask */
    return fd;
}

int beside_make(const char *db_path, const char *suffix, mode_t type, int flags,
                const char **trouble)
{
    char path[BESIDE_PATH_MAX];
    int fd = beside_open(db_path, suffix, type, flags, trouble);
    struct stat db;

    if (fd >= 0 || beside_path(path, sizeof path, db_path, suffix) < 0 ||
        stat(db_path, &db) < 0)
        return fd;
    if (lstat(path, &(struct stat){0}) == 0) {
        if (!*trouble)
            *trouble = "a file that can't be opened for writing";
        if ((geteuid() != db.st_uid && geteuid() != 0) || unlink(path) < 0)
            return -1;
    }
    /* only its owner may write, even beside a read-only database */
    return make(path, type, (db.st_mode & 0444) | S_IWUSR, flags);
}

int beside_stat(const char *db_path, const char *suffix, struct stat *st)
{
    char path[BESIDE_PATH_MAX];

    return beside_path(path, sizeof path, db_path, suffix) < 0 ? -1 : lstat(path, st);
}

bool beside_in_place(int fd, const char *db_path, const char *suffix)
{
    struct stat here, there;

    return fstat(fd, &here) == 0 && beside_stat(db_path, suffix, &there) == 0 &&
           file_is_same(&here, &there);
}
