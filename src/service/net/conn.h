/*
 * A client's connection: input and output, each under a deadline.
 *
 * It is a socket, or two pipes (of a TLS wrapper or a terminal).  Other processes may share the
 * descriptors, so they are never made non-blocking.
 */
#pragma once

#include <sys/types.h>

#include "service/net/address.h"
#include "service/net/admission.h"

struct feed;
struct metrics;
struct rates;

#define CONN_PEER_MAX   64    /* a peer's name, in bytes with NUL */
#define CONN_UNSENT_MAX 65536 /* unsent bytes that the kernel may queue */
#define CONN_LINGER_MS  1000  /* for the client to read an early answer */
#define CONN_LAST_MS    500   /* for all writes after a stop request or the end of the time */
#define CONN_SLOW       8 /* further write_ms in which a client's program may take nothing */

/* A connection to serve, and what the accepting process knows about it. */
struct visit {
    int in, out;                    /* the same descriptor for a socket */
    bool cgi;                       /* the request is in the environment */
    bool accepted;                  /* by a listener, which called conn_prepare */
    struct address peer;            /* if accepted */
    enum admission_answer admitted; /* if refused, every request is answered with that */
    struct admission_claim claim;   /* for a client that only the request reveals */
    struct feed *feed;              /* its access to the poller */
    struct metrics *metrics;        /* the listener's counters; NULL: none */
    struct rates *rates;            /* NULL: no limits */
    bool monitor;                   /* it came to the listener of metrics */
};

struct conn {
    int in, out;
    int epoll;              /* out, the timer and watched descriptors; -1: none is watched */
    int timer;              /* also in the epoll set */
    int64_t alarm;          /* when the timer fires; 0: not set */
    bool socket;            /* in and out are one socket */
    bool hung_up;           /* the descriptor behind CONN_OTHER lost its other end */
    int64_t end;            /* deadline of all writes; CLOCK_NEVER: none */
    int64_t write_ms;       /* a write without progress for that long fails */
    uint64_t sent;          /* bytes written */
    const char *why;        /* how the connection ended, for the log; NULL: it has not */
    struct address address; /* the peer's, if it has one */
    const char *name;       /* the peer's, from the environment; NULL: see its address */
};

enum conn_event {
    CONN_QUIET, /* the deadline passed */
    CONN_GONE,  /* the client hung up */
    CONN_STOP,  /* this process was asked to stop */
    CONN_OTHER, /* a watched descriptor is ready */
};

/* Sets a socket's options.  Accepted sockets inherit those of the listening socket. */
void conn_prepare(int fd);

/* Takes ownership of the visit's descriptors.  Determines the peer if the visit does not name
 * it: the socket's IP address, or else what the environment says. */
void conn_init(struct conn *c, const struct visit *visit, int64_t write_ms);

/* Replaces the peer by the one that a trusted proxy named. */
void conn_set_peer(struct conn *c, const struct address *address);

/* The peer's name, or its address as text. */
const char *conn_peer(const struct conn *c, char text[ADDRESS_TEXT_MAX]);

/* Returns the number of bytes read, 0 at end of input, or -1 with why set on timeout or
 * failure. */
ssize_t conn_read(struct conn *c, char *bytes, size_t cap, int64_t deadline);

/* Reads and drops up to len bytes, until the deadline or end of input. */
void conn_skip(struct conn *c, int64_t len, int64_t deadline);

/*
 * Writes all len bytes.  Returns 0, or -1 with why set: at the end, or after write_ms without
 * an answer of the client's kernel.  If only its program takes nothing, after CONN_SLOW times
 * write_ms more: the kernel reports what a program reads in steps of up to 128 KB; at 500
 * bytes/s one takes four minutes.
 */
int conn_write(struct conn *c, const char *bytes, size_t len);

/* Whether the client's kernel has acknowledged all that was sent, or something in the last
 * write_ms; if not, sets why.  For writes that do not stall, since they are small. */
bool conn_answers(struct conn *c);

/* Limits the time of all writes that follow.  The last ones get CONN_LAST_MS more. */
void conn_set_end(struct conn *c, int64_t end);

/* Makes conn_wait return whenever fd becomes readable or loses its other end.  Returns 0, or
 * -1.  conn_unwatch undoes it. */
int conn_watch(struct conn *c, int fd);
void conn_unwatch(struct conn *c);

/* Sleeps until the deadline or an event.  Input from the client stays unread. */
enum conn_event conn_wait(struct conn *c, int64_t deadline);

/* Shuts down output, then reads and drops input for a while: closing a socket with unread input
 * resets it, and the client might lose the answer (RFC 9112, 9.6). */
void conn_linger(struct conn *c);
