/* Starts listeners, and tells the old ones to accept no more. */
#include "service/listen/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/stop.h"
#include "service/listen/startup.h"

#define KEPT "LIVESCORE_KEPT" /* the numbers of struct kept */

struct keeper {
    const struct config *config;
    char **argv;
    int places, metrics;
    int ready; /* of the newest listener, until it is; -1: it is */
    pid_t pids[KEEPER_MAX];
    size_t n; /* the last is the newest */
    int status;
};

bool keeper_is_needed(void)
{
    const char *pid = getenv("LISTEN_PID");
    int listens = 0;
    socklen_t len = sizeof listens;

    return getenv("NOTIFY_SOCKET") && !getenv(KEPT) && pid && atoi(pid) == getpid() &&
           getsockopt(GIVEN_FIRST_FD, SOL_SOCKET, SO_ACCEPTCONN, &listens, &len) == 0 &&
           listens;
}

/* In the child: as systemd would start it.  The signals that this process blocks stay blocked.
 */
static _Noreturn void become_listener(const struct keeper *k, int ready)
{
    char text[32];

    prctl(PR_SET_PDEATHSIG, SIGTERM);
    snprintf(text, sizeof text, "%d", (int)getpid());
    setenv("LISTEN_PID", text, 1);
    snprintf(text, sizeof text, "%d %d %d", k->places, k->metrics, ready);
    setenv(KEPT, text, 1);
    execv(k->argv[0], k->argv);
    log_line(&k->config->log, LOG_ERR, "%s: can't be started: %s", k->argv[0], strerror(errno));
    _exit(EX_OSERR);
}

static void start(struct keeper *k)
{
    bool may = k->n < KEEPER_MAX && k->ready < 0;
    int ends[2] = {-1, -1};
    pid_t pid = may && pipe(ends) == 0 ? fork() : -1;

    if (pid == 0) {
        close(ends[0]);
        become_listener(k, ends[1]);
    }
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        log_line(&k->config->log, LOG_ERR, "no reload: %s",
                 may ? strerror(errno) : "earlier ones are not over yet");
        return;
    }
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    k->ready = ends[0];
    k->pids[k->n++] = pid;
}

static void signal_all(const struct keeper *k, size_t n, int signal)
{
    for (size_t i = 0; i < n; i++)
        kill(k->pids[i], signal);
}

/* A byte says that the newest listener is ready; the end of input, that it has ended. */
static void hear(struct keeper *k)
{
    char byte;
    ssize_t n = read(k->ready, &byte, 1);

    if (n > 0) {
        close(k->ready);
        k->ready = -1;
        signal_all(k, k->n - 1, SIGHUP);
        if (k->n > 1)
            log_line(&k->config->log, LOG_NOTICE,
                     "reloaded: process %d serves new viewers; with earlier ones: %zu",
                     (int)k->pids[k->n - 1], k->n - 1);
    }
}

/* Removes a listener that has ended; returns whether the service ends with it. */
static bool note_end(struct keeper *k, pid_t pid, int status)
{
    size_t i = 0;
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : EX_SOFTWARE;

    while (i < k->n && k->pids[i] != pid)
        i++;
    if (i == k->n)
        return false;
    bool newest = i == --k->n, was_ready = k->ready < 0;
    memmove(&k->pids[i], &k->pids[i + 1], (k->n - i) * sizeof *k->pids);
    if (newest && !was_ready) {
        close(k->ready);
        k->ready = -1;
        if (k->n > 0)
            log_line(&k->config->log, LOG_ERR,
                     "the new program ended with status %d: the old one goes on", code);
    }
    if (newest && (was_ready || k->n == 0))
        k->status = code;
    return newest && (was_ready || k->n == 0);
}

static bool reap(struct keeper *k)
{
    bool ends = false;
    int status;
    pid_t pid;

    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        ends |= note_end(k, pid, status);
    return ends;
}

int keeper_run(const struct config *config, char **argv)
{
    struct keeper k = {.config = config, .argv = argv, .ready = -1};

    k.places = memfd_create("places", 0);
    k.metrics = memfd_create("metrics", 0);
    start(&k);
    while (!stop_requested() && !reap(&k)) {
        struct pollfd fd = {.fd = k.ready, .events = POLLIN};
        if (stop_poll(&fd, 1, CLOCK_NEVER) > 0)
            hear(&k);
        if (stop_hung_up())
            start(&k);
    }
    signal_all(&k, k.n, SIGTERM);
    while (k.n > 0 && waitpid(k.pids[k.n - 1], NULL, 0) > 0)
        k.n--;
    return k.status;
}

void kept_init(struct kept *kept)
{
    const char *text = getenv(KEPT);

    if (!text || sscanf(text, "%d %d %d", &kept->places, &kept->metrics, &kept->ready) != 3)
        *kept = (struct kept){-1, -1, -1};
    unsetenv(KEPT);
}

void kept_say_ready(struct kept *kept)
{
    if (kept->ready < 0)
        return;
    if (write(kept->ready, "\n", 1) < 0)
        return; /* the keeper has gone, and this process follows */
    close(kept->ready);
}
