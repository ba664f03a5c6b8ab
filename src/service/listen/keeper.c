/* Starts listeners, and tells a failed start from the end of the service. */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/process/clock.h"
#include "base/process/stop.h"
#include "service/listen/listen.h"
#include "service/net/admission.h"

#define KEPT "LIVESCORE_KEPT" /* the numbers of struct kept */

struct keeper {
    const struct config *config;
    char **argv;
    struct kept kept;
    pid_t newest; /* listener */
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

/* In the child, it becomes a listener that systemd would have started.  Older ones end with
 * this process, too. */
static void start(struct keeper *k)
{
    pid_t pid = fork();
    char text[32];

    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        sigprocmask(SIG_SETMASK, &(sigset_t){0}, NULL); /* else a program that hangs stays */
        snprintf(text, sizeof text, "%d", (int)getpid());
        setenv("LISTEN_PID", text, 1);
        snprintf(text, sizeof text, "%d %d", k->kept.places, k->kept.metrics);
        setenv(KEPT, text, 1);
        execv(k->argv[0], k->argv);
    }
    if (pid <= 0)
        log_line(&k->config->log, LOG_ERR, "%s: can't be started: %s", k->argv[0],
                 strerror(errno));
    if (pid == 0)
        _exit(EX_OSERR);
    if (pid > 0)
        k->newest = pid;
}

static bool is_over(struct keeper *k, pid_t pid, int status)
{
    pid_t current = admission_current(k->kept.places);
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : EX_SOFTWARE;

    if (pid == current || current == 0) {
        k->status = code;
        return true;
    }
    if (pid == k->newest)
        log_line(&k->config->log, LOG_ERR,
                 "the new program ended with status %d: the old one goes on", code);
    return false;
}

static bool reap(struct keeper *k)
{
    int status;
    pid_t pid;

    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        if (is_over(k, pid, status))
            return true;
    return false;
}

int keeper_run(const struct config *config, char **argv)
{
    struct keeper k = {.config = config, .argv = argv, .newest = -1, .status = EX_OSERR};
    pid_t current;

    k.kept.places = memfd_create("places", 0);
    k.kept.metrics = memfd_create("metrics", 0);
    start(&k);
    while (k.newest > 0 && !stop_requested()) {
        stop_poll(NULL, 0, CLOCK_NEVER);
        if (reap(&k))
            return k.status;
        if (stop_hung_up())
            start(&k);
    }
    if (k.newest < 0)
        return k.status;
    current = admission_current(k.kept.places);
    kill(k.newest, SIGTERM);
    if (current > 0)
        kill(current, SIGTERM);
    while (waitpid(current > 0 ? current : k.newest, NULL, 0) < 0 && errno == EINTR)
        ;
    return EX_OK;
}

struct kept keeper_passed(void)
{
    const char *text = getenv(KEPT);
    struct kept kept;

    if (!text || sscanf(text, "%d %d", &kept.places, &kept.metrics) != 2)
        kept = (struct kept){-1, -1};
    unsetenv(KEPT);
    return kept;
}
