/*
 * SIGTERM, SIGINT and SIGHUP are requests to stop.  They stay blocked except inside the waits
 * below, so none is lost between a check and a sleep, and no other system call is interrupted.
 */
#pragma once

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>

/* Blocks and handles the signals; ignores SIGPIPE.  Call once, early. */
void stop_init(void);

bool stop_requested(void);

/* Whether SIGHUP has come, which is no stop request if this is called first. */
bool stop_hung_up(void);

/* Polls for signals first: for long work that never sleeps. */
bool stop_look(void);

/* Whether a child has ended since the last call. */
bool stop_child_ended(void);

/* poll(2) until a deadline (clock.h).  Returns -1 with EINTR as soon as a stop is requested or
 * a child ends. */
int stop_poll(struct pollfd *fds, nfds_t n, int64_t deadline);

/* Sleeps until the deadline or a stop request; checks for a request even if it is late. */
void stop_sleep(int64_t deadline);

/* stop_poll for epoll_pwait(2), with no deadline, or without waiting. */
int stop_epoll(int epoll, struct epoll_event *events, int n, bool block);
