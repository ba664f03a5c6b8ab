/*
 * What this process was given to serve by whoever started it: a listening socket, a
 * connection, a CGI environment, or a pair of pipes.
 *
 * Sources: sd_listen_fds(3) for LISTEN_FDS and LISTEN_PID, inetd(8) for descriptor 0,
 * RFC 3875 for GATEWAY_INTERFACE.
 */
#ifndef SERVICE_GIVEN_H
#define SERVICE_GIVEN_H

#include "service/config.h"
#include "service/listen/sockets.h"
#include "service/net/visit.h"

#define GIVEN_FIRST_FD 3 /* of those in LISTEN_FDS */

struct given {
    struct sockets sockets; /* to accept from, until told to stop, or idle_ms ... */
    int64_t idle_ms;        /* (0: for ever); none: */
    struct visit visit;     /* ... one request */
};

/*
 * Looks at the options, the environment and descriptor 0, in this order, and opens what the
 * options name.  Returns 0, or -1 after logging what is wrong, with *status set to an exit
 * code.
 */
int given_look(struct given *given, const struct config *config, int *status);

#endif
