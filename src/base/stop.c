/* The signals that end a program, let in only while it sleeps. */
#include "base/stop.h"

#include <signal.h>
#include <stddef.h>
#include <sys/time.h>
#include <time.h>

#include "base/clock.h"

static volatile sig_atomic_t requested, child_ended;

static void on_signal(int signal)
{
    if (signal == SIGCHLD)
        child_ended = 1;
    else if (signal != SIGALRM)
        requested = 1;
}

void stop_init(void)
{
    static const int signals[] = {SIGTERM, SIGINT, SIGHUP, SIGCHLD, SIGALRM};
    struct sigaction action = {.sa_handler = on_signal}, ignore = {.sa_handler = SIG_IGN};
    sigset_t blocked;

    sigemptyset(&blocked);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct sigaction old;
        sigaction(signals[i], NULL, &old);
        if (old.sa_handler == SIG_IGN && signals[i] != SIGCHLD && signals[i] != SIGALRM)
            continue; /* nohup and shells without job control mean it */
        sigaction(signals[i], &action, NULL);
        sigaddset(&blocked, signals[i]);
    }
    sigprocmask(SIG_BLOCK, &blocked, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
}

bool stop_requested(void)
{
    return requested != 0;
}

bool stop_child_ended(void)
{
    bool ended = child_ended != 0;

    child_ended = 0; /* the signal is blocked here: none is lost in between */
    return ended;
}

int stop_poll(struct pollfd *fds, nfds_t n, int64_t deadline)
{
    int left = clock_left(deadline);
    struct timespec timeout = {.tv_sec = left / 1000, .tv_nsec = left % 1000 * 1000000L};
    sigset_t none;

    sigemptyset(&none);
    return ppoll(fds, n, left < 0 ? NULL : &timeout, &none);
}

/* Sets the alarm for the deadline, unless it is set for that or sooner. */
static void set_alarm(int64_t deadline, int64_t *alarm)
{
    int64_t now = clock_ms();
    struct itimerval timer = {.it_interval = {0}};

    if (deadline == CLOCK_NEVER || (*alarm > now && *alarm <= deadline))
        return;
    int64_t left = deadline > now ? deadline - now : 1;
    timer.it_value.tv_sec = left / 1000;
    timer.it_value.tv_usec = left % 1000 * 1000;
    setitimer(ITIMER_REAL, &timer, NULL);
    *alarm = deadline;
}

int stop_epoll(int epoll, struct epoll_event *events, int n, int64_t deadline, int64_t *alarm)
{
    sigset_t none;

    sigemptyset(&none);
    if (clock_left(deadline) == 0)
        return epoll_pwait(epoll, events, n, 0, &none);
    set_alarm(deadline, alarm);
    return epoll_pwait(epoll, events, n, -1, &none);
}
