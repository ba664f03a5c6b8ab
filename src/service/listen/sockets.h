/* The listening sockets: those named by -l and --metrics, and those passed in. */
#pragma once

#include <sys/stat.h>

#include "service/config.h"
#include "service/sandbox/sandbox.h"

#define SOCKETS_MAX     9    /* one of them for metrics */
#define SOCKETS_BACKLOG 4096 /* capped by net.core.somaxconn */
#define SOCKETS_IP_MAX  64   /* bytes of ADDR in [ADDR:]PORT, with NUL */

struct sockets {
    int fds[SOCKETS_MAX];
    size_t n;
    int monitor; /* the one for metrics; 0: none */
    struct {
        const char *path; /* NULL: not a Unix socket that sockets_open created */
        struct stat st;   /* of the socket file, so that no other is removed */
    } files[SOCKETS_MAX];
};

/*
 * Listens on each config->listen and, unless a socket for metrics was passed in, on
 * config->metrics: [ADDR:]PORT (without ADDR: all addresses;
 * port 0: any free port) or, with a slash, the path of a Unix socket.  Replaces a socket file
 * on which no process listens.  Logs "listening on http://ADDR:PORT/" or "listening on
 * unix:PATH", and "metrics on ...".  s: all zero, or what sockets_add added.  Returns 0, or -1
 * after logging the reason, with an exit code in *status and nothing left open.
 */
int sockets_open(struct sockets *s, const struct config *config, int *status);

/* Adds a socket that was passed in listening.  Returns 0, or -1 if there are too many. */
int sockets_add(struct sockets *s, int fd);

/* Closes the sockets; for children, too. */
void sockets_close(const struct sockets *s);

/* Removes the socket files that sockets_open created, unless others have replaced them. */
void sockets_remove(const struct sockets *s, const struct sandbox *sandbox);
