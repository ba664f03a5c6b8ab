/*
 * A listener's parent under systemd, which puts a new program in its place without dropping a
 * viewer.
 *
 * On SIGHUP it starts another listener from the program's file, with the same options and
 * sockets.  When that is ready, it takes over (net/admission.h): the old one accepts no more
 * and ends with its last viewer.  If it can't start, the old one goes on.
 *
 * It is not sandboxed, since a sandboxed process could start no program, and reads nothing from
 * clients.
 */
#pragma once

#include "service/config.h"

/* Whether systemd passed listening sockets to this process, which should then call keeper_run.
 */
bool keeper_is_needed(void);

/* Returns the exit code of the listener, which ended by itself or at a stop request. */
int keeper_run(const struct config *config, char **argv);

/* Files that listeners share (-1: none): for admission_init and metrics_make. */
struct kept {
    int places, metrics;
};

/* In a listener: what its keeper passed. */
struct kept keeper_passed(void);
