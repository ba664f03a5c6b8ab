/*
 * What main does with what this process was given: a listening socket, a connection, a CGI
 * environment, or a pair of pipes.  The listener forks a process for each connection; beside
 * it, there is the poller's supervisor, and under systemd, above it, the keeper.
 *
 * Sources: sd_listen_fds(3) for LISTEN_FDS and LISTEN_PID, inetd(8) for descriptor 0, RFC 3875
 * for GATEWAY_INTERFACE.
 */
#pragma once

#include <sys/stat.h>

#include "service/config.h"
#include "service/follow/feed.h"
#include "service/net/conn.h"
#include "service/sandbox/sandbox.h"

#define GIVEN_FIRST_FD 3         /* the first of LISTEN_FDS */
#define GIVEN_METRICS  "metrics" /* the FileDescriptorName= of a socket for metrics */

#define SOCKETS_MAX     9    /* one of them for metrics */
#define SOCKETS_BACKLOG 4096 /* capped by net.core.somaxconn */
#define SOCKETS_IP_MAX  64   /* bytes of ADDR in [ADDR:]PORT, with NUL */

struct sockets {
    int fds[SOCKETS_MAX];
    size_t n;
    int monitor; /* the one for metrics; 0: none */
    struct {
        const char *path; /* NULL: not a Unix socket that sockets_open created */
        struct stat st;   /* of the socket file, so that no other is removed */
    } files[SOCKETS_MAX];
};

struct given {
    struct sockets sockets; /* accept on these until a stop request or idle_ms ... */
    int64_t idle_ms;        /* ... (0: forever); if there are none, ... */
    struct visit visit;     /* ... serve one visit */
};

/* Examines the options, the environment and descriptor 0, in this order, and opens the sockets
 * that the options name.  Returns as sockets_open does. */
int given_look(struct given *given, const struct config *config, int *status);

/*
 * Listens on each config->listen and, unless a socket for metrics was passed in, on
 * config->metrics: [ADDR:]PORT (without ADDR: all addresses; port 0: any free port) or, with a
 * slash, the path of a Unix socket.  Replaces a socket file on which no process listens.  Logs
 * "listening on http://ADDR:PORT/" or "listening on unix:PATH", and "metrics on ...".  s: all
 * zero, or what sockets_add added.  Returns 0, or -1 after logging the reason, with an exit
 * code in *status and nothing left open.
 */
int sockets_open(struct sockets *s, const struct config *config, int *status);

/* Adds a socket that was passed in listening.  Returns 0, or -1 if there are too many. */
int sockets_add(struct sockets *s, int fd);

/* Closes the sockets; for children, too. */
void sockets_close(const struct sockets *s);

/* Removes the socket files that sockets_open created, unless others have replaced them. */
void sockets_remove(const struct sockets *s, const struct sandbox *sandbox);

/* The listener. */

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

/*
 * The keeper: a listener's parent under systemd, which puts a new program in its place without
 * dropping a viewer.
 *
 * On SIGHUP it starts another listener from the program's file, with the same options and
 * sockets.  When that is ready, it takes over (net/admission.h): the old one accepts no more
 * and ends with its last viewer.  If it can't start, the old one goes on.
 *
 * The keeper is not sandboxed, since it starts programs, and reads nothing from clients.
 */

/* Whether systemd passed listening sockets to this process: then call keeper_run. */
bool keeper_is_needed(void);

/* Returns the exit code of the listener, which ended by itself or at a stop request. */
int keeper_run(const struct config *config, char **argv);

/* In a listener: the files that its keeper passed, which listeners share (-1: none), for
 * admission_init and metrics_make. */
struct kept {
    int places, metrics;
} keeper_passed(void);

/*
 * The supervisor forks the poller, waits for it, checks its stamp in the ring, kills it if the
 * stamp is old, and forks another.  It parses nothing, and opens only the ring.  A listener
 * forks one before entering the sandbox, and the two end together.  A viewer that finds no
 * poller forks one, detached, which ends once no reader is left.  Under systemd there is no
 * supervisor: systemd does its work (livescore-poll.service).
 */

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

/* Forks; returns as fork(2) does.  The child passes *ready on to supervise; the parent waits
 * until the first poller is ready or has failed. */
int supervisor_fork(enum poller_parent parent, int *ready);

/* Runs the supervisor.  Returns an exit code, in it and in each poller. */
int supervise(const struct config *config, enum poller_parent parent, int ready);

/* Runs the poller.  Returns an exit code.  Closes ready, unless it is -1, once it is ready. */
int supervisor_poll(const struct config *config, enum poller_parent parent, int ready);
