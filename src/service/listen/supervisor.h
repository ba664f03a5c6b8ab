/*
 * The poller's process, and its supervisor.
 *
 * A supervisor forks the poller, waits for it, checks its stamp in the ring, kills it if the
 * stamp is old, and forks another.  It parses nothing, and opens only the ring.  A listener
 * forks one before entering the sandbox, and the two end together.  A viewer that finds no
 * poller forks one, detached, which ends once no reader is left.  Under systemd there is no
 * supervisor: systemd does its work (livescore-poll.service).
 */
#pragma once

#include "service/config.h"

#define SUPERVISOR_READY_MS 200  /* maximum that the parent waits for the first poller */
#define SUPERVISOR_LOOK_MS  500  /* between checks of the stamp */
#define SUPERVISOR_STOP_MS  500  /* for the poller to end */
#define SUPERVISOR_CALM_MS  300  /* a poller that lived that long is replaced at once ... */
#define SUPERVISOR_BURST    10   /* ... as are that many in a row that did not */
#define SUPERVISOR_PAUSE_MS 1000 /* after that: before each further fork */

enum poller_parent {
    PARENT_SYSTEM,   /* a service: tells systemd that it is alive, never leaves */
    PARENT_LISTENER, /* ends with the listener */
    PARENT_VIEWER,   /* leaves once no reader is left */
};

/*
 * Forks; returns as fork(2) does.  The child passes *ready on to supervise; the parent waits
 * until the first poller is ready or has failed.
 */
int supervisor_fork(enum poller_parent parent, int *ready);

/* Runs the supervisor.  Returns an exit code, in it and in each poller. */
int supervise(const struct config *config, enum poller_parent parent, int ready);

/* Runs the poller.  Returns an exit code.  Closes ready, unless it is -1, once the poller is
 * ready. */
int supervisor_poll(const struct config *config, enum poller_parent parent, int ready);
