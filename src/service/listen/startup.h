/*
 * What this process was given to serve: a listening socket, a connection, a CGI environment, or
 * a pair of pipes.
 *
 * Sources: sd_listen_fds(3) for LISTEN_FDS and LISTEN_PID, inetd(8) for descriptor 0, RFC 3875
 * for GATEWAY_INTERFACE.
 */
#pragma once

#include <sys/stat.h>

#include "service/config.h"
#include "service/net/conn.h"
#include "service/sandbox/sandbox.h"

#define GIVEN_FIRST_FD 3         /* the first of LISTEN_FDS */
#define GIVEN_METRICS  "metrics" /* the FileDescriptorName= of a socket for metrics */

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

struct given {
    struct sockets sockets; /* accept on these until a stop request or idle_ms ... */
    int64_t idle_ms;        /* ... (0: forever); if there are none, ... */
    struct visit visit;     /* ... serve one visit */
};

/*
 * Examines the options, the environment and descriptor 0, in this order, and opens the sockets
 * that the options name.  Returns 0, or -1 after logging the reason, with an exit code in
 * *status.
 */
int given_look(struct given *given, const struct config *config, int *status);

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
