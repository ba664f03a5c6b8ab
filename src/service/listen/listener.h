/* Accepts connections on sockets, and forks a process for each. */
#pragma once

#include "service/config.h"
#include "service/follow/feed.h"
#include "service/listen/startup.h"
#include "service/net/conn.h"
#include "service/sandbox/sandbox.h"

#define LISTEN_REFUSALS_MAX 64   /* processes at a time that only refuse */
#define LISTEN_MONITORS_MAX 8    /* further ones, for metrics */
#define LISTEN_LOOK_MS      500  /* between checks of ring, bell and the poller's supervisor */
#define LISTEN_FORK_MIN_MS  20   /* pause after a failed fork, doubling ... */
#define LISTEN_FORK_MAX_MS  2000 /* ... up to this */
#define LISTEN_STOP_MS      900  /* for children to end after a stop request ... */
#define LISTEN_LAG_MS       300  /* ... or longer, while one ends at least this often */

/* What a process must do after listen_run. */
struct listen_child {
    enum {
        LISTEN_DONE,      /* the listener: exit with status */
        LISTEN_SERVE,     /* serve the visit */
        LISTEN_SUPERVISE, /* supervise the poller, passing ready on */
    } role;
    struct visit visit;
    int ready, status;
};

/*
 * Forks the poller's supervisor, then accepts connections and forks.  Returns in each child,
 * with its task, and once in the parent: after a stop request or idle_ms without a connection
 * (0: forever), when all children have ended.  The sockets are closed by then, in each process.
 * Opens feed for the viewers, and again when other files replace it.
 */
struct listen_child listen_run(const struct config *config, const struct sockets *sockets,
                               int64_t idle_ms, struct feed *feed, struct sandbox *sandbox);
