/*
 * Tells systemd how a service is: ready, stopping, alive, and a line for its status.
 * Without systemd, which says in $NOTIFY_SOCKET that it wants to know, all of this does
 * nothing.
 *
 * Source: sd_notify(3) and sd_watchdog_enabled(3), which invite to speak the protocol by
 * hand: a datagram of KEY=VALUE lines to a Unix socket.
 */
#ifndef SERVICE_NOTIFY_H
#define SERVICE_NOTIFY_H

#include <stddef.h>
#include <stdint.h>

#define NOTIFY_STATUS_MS 1000 /* between two lines of status, at least */

struct notify {
    int fd;              /* -1: nobody wants to know */
    int64_t watchdog_ms; /* between signs of life; 0: none are wanted */
    int64_t next_watchdog, next_status;
    size_t told; /* the number in the last line of status */
};

/* Reads the environment, and takes from it what is there for this process alone. */
void notify_init(struct notify *n);
void notify_close(struct notify *n);

/* Lines of the protocol, such as these. */
void notify_say(const struct notify *n, const char *text);
#define NOTIFY_READY    "READY=1\nSTATUS=0 connections"
#define NOTIFY_STOPPING "STOPPING=1\nSTATUS=stopping"

/* Says what is due: that it is alive, how many are connected.  Cheap if nothing is. */
void notify_look(struct notify *n, size_t connections);

/* When something will be due next. */
int64_t notify_deadline(const struct notify *n, size_t connections);

#endif
