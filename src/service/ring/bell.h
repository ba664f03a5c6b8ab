/*
 * A FIFO, DB-bell, that wakes every process that has it in an epoll set, edge-triggered
 * (EPOLLIN | EPOLLET): each ring is one new edge for each of them, and nobody but
 * the ringer reads it.  No signals, no list of who is there, no limit.
 */
#ifndef SERVICE_BELL_H
#define SERVICE_BELL_H

#include <stdbool.h>
#include <stdint.h>

struct bell {
    int fd; /* -1: closed */
    uint64_t device, inode;
};

/* Opens the FIFO, or makes it with the permissions of the database.  0, or -1 with errno. */
int bell_open(struct bell *b, const char *db_path);
void bell_close(struct bell *b);

/* Whether the path still leads to this FIFO. */
bool bell_in_place(const struct bell *b, const char *db_path);

void bell_ring(const struct bell *b);

#endif
