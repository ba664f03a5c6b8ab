/*
 * A listening socket and a process for each connection on it.
 */
#ifndef SERVICE_LISTEN_H
#define SERVICE_LISTEN_H

#include "service/config.h"

#define LISTEN_BACKLOG      4096 /* the kernel cuts it to net.core.somaxconn */
#define LISTEN_ADDRESS_MAX  64   /* bytes of "[ADDR]:PORT", NUL included */
#define LISTEN_REFUSALS_MAX 64   /* processes at a time that only say no */
#define LISTEN_POLLER_MS    1000 /* at least, between a poller's death and the next one */
#define LISTEN_STOP_MS      2000 /* for the children to end, once the listener is to */

/* What a process is to do. */
struct listen_child {
    enum {
        LISTEN_DONE,  /* it is the listener, which ends with status */
        LISTEN_SERVE, /* it has a connection, fd, and an answer to it if refuse is not 0 */
        LISTEN_POLL,  /* it polls for all */
    } role;
    int fd;
    int refuse;
    int status;
};

/*
 * Listens on [ADDR:]PORT (all addresses, if none is named; port 0: any that is
 * free) and says so in the log: "listening on http://ADDR:PORT/".  Returns a
 * descriptor, or -1 after logging why, with *status set to an exit code.
 */
int listen_open(const struct config *config, int *status);

/*
 * Forks a poller, then accepts and forks.  Returns many times: in each child, with what it
 * is to do; and once in the parent, when it was told to stop and all its children have
 * ended.
 */
struct listen_child listen_run(const struct config *config, int listener);

#endif
