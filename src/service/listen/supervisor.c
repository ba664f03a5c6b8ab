/* Forks, checks and kills the poller; in the child, polls. */
#include "service/listen/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/process/clock.h"
#include "base/process/stop.h"
#include "base/sqlite/db.h"
#include "service/follow/poller.h"
#include "service/follow/tail.h"
#include "service/listen/notify.h"
#include "service/sandbox/sandbox.h"

#define RETRY_MS   1000 /* between attempts to become the poller */
#define READY_SAID (-2) /* instead of a descriptor that was closed to report readiness */

_Static_assert(RING_SILENT_MS + 2 * SUPERVISOR_LOOK_MS < 4000, "rows go on within 4 s");
_Static_assert(POLLER_CHECK_MS + TAIL_ALONE_MS < 4000, "also when its files are removed");
_Static_assert(TAIL_ALONE_MS > SUPERVISOR_LOOK_MS + RETRY_MS / 2,
               "readers wait for the next poller before they read the database");

struct supervisor {
    const struct config *config;
    enum poller_parent parent;
    pid_t poller;                 /* 0: none */
    int64_t next_fork, next_look; /* the next check of its stamp */
    int64_t last_fork;
    int early_deaths; /* in a row */
    bool over;        /* the poller has left */
    struct ring ring; /* for the stamp */
};

int supervisor_fork(enum poller_parent parent, int *ready)
{
    int64_t deadline = clock_ms() + SUPERVISOR_READY_MS;
    int ends[2] = {-1, -1};
    pid_t pid = pipe2(ends, O_CLOEXEC) < 0 ? -1 : fork();

    if (pid == 0) {
        close(ends[0]);
        *ready = ends[1];
        return 0;
    }
    close(ends[1]);
    if (pid > 0 && parent == PARENT_VIEWER)
        waitpid(pid, NULL, 0);
    struct pollfd fd = {.fd = ends[0], .events = POLLIN};
    while (pid > 0 && stop_poll(&fd, 1, deadline) < 0 && !stop_requested())
        ; /* interrupted by a child that ended */
    close(ends[0]);
    return pid;
}

static void end_with(pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        raise(SIGTERM);
}

/* Leaves the viewer's session, and closes all inherited descriptors but standard error, unless
 * a reader may be waiting for its end. */
static void detach(struct log *log, int ready)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    struct stat st;

    setsid();
    for (int fd = STDIN_FILENO; fd <= STDOUT_FILENO; fd++)
        dup2(null, fd);
    if (fstat(STDERR_FILENO, &st) < 0 || !(S_ISREG(st.st_mode) || S_ISCHR(st.st_mode))) {
        log->sink = LOG_TO_SYSLOG;
        dup2(null, STDERR_FILENO);
    }
    if (ready > STDERR_FILENO + 1)
        close_range(STDERR_FILENO + 1, (unsigned)ready - 1, 0);
    close_range((unsigned)ready + 1, ~0U, 0);
}

/* Records a death and schedules the next fork.  In a storm of deaths, forks are delayed and
 * only the first deaths are logged. */
static void note_death(struct supervisor *s, const char *how, int number)
{
    int64_t now = clock_ms();

    s->early_deaths = now - s->last_fork < SUPERVISOR_CALM_MS ? s->early_deaths + 1 : 0;
    bool storm = s->early_deaths > SUPERVISOR_BURST;
    s->next_fork = storm ? now + SUPERVISOR_PAUSE_MS : now;
    if (s->early_deaths <= SUPERVISOR_BURST + 1)
        log_line(&s->config->log, LOG_WARNING, "the poller %s %d: starting another%s", how,
                 number, storm ? ", from now on at most one per second" : "");
}

static void reap(struct supervisor *s)
{
    int status;

    if (s->poller == 0 || waitpid(s->poller, &status, WNOHANG) <= 0)
        return;
    s->poller = 0;
    if (WIFSIGNALED(status))
        note_death(s,
                   WTERMSIG(status) == SIGKILL ? "was killed by signal"
                   : WTERMSIG(status) == SIGSYS
                       ? "made a system call that its sandbox forbids: signal"
                       : "died of signal",
                   WTERMSIG(status));
    else if (s->parent == PARENT_VIEWER &&
             (WEXITSTATUS(status) == EX_OK || WEXITSTATUS(status) == EX_UNAVAILABLE))
        s->over = true;
    else if (!stop_requested())
        note_death(s, "ended with status", WEXITSTATUS(status));
}

