/*
 * DB-bell, a FIFO that wakes every process that has it in an epoll set, edge-triggered (EPOLLIN
 * | EPOLLET).  Only the poller writes: each byte is a new edge in each process, and so is the
 * poller's death (EPOLLHUP).
 */
#pragma once

#include <stdbool.h>

struct bell {
    int fd;    /* the read end; -1: closed */
    int write; /* the poller's write end */
};

/* For readers.  Returns 0, or -1 with errno. */
int bell_open(struct bell *b, const char *db_path);

/* For the poller: opens the FIFO or creates it, as beside_make does.  Clears EPOLLHUP for the
 * readers. */
int bell_make(struct bell *b, const char *db_path, const char **trouble);
void bell_close(struct bell *b);

/* Whether no process has the write end open. */
bool bell_is_dead(const struct bell *b);

void bell_ring(const struct bell *b);

/* For the poller: whether no other process has the bell open. */
bool bell_is_alone(struct bell *b, const char *db_path);
