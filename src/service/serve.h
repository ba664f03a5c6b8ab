/*
 * One connection: one request, one answer, one line in the log.  It knows
 * nothing of where the connection came from.
 */
#ifndef SERVICE_SERVE_H
#define SERVICE_SERVE_H

#include <stdbool.h>

#include "service/config.h"
#include "service/net/admission.h"

/* A connection, and what whoever accepted it knows of it. */
struct visit {
    int in, out;              /* the same, for a socket */
    bool cgi;                 /* the request is in the environment */
    int refuse;               /* 0, or a status that answers whatever is asked (429, 503:
                               * there are too many connections) */
    struct slots_claim claim; /* where to count a client that only the request names */
};

/*
 * Serves one request, and closes neither descriptor.  Returns an exit code of
 * <sysexits.h>: EX_OK whatever the client did.
 */
int serve(const struct config *config, const struct visit *visit);

#endif
