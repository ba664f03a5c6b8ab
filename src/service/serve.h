/*
 * One connection: one request, one answer, one line in the log.  It knows
 * nothing of where the connection came from.
 */
#ifndef SERVICE_SERVE_H
#define SERVICE_SERVE_H

#include "service/config.h"
#include "service/net/visit.h"

/*
 * Serves one request, and closes neither descriptor.  Returns an exit code of
 * <sysexits.h>: EX_OK whatever the client did.
 */
int serve(const struct config *config, const struct visit *visit);

#endif
