/*
 * The queue in which livescore's own programs wait to write: the empty file DB-queue beside the
 * database.  Each process locks one byte, its place, behind the last locked one, and has its
 * turn once no earlier place is locked.  The kernel drops the locks of a dead process, so the
 * queue needs no repair.
 *
 * One lock for all would be shorter, but is no queue: Linux wakes its waiters in order, yet a
 * process that releases it and takes it again is always faster than one that is waking up.
 * (With flock(2), fcntl(2) or open-file-description locks, none of 20 waiters had a turn before
 * such a process had taken 861 to 1789.)
 *
 * Turns are a courtesy: SQLite's lock keeps writers apart, and other programs do not queue.
 * Where no queue is possible, it is always our turn.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define QUEUE_SUFFIX "-queue"

struct queue {
    int fd;        /* -1: closed, or no queue */
    int64_t place; /* -1: not queued */
};

/* The front of the queue: its place and its process, 0 if unknown. */
struct queue_front {
    int64_t place, pid;
};

/*
 * Opens the queue of the database at db_path, which must exist.  Creates a missing queue,
 * accessible only to those who may write to the database.  Close it together with the database:
 * the name is not checked again.
 */
void queue_open(struct queue *queue, const char *db_path);
void queue_close(struct queue *queue);

void queue_join(struct queue *queue);
void queue_leave(struct queue *queue);

/* Whether it is our turn.  If not, *front says whose it is. */
bool queue_is_our_turn(const struct queue *queue, struct queue_front *front);
