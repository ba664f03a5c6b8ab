/*
 * One client's connection: bytes in and out, each under a deadline.
 *
 * It may be a socket, or two pipes (a TLS wrapper's, a terminal's).  The
 * descriptors are somebody else's, whose mode is left alone: nothing here makes
 * them non-blocking.
 */
#ifndef SERVICE_CONN_H
#define SERVICE_CONN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "service/net/address.h"
#include "service/net/visit.h"

#define CONN_PEER_MAX   64    /* bytes of a peer's address as text, NUL included */
#define CONN_UNSENT_MAX 65536 /* bytes that the kernel takes before the network does */
#define CONN_LINGER_MS  1000  /* for a client to take note of an early answer */
#define CONN_STOP_MS    500   /* for all writes once the process is to stop */

struct conn {
    int in, out;
    int epoll;                /* out and what conn_watch added; -1: nothing was added */
    int timer;                /* in the epoll set as well */
    int64_t alarm;            /* when the timer goes off; 0: it is not set */
    bool socket;              /* in and out are one socket */
    bool hung_up;             /* CONN_OTHER: what is watched has lost its other end */
    int64_t stop_end;         /* of all writes, since it is to stop; 0: it is not */
    int64_t write_ms;         /* a write that makes no progress for so long fails */
    uint64_t sent;            /* bytes written */
    const char *why;          /* how it ended, for the log; NULL: it has not */
    struct address address;   /* of the peer, if it is one */
    char peer[CONN_PEER_MAX]; /* the same as text, or a name, or "-" */
};

enum conn_event {
    CONN_QUIET, /* the deadline passed */
    CONN_GONE,  /* the client hung up */
    CONN_STOP,  /* this process is to stop */
    CONN_OTHER, /* something happened to the watched descriptor */
};

/*
 * Sets a socket's options.  Those of a listening socket are inherited by what it accepts, so
 * that no connection has to set them.
 */
void conn_prepare(int fd, int64_t write_ms);

/* Takes the visit's descriptors over, and finds out who it is unless the visit says.  Without
 * an IP socket, the peer is what the environment says (REMOTE_ADDR, TCPREMOTEIP and others). */
void conn_init(struct conn *c, const struct visit *visit, int64_t write_ms);

/* The peer is somebody else: who sent it says so, and is trusted. */
void conn_set_peer(struct conn *c, const struct address *address);

/* Bytes read; 0 at the end of input; -1 with why set: at the deadline, or if it failed. */
ssize_t conn_read(struct conn *c, char *bytes, size_t cap, int64_t deadline);

/* Reads and drops up to len bytes; less of them at the deadline, or if they end sooner. */
void conn_skip(struct conn *c, int64_t len, int64_t deadline);

/* Writes all of it: 0, or -1 with why set. */
int conn_write(struct conn *c, const char *bytes, size_t len);

/*
 * Has conn_wait return each time that fd becomes readable or loses its other end, too.  Returns
 * 0, or -1 if what the connection is made of, or fd, can't be watched so.  conn_unwatch
 * forgets it.
 */
int conn_watch(struct conn *c, int fd);
void conn_unwatch(struct conn *c);

/* Sleeps until the deadline, or until something happens.  Bytes that a client
 * sends meanwhile are left unread. */
enum conn_event conn_wait(struct conn *c, int64_t deadline);

/*
 * Says that no more comes, then for a while reads and drops what the client
 * still sends: closing a socket with unread input resets it, and the client might
 * lose the answer (RFC 9112, 9.6).
 */
void conn_linger(struct conn *c);

#endif
