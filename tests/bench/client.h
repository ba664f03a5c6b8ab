/*
 * One client of the swarm: connects, requests the stream, and reads from frames what
 * the measurements need: their ends, ids, and the mark with which data may begin,
 * `{"n":NUMBER,"t":NANOSECONDS`.  The number shows whether a row was lost or came
 * twice, t when it was published.
 *
 * Clients add up their results in a shared tally.
 */
#ifndef BENCH_CLIENT_H
#define BENCH_CLIENT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "samples.h"

#define CLIENT_LINE_MAX 160 /* bytes kept of a line */
#define CLIENT_ID_MAX   40
#define CLIENT_PAGE_MAX 512

struct target {
    struct sockaddr_in server;
    struct in_addr source; /* the clients' address */
    const char *path;      /* the request's path */
    bool pages;            /* answers are JSON, and each names the next path */
};

struct tally {
    struct samples opening;  /* from connect to the first frame */
    struct samples latency;  /* from t to the frame's end, for every marked row */
    uint64_t first_number;   /* lower marks are of an earlier run */
    uint64_t frames, bytes;  /* received */
    uint64_t marked;         /* new marked rows */
    uint64_t lost, repeated; /* marked rows */
    uint64_t id_jumps;       /* ids other than the one before plus 1 */
    uint64_t
        *last; /* ns: of each row since first_number, until the last client had it; or NULL */
    uint64_t last_count; /* rows that it has room for */
    uint64_t ended;      /* connections that failed, or that the server closed */
};

enum client_state { CLIENT_CLOSED, CLIENT_CONNECTING, CLIENT_WAITING, CLIENT_STREAMING };

struct client {
    int fd;
    enum client_state state;
    bool has_data;      /* the current frame has a data line */
    uint64_t began;     /* ns: when it connected */
    uint64_t expected;  /* the next number; 0: any */
    uint64_t number;    /* of the current frame, 0 without a mark */
    uint64_t published; /* its t */
    uint64_t id_number; /* id, if numeric */
    size_t line_len;
    char line[CLIENT_LINE_MAX];
    char id_line[CLIENT_ID_MAX]; /* of the current frame */
    char id[CLIENT_ID_MAX];      /* of the last complete frame: the cursor */
    char page[CLIENT_PAGE_MAX];  /* the query of the next page */
    char *answer;                /* as far as it has come; NULL: none was read */
    size_t answer_len;
};

/*
 * Connects, and adds fd to the epoll set, with the client as its data.  Sends
 * Last-Event-ID if the client has a cursor.  Returns 0 or -1 with errno.
 */
int client_connect(struct client *c, const struct target *target, int epoll);

/* Handles what epoll reported.  Closes a connection that ends. */
void client_handle(struct client *c, const struct target *target, int epoll, uint32_t events,
                   struct tally *tally);

void client_close(struct client *c);

/* Counts the row, or the signal, that has been read as the next one. */
void client_take_row(struct client *c, struct tally *tally, uint64_t now);

/* Reads the mark at the start of a row's data, if there is one. */
void client_read_mark(struct client *c, const char *data);

/* Reads a part of a page: 1 when it is complete and the next one is to be asked for, 0 when it
 * is not, -1 if it is no page. */
int page_take(struct client *c, const char *bytes, size_t len, struct tally *tally);

#endif
