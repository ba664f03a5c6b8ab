/*
 * Who is connected: one slot for each child of a listener, so that there are
 * at most so many in all and of one client.  A client is an IPv4 address or an
 * IPv6 /64, which is what one household or one tenant gets.
 *
 * The table lies in memory that children do not inherit: it is the
 * parent's, and costs them no page.
 */
#ifndef SERVICE_SLOTS_H
#define SERVICE_SLOTS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

struct slots {
    struct slot *table; /* max places, the first n in use */
    size_t n, max, max_per_client;
};

struct slot {
    uint64_t client; /* 0: no address (a Unix socket): such are only counted in all */
    pid_t pid;
};

/* The client that an address stands for. */
uint64_t slots_client(const struct sockaddr_storage *address);

/* -1: out of memory. */
int slots_init(struct slots *s, size_t max, size_t max_per_client);
void slots_release(struct slots *s);

/* 0 if there is a place for one more of this client; else the HTTP status that says
 * why not: 503, or 429 if it is this client's own doing. */
int slots_refusal(const struct slots *s, uint64_t client);

/* A place must be there. */
void slots_add(struct slots *s, uint64_t client, pid_t pid);

/* A pid that has no slot is no error: 0 then, else 1. */
int slots_remove(struct slots *s, pid_t pid);

#endif
