/* A place is a byte locked with fcntl(2), past the end of an empty file. */
#include "base/sqlite/queue.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files/beside.h"

#define JOIN_TRIES 1000

static int lock(const struct queue *queue, int64_t place, short type)
{
    struct flock flock = {.l_type = type, .l_whence = SEEK_SET, .l_start = place, .l_len = 1};

    return fcntl(queue->fd, F_SETLK, &flock);
}

/* Whether another process has a place at `from` or later, but before `end` (0: no limit). */
static bool is_taken(const struct queue *queue, int64_t from, int64_t end, struct flock *by)
{
    *by = (struct flock){.l_type = F_WRLCK,
                         .l_whence = SEEK_SET,
                         .l_start = from,
                         .l_len = end == 0 ? 0 : end - from};
    return fcntl(queue->fd, F_GETLK, by) == 0 && by->l_type != F_UNLCK;
}

/*
 * Those who may write to the database may open, and so lock, its queue.  Mere readers may not:
 * they could block all writers.  Copies the database's owner and group as far as permitted;
 * root may.
 */
static void share(int fd, const struct stat *db)
{
    mode_t write = db->st_mode & (S_IWUSR | S_IWGRP | S_IWOTH);
    uid_t owner = geteuid() == 0 ? db->st_uid : geteuid();
    struct stat st;

    if (fstat(fd, &st) < 0)
        return;
    bool is_right = st.st_uid == owner && st.st_gid == db->st_gid;
    if (is_right || fchown(fd, owner, db->st_gid) == 0) /* which units forbid */
        fchmod(fd, write | write << 1);
}

void queue_open(struct queue *queue, const char *db_path)
{
    int flags = O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    char path[BESIDE_PATH_MAX];
    struct stat db;

    *queue = (struct queue){.fd = -1, .place = -1};
    if (stat(db_path, &db) < 0 || beside_path(path, sizeof path, db_path, QUEUE_SUFFIX) < 0)
        return;
    queue->fd = open(path, flags);
    if (queue->fd >= 0)
        return;
    queue->fd = open(path, flags | O_CREAT | O_EXCL, S_IRUSR | S_IWUSR);
    if (queue->fd >= 0)
        share(queue->fd, &db);
    else
        queue->fd = open(path, flags); /* another process has just created it */
}

void queue_close(struct queue *queue)
{
    if (queue->fd >= 0)
        close(queue->fd);
    *queue = (struct queue){.fd = -1, .place = -1};
}

/* -1: none is free. */
static int64_t behind_the_last(const struct queue *queue)
{
    struct flock taken;
    int64_t place = 0;

    while (is_taken(queue, place, 0, &taken)) {
        if (taken.l_len == 0)
            return -1;
        place = taken.l_start + taken.l_len;
    }
    return place;
}

/*
 * Between the look and the lock, others may have left and joined: a place behind ours may then
 * be older.  Each process locks before it looks, so of two that join at once at least one sees
 * the other.
 */
void queue_join(struct queue *queue)
{
    struct flock later;

    for (int i = 0; queue->fd >= 0 && queue->place < 0 && i < JOIN_TRIES; i++) {
        int64_t place = behind_the_last(queue);
        if (place < 0)
            return;
        if (lock(queue, place, F_WRLCK) < 0)
            continue;
        if (is_taken(queue, place + 1, 0, &later))
            lock(queue, place, F_UNLCK);
        else
            queue->place = place;
    }
}

void queue_leave(struct queue *queue)
{
    if (queue->place >= 0)
        lock(queue, queue->place, F_UNLCK);
    queue->place = -1;
}

bool queue_is_our_turn(const struct queue *queue, struct queue_front *front)
{
    struct flock taken;
    int64_t place = queue->place;

    while (place > 0 && is_taken(queue, 0, place, &taken)) {
        place = taken.l_start;
        *front = (struct queue_front){.place = place, .pid = taken.l_pid > 0 ? taken.l_pid : 0};
    }
    return place < 0 || place == queue->place;
}
