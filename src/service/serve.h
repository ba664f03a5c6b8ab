/* A connection: its requests, in order, each with an answer and a log line. */
#pragma once

#include "service/config.h"
#include "service/net/conn.h"

#define SERVE_IDLE_MS      5000 /* for another request to begin */
#define SERVE_REQUESTS_MAX 1000 /* on a connection */

/* Serves the connection until a stream on it ends, the client closes it or is idle, or its
 * place is needed.  Leaves the descriptors open.  Returns an exit code: EX_OK whatever the
 * client did. */
int serve(const struct config *config, const struct visit *visit);
