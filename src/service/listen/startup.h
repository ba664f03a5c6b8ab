/*
 * What this process was given to serve: a listening socket, a connection, a CGI environment, or
 * a pair of pipes.
 *
 * Sources: sd_listen_fds(3) for LISTEN_FDS and LISTEN_PID, inetd(8) for descriptor 0, RFC 3875
 * for GATEWAY_INTERFACE.
 */
#pragma once

#include "service/config.h"
#include "service/listen/sockets.h"
#include "service/net/visit.h"

#define GIVEN_FIRST_FD 3         /* the first of LISTEN_FDS */
#define GIVEN_METRICS  "metrics" /* the FileDescriptorName= of a socket for metrics */

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