static void look_at_stamp(struct supervisor *s)
{
    if (s->poller == 0 || clock_left(s->next_look) > 0)
        return;
    s->next_look = clock_ms() + SUPERVISOR_LOOK_MS;
    if (!s->ring.header || !ring_in_place(&s->ring, s->config->db_path)) {
        ring_close(&s->ring);
        if (ring_open(&s->ring, s->config->db_path) < 0)
            return;
    }
    if (s->ring.header->pid != s->poller || ring_silence(&s->ring) <= RING_SILENT_MS)
        return;
    log_line(&s->config->log, LOG_WARNING,
             "the poller, process %d, is stopped or stuck: killing it", (int)s->poller);
    kill(s->poller, SIGKILL);
}

static bool fork_poller(struct supervisor *s)
{
    pid_t self = getpid();

    s->last_fork = clock_ms();
    s->poller = fork();
    if (s->poller == 0) {
        end_with(self);
        ring_close(&s->ring);
        return true;
    }
    if (s->poller < 0) {
        s->poller = 0;
        note_death(s, "can't be forked, error", errno);
        s->next_fork = clock_ms() + SUPERVISOR_PAUSE_MS;
    }
    return false;
}

static void stop_poller(const struct supervisor *s)
{
    int64_t deadline = clock_ms() + SUPERVISOR_STOP_MS;

    if (s->poller == 0)
        return;
    kill(s->poller, SIGTERM);
    while (waitpid(s->poller, NULL, WNOHANG) == 0 && clock_left(deadline) > 0)
        stop_poll(NULL, 0, deadline);
    kill(s->poller, SIGKILL);
}

int supervise(const struct config *config, enum poller_parent parent, int ready)
{
    struct config own = *config;
    struct supervisor s = {.config = &own, .parent = parent, .ring.fd = -1};

    if (parent == PARENT_VIEWER) {
        if (fork() != 0) /* the viewer waits for this process; init adopts the next */
            return EX_OK;
        detach(&own.log, ready);
    } else {
        end_with(getppid());
    }
    while (!stop_requested() && !s.over) {
        if (s.poller == 0 && clock_left(s.next_fork) == 0) {
            if (fork_poller(&s))
                return supervisor_poll(&own, parent, ready);
            close(ready);
            ready = -1;
        }
        stop_poll(NULL, 0, s.poller ? s.next_look : s.next_fork);
        reap(&s);
        look_at_stamp(&s);
    }
    stop_poller(&s);
    ring_close(&s.ring);
    return EX_OK;
}

/* The parent waits until the log was read once: before that, a viewer may find no -wal or -shm,
 * and can't create them. */
static void say_ready(struct notify *notify, int *ready)
{
    if (*ready >= 0)
        close(*ready);
    else if (*ready != READY_SAID)
        notify_say(notify, NOTIFY_READY);
    *ready = READY_SAID;
}

/* Polls until a file is replaced: 0, or -1 if the poller has left. */
static int poll_here(struct poller *p, enum poller_parent parent, struct notify *notify,
                     int *ready)
{
    while (!stop_requested() && poller_look(p) == 0) {
        say_ready(notify, ready);
        notify_look(notify, notify->told);
        if (parent == PARENT_VIEWER && poller_has_left(p))
            return -1;
        poller_wait(p);
    }
    return 0;
}

int supervisor_poll(const struct config *config, enum poller_parent parent, int ready)
{
    const char *why, *told = NULL;
    struct notify notify = {.fd = -1};
    struct sandbox sandbox = {.tried = false};
    struct db held = {.handle = NULL};
    struct failure failure;
    int left = 0;

    if (parent == PARENT_SYSTEM)
        notify_init(&notify);
    const char *lack = sandbox_enter(&sandbox, SANDBOX_POLLER, config);
    if (lack && parent != PARENT_LISTENER) /* which has logged it */
        log_line(&config->log, LOG_WARNING, "%s", lack);
    while (!stop_requested() && left == 0) {
        struct poller *p = poller_open(config, &why);
        if (p) {
            db_close(&held);
            left = poll_here(p, parent, &notify, &ready);
            poller_close(p);
            told = NULL;
            continue;
        }
        if (parent == PARENT_VIEWER)
            return EX_UNAVAILABLE;
        /* a listener does as well with that one, and at a reload it soon ends */
        if (why != told && (why != poller_elsewhere || parent == PARENT_SYSTEM))
            log_line(&config->log, LOG_WARNING, "%s: can't be polled: %s", config->db_path,
                     why);
        told = why;
        /* Readers can't create -wal and -shm, which the last writer to close the database
         * removes: keeps it open. */
        db_close(&held);
        db_open(&held, config->db_path, DB_READ, 0, &failure);
        say_ready(&notify, &ready);
        notify_look(&notify, notify.told);
        stop_poll(NULL, 0, clock_ms() + RETRY_MS);
    }
    db_close(&held);
    return left < 0 || parent == PARENT_SYSTEM ? EX_OK : EX_TEMPFAIL;
}
