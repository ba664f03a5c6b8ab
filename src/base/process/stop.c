/* Signals that end a program are delivered only while it sleeps. */
#include "base/process/stop.h"

#include <signal.h>
#include <stddef.h>
#include <time.h>

#include "base/process/clock.h"

static volatile sig_atomic_t requested, hung_up, child_ended;

/* sigemptyset would map a page of libc into each new process. */
#define NONE ((sigset_t){0})

static void on_signal(int signal)
{
    if (signal == SIGCHLD)
        child_ended = 1;
    else if (signal == SIGHUP)
        hung_up = 1;
    else
        requested = 1;
}

void stop_init(void)
{
    static const int signals[] = {SIGTERM, SIGINT, SIGHUP, SIGCHLD};
    struct sigaction action = {.sa_handler = on_signal}, ignore = {.sa_handler = SIG_IGN};
    sigset_t blocked = NONE;

    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct sigaction old;
        sigaction(signals[i], NULL, &old);
        if (old.sa_handler == SIG_IGN && signals[i] != SIGCHLD)
            continue; /* as nohup and shells without job control intend */
        sigaction(signals[i], &action, NULL);
        sigaddset(&blocked, signals[i]);
    }
    sigprocmask(SIG_BLOCK, &blocked, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
}

bool stop_requested(void)
{
    return requested || hung_up;
}

bool stop_hung_up(void)
{
    bool was = hung_up != 0;

    hung_up = 0; /* safe: the signal is blocked here */
    return was;
}

bool stop_look(void)
{
    if (!stop_requested())
        stop_poll(NULL, 0, 0);
    return stop_requested();
}

bool stop_child_ended(void)
{
    bool ended = child_ended != 0;

    child_ended = 0; /* safe: the signal is blocked here */
    return ended;
}

int stop_poll(struct pollfd *fds, nfds_t n, int64_t deadline)
{
    int left = clock_left(deadline);
    struct timespec timeout = {.tv_sec = left / 1000, .tv_nsec = left % 1000 * 1000000L};

    return ppoll(fds, n, left < 0 ? NULL : &timeout, &NONE);
}

void stop_sleep(int64_t deadline)
{
    do
        stop_poll(NULL, 0, deadline);
    while (!stop_requested() && clock_left(deadline) > 0);
}

int stop_epoll(int epoll, struct epoll_event *events, int n, bool block)
{
    return epoll_pwait(epoll, events, n, block ? -1 : 0, &NONE);
}
