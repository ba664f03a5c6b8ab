/*
 * Publishes the swarm's rows, one at a time, to the standard input of a command that
 * stays open (sqlite3, feeder), a FIFO (the floor's), or as POST requests on one
 * connection (nchan's).
 *
 * A row is made from a template: %N becomes its number and %T the time in nanoseconds,
 * taken just before it is sent.
 */
#ifndef BENCH_PUBLISHER_H
#define BENCH_PUBLISHER_H

#include <netinet/in.h>
#include <stdint.h>
#include <sys/types.h>

#define PUBLISHER_ROW_MAX 4096

struct publisher {
    int fd;
    pid_t child;          /* of publisher_to_command, else 0 */
    const char *template; /* the caller's */
    const char *path;     /* of publisher_to_http, else NULL: a row is a line */
};

/* All return 0, or -1 with a message on stderr. */
int publisher_to_command(struct publisher *p, const char *command); /* for sh -c */
int publisher_to_file(struct publisher *p, const char *path);
int publisher_to_http(struct publisher *p, const struct sockaddr_in *server, const char *path);

int publisher_send(struct publisher *p, uint64_t number);

/* Closes, and waits for the command to end. */
void publisher_stop(struct publisher *p);

#endif
