/*
 * Inspects DB-ring's header and locks, and searches /proc for processes that have DB-bell open.
 *
 * A connection is a process of the service's name that has the bell and an epoll set: a
 * listener has no bell, and a poller without clients has no epoll set.  Under inetd, the
 * process has the program's name, which is the same.
 */
#include "feeder/inspect/watch.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files/beside.h"
#include "base/files/file.h"
#include "base/files/ring_file.h"
#include "base/process/clock.h"

#define SERVICE_NAME "livescore"
#define EPOLL_LINK   "anon_inode:[eventpoll]"

/* Reads instead of mapping: if the file is truncated, read returns less, but a mapping would
 * raise SIGBUS. */
static enum watch_ring read_header(struct watch *w, int fd, const char *db_path)
{
    struct ring_header *h = &w->header;
    struct stat st, db;

    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_nlink > 1 ||
        pread(fd, h, sizeof *h, 0) != (ssize_t)sizeof *h || h->magic != RING_MAGIC ||
        h->capacity != RING_CAPACITY || h->generation == 0)
        return WATCH_NOT_A_RING;
    int64_t now = clock_ms(), alive = h->alive;
    w->silence_ms = alive <= 0 || alive > now ? -1 : now - alive;
    w->last_id = h->last_id;
    return stat(db_path, &db) == 0 && file_is((struct file_id){h->db_device, h->db_inode}, &db)
               ? WATCH_RING
               : WATCH_OTHER_RING;
}

/* The process that would prevent locking the poller's byte. */
static int64_t lock_holder(int fd)
{
    struct flock lock = {.l_type = F_WRLCK,
                         .l_whence = SEEK_SET,
                         .l_start = RING_POLLER,
                         .l_len = 1};

    if (fcntl(fd, F_GETLK, &lock) < 0 || lock.l_type == F_UNLCK)
        return 0;
    return lock.l_pid > 0 ? lock.l_pid : -1;
}

static void look_at_ring(struct watch *w, const char *db_path)
{
    char path[BESIDE_PATH_MAX];
    int fd = -1;

    if (beside_path(path, sizeof path, db_path, "-ring") == 0)
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) {
        w->ring = errno == ENOENT  ? WATCH_NO_RING
                  : errno == ELOOP ? WATCH_NOT_A_RING
                                   : WATCH_UNREADABLE;
        return;
    }
    w->poller = lock_holder(fd);
    w->ring = read_header(w, fd, db_path);
    close(fd);
}

static bool is_service(const char *pid)
{
    char path[64], name[32] = "";
    FILE *comm;

    snprintf(path, sizeof path, "/proc/%.20s/comm", pid);
    comm = fopen(path, "re");
    if (!comm)
        return false;
    bool is = fgets(name, sizeof name, comm) && strcmp(name, SERVICE_NAME "\n") == 0;
    fclose(comm);
    return is;
}

/* Whether a process has both open; -1: not permitted to know. */
static int has_bell_and_epoll(const char *pid, const struct stat *bell)
{
    char path[64], to[BESIDE_PATH_MAX];
    bool has_bell = false, has_epoll = false;
    const struct dirent *entry;
    struct stat st;

    snprintf(path, sizeof path, "/proc/%.20s/fd", pid);
    DIR *fds = opendir(path);
    if (!fds)
        return errno == EACCES || errno == EPERM ? -1 : 0; /* it may also have ended */
    while ((entry = readdir(fds))) {
        ssize_t n = readlinkat(dirfd(fds), entry->d_name, to, sizeof to);
        if (n == (ssize_t)strlen(EPOLL_LINK) && memcmp(to, EPOLL_LINK, (size_t)n) == 0)
            has_epoll = true;
        else if (n > 0 && to[0] == '/' && fstatat(dirfd(fds), entry->d_name, &st, 0) == 0 &&
                 file_is_same(&st, bell))
            has_bell = true;
    }
    closedir(fds);
    return has_bell && has_epoll;
}

static void count_connections(struct watch *w, const char *db_path)
{
    char path[BESIDE_PATH_MAX];
    const struct dirent *entry;
    struct stat bell;
    DIR *proc;

    if (beside_path(path, sizeof path, db_path, "-bell") < 0 || lstat(path, &bell) < 0 ||
        !(proc = opendir("/proc")))
        return;
    while ((entry = readdir(proc))) {
        if (!isdigit((unsigned char)entry->d_name[0]) || !is_service(entry->d_name))
            continue;
        int has = has_bell_and_epoll(entry->d_name, &bell);
        w->connections += has > 0;
        w->unseen += has < 0;
    }
    closedir(proc);
}

void watch_service(struct watch *w, const char *db_path)
{
    *w = (struct watch){.silence_ms = -1};
    look_at_ring(w, db_path);
    count_connections(w, db_path);
}

const char *watch_ring_name(enum watch_ring ring)
{
    static const char *const names[] = {
        [WATCH_NO_RING] = "none",     [WATCH_UNREADABLE] = "unreadable",
        [WATCH_NOT_A_RING] = "other", [WATCH_OTHER_RING] = "stale",
        [WATCH_RING] = "ok",
    };

    return names[ring];
}
