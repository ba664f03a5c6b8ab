/*
 * SIGTERM, SIGINT and SIGHUP as a request to stop.  The signals stay blocked except inside
 * the waits below, so none is lost between looking and sleeping, and no system call
 * elsewhere is ever interrupted.
 */
#ifndef BASE_STOP_H
#define BASE_STOP_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>

/* Blocks the signals and takes them; ignores SIGPIPE.  Call once, early. */
void stop_init(void);

/* Whether one has come. */
bool stop_requested(void);

/* Lets signals in, then says whether one has come: for who is busy for long without a sleep. */
bool stop_look(void);

/* Whether a child has ended since this was last asked. */
bool stop_child_ended(void);

/* poll(2) until a deadline (see clock.h), in which a request to stop, or the end of a
 * child, comes through at once: then it returns -1 with EINTR. */
int stop_poll(struct pollfd *fds, nfds_t n, int64_t deadline);

/* Sleeps until the deadline or a request to stop, and lets that in even if it is late. */
void stop_sleep(int64_t deadline);

/* The same as stop_poll for epoll_pwait(2), without a deadline: or without a wait at all. */
int stop_epoll(int epoll, struct epoll_event *events, int n, bool block);

#endif
