/*
 * The sockets that are listened on: those that -l names, and those that somebody else opened.
 */
#ifndef SERVICE_SOCKETS_H
#define SERVICE_SOCKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "service/config.h"
#include "service/sandbox/sandbox.h"

#define SOCKETS_MAX     8    /* at a time */
#define SOCKETS_BACKLOG 4096 /* the kernel cuts it to net.core.somaxconn */
#define SOCKETS_IP_MAX  64   /* bytes of an address in [ADDR:]PORT, NUL included */

struct sockets {
    int fds[SOCKETS_MAX];
    size_t n;
    struct {
        const char *path; /* NULL: not a Unix socket of ours */
        struct stat st;   /* of its file, so that at the end no other is removed */
    } files[SOCKETS_MAX];
};

/*
 * Listens on what config->listen names: [ADDR:]PORT (all addresses, if none is named; port 0:
 * any that is free), or the path of a Unix socket, recognised by its slash.  Says so in the
 * log: "listening on http://ADDR:PORT/", "listening on unix:PATH".  A socket file that nobody
 * listens on any more is replaced.  Returns 0, or -1 after logging why, with *status set to
 * an exit code and nothing left open.
 */
int sockets_open(struct sockets *s, const struct config *config, int *status);

/* Adds one that somebody else opened and listens on.  -1: there are too many. */
int sockets_add(struct sockets *s, int fd);

/* Closes them, in a child too. */
void sockets_close(const struct sockets *s);

/* Removes the files of those that sockets_open made, unless they are others by now. */
void sockets_remove(const struct sockets *s, const struct sandbox *sandbox);

#endif
