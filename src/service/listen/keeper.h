/*
 * A listener's parent under systemd, which puts a new program in its place without dropping a
 * viewer.
 *
 * On SIGHUP it starts another listener from the program's file, with the same options and
 * sockets.  When that is ready, it sends SIGHUP to the old one, which accepts no more and ends
 * with its last viewer.  If the new one can't start, the old one goes on.  Both count in the
 * same places (net/admission.h).
 *
 * It is not sandboxed, since a sandboxed process could start no program, and reads nothing from
 * clients.
 */
#ifndef SERVICE_KEEPER_H
#define SERVICE_KEEPER_H

#include <stdbool.h>

#include "service/config.h"

#define KEEPER_MAX 16 /* listeners at a time */

/* A listener's part: descriptors that its keeper passed.  -1: it has none. */
struct kept {
    int places;  /* to count connections in */
    int metrics; /* for base/metrics.h */
    int ready;   /* expects a byte */
};

/* Whether systemd passed listening sockets to this process, which should then call keeper_run.
 */
bool keeper_is_needed(void);

/* Returns the exit code of the listener, which ended by itself or at a stop request. */
int keeper_run(const struct config *config, char **argv);

/* In a process that a keeper started. */
void kept_init(struct kept *kept);

/* Says that connections are accepted. */
void kept_say_ready(struct kept *kept);

#endif
