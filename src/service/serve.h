/*
 * One connection: its requests, in order, each with one answer and one line in the log.  It
 * knows nothing of where the connection came from.
 */
#ifndef SERVICE_SERVE_H
#define SERVICE_SERVE_H

#include "service/config.h"
#include "service/net/visit.h"

#define SERVE_IDLE_MS      5000 /* for a further request to begin */
#define SERVE_REQUESTS_MAX 1000 /* on one connection */

/*
 * Serves the connection until a stream has ended on it, its client closes it or is idle, or its
 * place is wanted; closes neither descriptor.  Returns an exit code of
 * <sysexits.h>: EX_OK whatever the client did.
 */
int serve(const struct config *config, const struct visit *visit);

#endif
