/*
 * The queue in which livescore's own programs wait for their turn to write: the file DB-queue,
 * beside the database, which holds no byte.  Each process locks one byte of it, its place,
 * behind the last that is taken, and has its turn once no place before its own is locked.  The
 * kernel drops the lock of a process that dies, so a queue needs no repair.
 *
 * A lock that all wait for would be shorter, but is no queue: Linux wakes its waiters one by
 * one, in the order in which they came, yet a process that lets go and comes back at once is
 * always faster than the one that is waking up.  (Of 20 waiters of flock(2), fcntl(2) or
 * open-file-description locks none had a turn before such a process was done with 861 to 1789.)
 *
 * The turn is a courtesy: SQLite's lock is what keeps writers apart, and other programs do not
 * queue.  Where there can be no queue, every turn is now.
 */
#ifndef BASE_QUEUE_H
#define BASE_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#define QUEUE_SUFFIX "-queue"

struct queue {
    int fd;        /* -1: closed, or there is none */
    int64_t place; /* -1: not in it */
};

/* The front of the queue: its place, and its process or 0 if that can't be told. */
struct queue_front {
    int64_t place, pid;
};

/*
 * Opens the queue of the database at db_path, which must exist, and makes it if it is missing:
 * for those who may write to the database, and for nobody else.  Close it when the database is
 * no longer in use: its name is not looked at again.
 */
void queue_open(struct queue *queue, const char *db_path);
void queue_close(struct queue *queue);

void queue_join(struct queue *queue);
void queue_leave(struct queue *queue);

/* Whether it is our turn.  If not, *front is whose it is. */
bool queue_is_our_turn(const struct queue *queue, struct queue_front *front);

#endif
