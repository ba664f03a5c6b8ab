/*
 * Listening sockets, and a process for each connection on them.
 */
#ifndef SERVICE_LISTEN_H
#define SERVICE_LISTEN_H

#include "service/config.h"
#include "service/follow/feed.h"
#include "service/listen/sockets.h"
#include "service/net/visit.h"
#include "service/sandbox/sandbox.h"

#define LISTEN_REFUSALS_MAX 64   /* processes at a time that only say no */
#define LISTEN_LOOK_MS      500  /* between looks at ring, bell and the poller's supervisor */
#define LISTEN_FORK_MIN_MS  20   /* after a fork that failed, before the next, doubling ... */
#define LISTEN_FORK_MAX_MS  2000 /* ... up to this */
#define LISTEN_STOP_MS      900  /* for the children to end, once the listener is to */
#define LISTEN_LAG_MS       300  /* and as long as one of them ends so often: they are many */

/* What a process is to do. */
struct listen_child {
    enum {
        LISTEN_DONE,      /* it is the listener, which ends with status */
        LISTEN_SERVE,     /* it has a visit to serve */
        LISTEN_SUPERVISE, /* it looks after the poller, with ready */
    } role;
    struct visit visit;
    int ready, status;
};

/*
 * Forks the poller's supervisor, then accepts and forks.  Returns many times: in each child,
 * with what it is to do; and once in the parent, when it was told to stop, or nobody was there
 * for idle_ms (0: for ever), and all its children have ended.  The sockets are closed by then,
 * in each. feed is opened for the viewers, and opened anew when other files take its place.
 */
struct listen_child listen_run(const struct config *config, const struct sockets *sockets,
                               int64_t idle_ms, struct feed *feed, struct sandbox *sandbox);

#endif
