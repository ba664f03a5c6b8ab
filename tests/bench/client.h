/*
 * One client of the swarm: connects, asks for the stream, and reads frames as
 * far as the measurements need them: where a frame ends, its id, and the mark
 * with which its data may begin, `{"n":NUMBER,"t":NANOSECONDS`.  A row's number
 * says that none was lost or came twice, t when it was published.
 *
 * What clients find goes into the tally that they share.
 */
#ifndef BENCH_CLIENT_H
#define BENCH_CLIENT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "samples.h"

#define CLIENT_LINE_MAX 160 /* bytes of a line that are kept */
#define CLIENT_ID_MAX   40

struct target {
    struct sockaddr_in server;
    struct in_addr source; /* the clients' own address */
    const char *path;      /* what they ask for */
};

struct tally {
    struct samples opening;  /* from connect to the first frame */
    struct samples latency;  /* from t to the frame's end, for every marked row */
    uint64_t first_number;   /* marks below it are left from an earlier run */
    uint64_t frames, bytes;  /* all that came */
    uint64_t marked;         /* marked rows that were new */
    uint64_t lost, repeated; /* numbers left out; numbers that were there before */
    uint64_t id_jumps;       /* ids that are not the one before plus 1 */
    uint64_t ended;          /* connections that failed, or that the server closed */
};

enum client_state { CLIENT_CLOSED, CLIENT_CONNECTING, CLIENT_WAITING, CLIENT_STREAMING };

struct client {
    int fd;
    enum client_state state;
    bool has_data;      /* the frame being read has a data line */
    uint64_t began;     /* ns: when it connected */
    uint64_t expected;  /* the number that must come next; 0: any */
    uint64_t number;    /* of the frame being read, 0 without a mark */
    uint64_t published; /* its t */
    uint64_t id_number; /* id, if it is one */
    size_t line_len;
    char line[CLIENT_LINE_MAX];
    char id_line[CLIENT_ID_MAX]; /* of the frame being read */
    char id[CLIENT_ID_MAX];      /* of the last whole frame: the cursor */
};

/*
 * Connects, and enters fd into the epoll set, with the client as its data.  Asks
 * with Last-Event-ID if the client has a cursor.  Returns 0 or -1 with errno.
 */
int client_connect(struct client *c, const struct target *target, int epoll);

/* Deals with what epoll reported.  A connection that ends is closed. */
void client_handle(struct client *c, const struct target *target, int epoll, uint32_t events,
                   struct tally *tally);

void client_close(struct client *c);

#endif
