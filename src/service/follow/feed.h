/*
 * DB-bell, and a viewer's access to the poller: the ring and the bell, both read-only.  A
 * listener opens them once; its viewers inherit them.
 *
 * The bell is a FIFO that wakes every process that has it in an epoll set, edge-triggered
 * (EPOLLIN | EPOLLET).  Only the poller writes: each byte is a new edge in each process, and so
 * is the poller's death (EPOLLHUP).
 */
#pragma once

#include "service/ring/ring.h"

struct bell {
    int fd;    /* the read end; -1: closed */
    int write; /* the poller's write end */
};

struct feed {
    const char *db_path;
    struct ring ring;
    struct bell bell;
};

/* Opens nothing yet.  db_path must outlive the feed. */
void feed_init(struct feed *f, const char *db_path);

/* Opens ring and bell, again if other files have replaced them.  Returns 0, or -1 with neither
 * open. */
int feed_open(struct feed *f);
void feed_close(struct feed *f);

/* Whether a poller holds the bell open and was alive within the last RING_SILENT_MS. */
bool feed_is_alive(const struct feed *f);

/* For the poller: opens the FIFO or creates it, as beside_make does.  Clears EPOLLHUP for the
 * readers. */
int bell_make(struct bell *b, const char *db_path, const char **trouble);
void bell_close(struct bell *b);
void bell_ring(const struct bell *b);

/* Whether no other process has the bell open. */
bool bell_is_alone(struct bell *b, const char *db_path);
