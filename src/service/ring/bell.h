/*
 * A FIFO, DB-bell, that wakes every process that has it in an epoll set, edge-triggered
 * (EPOLLIN | EPOLLET).  The poller alone writes to it: each byte is one new edge for each of
 * them, and so is the death of the poller (EPOLLHUP).
 */
#ifndef SERVICE_BELL_H
#define SERVICE_BELL_H

#include <stdbool.h>

struct bell {
    int fd;    /* to read; -1: closed */
    int write; /* the poller's */
};

/* For readers: opens the FIFO.  Returns 0, or -1 with errno. */
int bell_open(struct bell *b, const char *db_path);

/* For the poller: opens it, or makes it, as beside_make does.  The readers' EPOLLHUP ends. */
int bell_make(struct bell *b, const char *db_path, const char **trouble);
void bell_close(struct bell *b);

/* Whether no process has it open for writing. */
bool bell_is_dead(const struct bell *b);

void bell_ring(const struct bell *b);

/* For the poller: whether it is the only one that has the bell open. */
bool bell_is_alone(struct bell *b, const char *db_path);

#endif
