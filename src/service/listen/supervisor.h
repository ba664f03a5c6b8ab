/*
 * The poller's process, and the one that looks after it.
 *
 * A supervisor forks the poller, waits for it, looks at its stamp in the ring, kills it if that
 * is old, and forks another.  It parses nothing and opens nothing but the ring.  It is forked
 * by a listener, with which it ends, before that one gives up its rights; or by a viewer that
 * finds no poller, detached, and then ends once no reader is left.  Under systemd there is
 * none: systemd does all that (livescore-poll.service).
 */
#ifndef SERVICE_SUPERVISOR_H
#define SERVICE_SUPERVISOR_H

#include "service/config.h"

#define SUPERVISOR_READY_MS 200 /* at most, that its parent waits for the first poller */
#define SUPERVISOR_LOOK_MS  500 /* between looks at the stamp */
#define SUPERVISOR_STOP_MS  500 /* for the poller to end */
#define SUPERVISOR_CALM_MS                                                                     \
    300 /* a poller that lived for so long is followed at once, and so ... */
#define SUPERVISOR_BURST    10   /* ... are so many in a row that did not */
#define SUPERVISOR_PAUSE_MS 1000 /* then: before another is forked */

/* What the poller's process is for. */
enum poller_parent {
    PARENT_SYSTEM,   /* a service: tells systemd that it is alive, never leaves */
    PARENT_LISTENER, /* ends with it */
    PARENT_VIEWER,   /* leaves once no reader is left */
};

/*
 * Forks; returns as fork(2) does.  In the child, *ready is to be passed on to supervise; the
 * parent waits until the first poller is ready, or can't be.
 */
int supervisor_fork(enum poller_parent parent, int *ready);

/* The child's life.  Returns an exit code: in the supervisor, and in each poller. */
int supervise(const struct config *config, enum poller_parent parent, int ready);

/* The poller's life: an exit code.  ready, unless it is -1, is closed once it is ready. */
int supervisor_poll(const struct config *config, enum poller_parent parent, int ready);

#endif
