/*
 * One connection: one request, one answer, one line in the log.  It knows
 * nothing of where the connection came from.
 */
#ifndef SERVICE_SERVE_H
#define SERVICE_SERVE_H

#include "service/config.h"

/*
 * Serves what comes in on one descriptor and answers on the other (the same, for a
 * socket), and closes neither.  refuse: 0, or a status that answers whatever is asked
 * (429, 503: there are too many connections).  Returns an exit code of <sysexits.h>:
 * EX_OK whatever the client did.
 */
int serve(const struct config *config, int in, int out, int refuse);

#endif
