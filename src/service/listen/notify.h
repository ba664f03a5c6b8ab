/* Tells systemd that a service is ready, stopping or alive, and its status line, by the
 * datagrams of sd_notify(3) and sd_watchdog_enabled(3).  Does nothing unless $NOTIFY_SOCKET is
 * set. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define NOTIFY_STATUS_MS 1000 /* minimum between two status lines */

struct notify {
    int fd;              /* -1: no manager */
    int64_t watchdog_ms; /* between signs of life; 0: not wanted */
    int64_t next_watchdog, next_status;
    size_t told; /* the number in the last status line */
};

/* Reads the environment, and removes the variables meant for this process alone. */
void notify_init(struct notify *n);
void notify_close(struct notify *n);

/* Protocol lines. */
void notify_say(const struct notify *n, const char *text);
#define NOTIFY_READY    "READY=1\nSTATUS=0 connections"
#define NOTIFY_STOPPING "STOPPING=1\nSTATUS=stopping"

/* Sends what is due: a sign of life, the number of connections.  Cheap if nothing is due. */
void notify_look(struct notify *n, size_t connections);

/* When something is due next. */
int64_t notify_deadline(const struct notify *n, size_t connections);
