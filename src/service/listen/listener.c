/* Accepts, forks and counts connections, and stops its children at the end. */
#include "service/listen/listen.h"

#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/process/clock.h"
#include "base/process/metrics.h"
#include "base/process/stack.h"
#include "base/process/stop.h"
#include "service/listen/notify.h"
#include "service/net/admission.h"
#include "service/net/conn.h"
#include "service/net/rate.h"

#define SHORTAGE_MS 100 /* before the next accept, when a resource is exhausted */

struct listener {
    const struct config *config;
    const struct sockets *sockets;
    bool leaving; /* accepts no more, and ends with the last viewer */
    struct admission viewers;
    struct admission refusals; /* children that only refuse, and those for metrics */
    struct rates *rates;
    struct metrics *metrics; /* NULL: none are served */
    struct notify notify;
    struct feed *feed;
    struct sandbox *sandbox;
    pid_t supervisor;  /* of the poller; 0: none */
    int64_t next_look; /* to check on it and the feed */
    int64_t next_fork; /* after a failure; connections are refused until then */
    int64_t fork_pause;
    size_t refused;   /* meanwhile */
    int64_t idle_ms;  /* 0: forever */
    int64_t idle_end; /* when to give up waiting for a client; CLOCK_NEVER: not waiting */
};

/* The sandbox is inherited: from now on no child could write the ring. */
static void lose_supervisor(struct listener *l)
{
    l->supervisor = 0;
    if (l->sandbox->entered && !l->leaving && !stop_requested())
        log_line(&l->config->log, LOG_ERR,
                 "the poller's supervisor has ended: every viewer reads the database itself "
                 "until this service is restarted");
}

/* Calls waitpid only if a child has ended: it scans all children. */
static void reap(struct listener *l)
{
    int status;
    pid_t pid;

    if (!stop_child_ended())
        return;

    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (pid == l->supervisor)
            lose_supervisor(l);
        else if (!admission_remove(&l->viewers, pid))
            admission_remove(&l->refusals, pid);
        else if (WIFSIGNALED(status))
            metrics_note(l->metrics, "streams_ended_total", "killed");
        if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL && WTERMSIG(status) != SIGTERM)
            log_line(&l->config->log, LOG_ERR, "process %d died of signal %d%s", (int)pid,
                     WTERMSIG(status),
                     WTERMSIG(status) == SIGSYS
                         ? " (seccomp): it made a system call that no viewer makes"
                         : "");
    }
}

static void leave(struct listener *l)
{
    sockets_close(l->sockets);
    notify_close(&l->notify);
}

#define REFUSAL                                                                                \
    "Cache-Control: no-store\r\nAccess-Control-Allow-Origin: *\r\nConnection: close\r\n"       \
    "Access-Control-Expose-Headers: Retry-After\r\nContent-Type: application/problem+json\r\n"

/* Answers a client for which no process is forked, without reading its request. */
static void refuse(struct listener *l, int fd, const char *answer, const char *reason)
{
    char dropped[512]; /* this frame is part of what each child inherits */

    metrics_note(l->metrics, "refused_total", reason);
    send(fd, answer, strlen(answer), MSG_DONTWAIT | MSG_NOSIGNAL);
    shutdown(fd, SHUT_WR);
    while (recv(fd, dropped, sizeof dropped, MSG_DONTWAIT) > 0)
        ; /* unread input would reset the connection, and the answer might be lost */
}

/* Records the outcome of a fork.  Pauses grow with each failure; only the first is logged. */
static void note_fork(struct listener *l, bool failed)
{
    if (failed && l->fork_pause == 0)
        log_line(&l->config->log, LOG_ERR,
                 "fork: %s: refusing connections, retrying at growing intervals",
                 strerror(errno));
    else if (!failed && l->fork_pause > 0)
        log_line(&l->config->log, LOG_NOTICE, "fork: works again; %zu connections were refused",
                 l->refused);
    if (!failed) {
        l->fork_pause = 0;
        l->refused = 0;
        return;
    }
    l->fork_pause = l->fork_pause == 0 ? LISTEN_FORK_MIN_MS : 2 * l->fork_pause;
    if (l->fork_pause > LISTEN_FORK_MAX_MS)
        l->fork_pause = LISTEN_FORK_MAX_MS;
    l->next_fork = clock_ms() + l->fork_pause;
}

static bool fork_for(struct listener *l, const struct visit *visit, uint64_t client)
{
    bool pause = clock_left(l->next_fork) > 0;
    pid_t pid = pause ? -1 : sandbox_fork(l->sandbox);

    if (pid == 0) {
        leave(l);
        return true;
    }
    if (!pause)
        note_fork(l, pid < 0);
    if (pid < 0) {
        l->refused++;
        refuse(l, visit->in,
               "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\n" REFUSAL
               "Content-Length: 67\r\n\r\n"
               "{\"status\":503,\"title\":\"Service Unavailable\",\"detail\":\"no process\"}\n",
               "process");
    }
    close(visit->in);
    if (pid > 0)
        admission_add(visit->admitted > ADMISSION_SCARCE || visit->monitor ? &l->refusals
                                                                           : &l->viewers,
                      client, pid);
    return false;
}

/* The client to count.  Behind a proxy it is not known yet: 0. */
static uint64_t client_of(const struct config *config, const struct address *peer)
{
    if (config->proxy_protocol || network_any(config->trusted, config->n_trusted, peer))
        return 0;
    return address_client(peer);
}

/* Whether the client may ask for something once more; if not, answers it: a process would cost
 * more than the answer. */
static bool within_rate(struct listener *l, int fd, uint64_t client)
{
    if (rate_ask(l->rates, client, l->config))
        return true;
    refuse(l, fd,
           "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 10\r\n" REFUSAL
           "Content-Length: 75\r\n\r\n"
           "{\"status\":429,\"title\":\"Too Many Requests\",\"detail\":\"too much in a "
           "minute\"}\n",
           "rate");
    return false;
}

/* Finds a place for a connection.  Returns false if not even a process that refuses it has one.
 * The last ones are for metrics: these are needed most when the service is full. */
static bool admit(struct listener *l, struct visit *visit, uint64_t client)
{
    size_t max = LISTEN_REFUSALS_MAX + (visit->monitor ? LISTEN_MONITORS_MAX : 0);

    *l->viewers.count = admission_count(&l->viewers);
    visit->claim = (struct admission_claim){.count = l->viewers.shown, .max = l->viewers.max};
    if (!visit->monitor) {
        metrics_add(l->metrics, METRICS_CONNECTIONS, 1);
        if (!within_rate(l, visit->in, client))
            return false;
        visit->admitted = admission_check(&l->viewers, client);
        if (visit->admitted <= ADMISSION_SCARCE) {
            visit->claim = admission_offer(&l->viewers);
            return true;
        }
    }
    if (l->refusals.n == max)
        metrics_note(l->metrics, "refused_total", "unanswered");
    return l->refusals.n < max;
}

/* Accepts one connection.  Returns true in the child that is to serve it. */
static bool accept_one(struct listener *l, int listener, struct visit *visit)
{
    struct sockaddr_storage from = {0};
    socklen_t len = sizeof from;
    int fd = accept4(listener, (struct sockaddr *)&from, &len, SOCK_CLOEXEC);

    if (fd < 0) {
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            log_line(&l->config->log, LOG_ERR, "accept: %s", strerror(errno));
            stop_poll(NULL, 0, clock_ms() + SHORTAGE_MS);
        }
        return false;
    }
    *visit = (struct visit){.in = fd,
                            .out = fd,
                            .accepted = true,
                            .feed = l->feed,
                            .metrics = l->metrics,
                            .rates = l->rates,
                            .monitor = listener == l->sockets->monitor};
    address_from(&visit->peer, &from);
    uint64_t client = client_of(l->config, &visit->peer);
    if (admit(l, visit, client))
        return fork_for(l, visit, client);
    close(fd);
    return false;
}

/* Accepts at most one per socket.  Returns true in a child. */
static bool accept_all(struct listener *l, const struct pollfd *fds, struct visit *visit)
{
    for (size_t i = 0; i < l->sockets->n; i++)
        if (fds[i].revents && accept_one(l, fds[i].fd, visit))
            return true;
    return false;
}

/* Keeps a supervisor for the poller and a feed for viewers.  Returns true in the supervisor. */
static bool look_after_poller(struct listener *l, int *ready)
{
    const char *lack;

    if (clock_left(l->next_look) > 0)
        return false;
    if (l->supervisor == 0 && !l->config->no_poller && !l->sandbox->entered) {
        l->supervisor = supervisor_fork(PARENT_LISTENER, ready);
        if (l->supervisor == 0) {
            leave(l);
            feed_close(l->feed);
            return true;
        }
        if (l->supervisor < 0)
            l->supervisor = 0;
    }
    lack = sandbox_enter(l->sandbox, SANDBOX_LISTENER, l->config);
    if (lack)
        log_line(&l->config->log, LOG_WARNING, "%s", lack);
    feed_open(l->feed);
    l->next_look = clock_ms() + LISTEN_LOOK_MS;
    stack_release(0); /* or children would inherit it */
    return false;
}

static void signal_children(const struct listener *l, int signal)
{
    if (l->supervisor > 0)
        sandbox_kill(l->sandbox, l->supervisor, signal);
    for (size_t i = 0; i < l->viewers.n; i++)
        sandbox_kill(l->sandbox, l->viewers.table[i].pid, signal);
    for (size_t i = 0; i < l->refusals.n; i++)
        sandbox_kill(l->sandbox, l->refusals.table[i].pid, signal);
}

static size_t count_children(const struct listener *l)
{
    return l->viewers.n + l->refusals.n + (l->supervisor > 0);
}

/* Children end within LISTEN_STOP_MS once they are scheduled, but ten thousand take turns:
 * waits while they keep ending. */
static void stop_children(struct listener *l)
{
    int64_t deadline = clock_ms() + LISTEN_STOP_MS;
    size_t before;

    signal_children(l, SIGTERM);
    while ((before = count_children(l)) > 0 && clock_left(deadline) > 0) {
        stop_poll(NULL, 0, clock_ms() + SHORTAGE_MS);
        reap(l);
        if (count_children(l) < before && deadline < clock_ms() + LISTEN_LAG_MS)
            deadline = clock_ms() + LISTEN_LAG_MS;
    }
    signal_children(l, SIGKILL);
}

static int64_t next_duty(const struct listener *l)
{
    int64_t next = notify_deadline(&l->notify, admission_count(&l->viewers));

    if (l->next_look < next)
        next = l->next_look;
    return l->idle_end < next ? l->idle_end : next;
}

static bool idle(struct listener *l)
{
    if (l->idle_ms == 0)
        return false;
    if (l->viewers.n > 0 || l->refusals.n > 0)
        l->idle_end = CLOCK_NEVER;
    else if (l->idle_end == CLOCK_NEVER)
        l->idle_end = clock_ms() + l->idle_ms;
    return clock_left(l->idle_end) == 0;
}

/* Leaves new clients and the poller to the listener that replaces this one. */
static void stop_accepting(struct listener *l)
{
    l->leaving = true;
    leave(l);
    if (l->supervisor > 0)
        sandbox_kill(l->sandbox, l->supervisor, SIGTERM);
    l->idle_ms = 1;
}

/* Runs until a stop request or until idle.  Returns true in a child. */
static bool run(struct listener *l, struct listen_child *child)
{
    struct pollfd fds[SOCKETS_MAX];
    int n = 1;

    for (size_t i = 0; i < l->sockets->n; i++) {
        fds[i] = (struct pollfd){.fd = l->sockets->fds[i], .events = POLLIN};
        conn_prepare(fds[i].fd);
    }
    while (!stop_requested() && !(idle(l) && n == 0)) {
        if (!l->leaving && admission_is_over(&l->viewers))
            stop_accepting(l);
        size_t open = l->leaving ? 0 : l->sockets->n;
        if (look_after_poller(l, &child->ready)) {
            child->role = LISTEN_SUPERVISE;
            return true;
        }
        notify_look(&l->notify, admission_count(&l->viewers));
        n = stop_poll(fds, open, next_duty(l));
        reap(l);
        if (n > 0 && accept_all(l, fds, &child->visit)) {
            child->role = LISTEN_SERVE;
            return true;
        }
    }
    return false;
}

static int start(struct listener *l)
{
    const struct config *config = l->config;
    bool claims = config->proxy_protocol || config->n_trusted > 0;
    struct kept kept = keeper_passed();

    if (admission_init(&l->viewers, config->max_connections, config->max_per_client, claims,
                       kept.places) < 0 ||
        admission_show(&l->viewers) < 0 ||
        admission_init(&l->refusals, LISTEN_REFUSALS_MAX + LISTEN_MONITORS_MAX, SIZE_MAX, false,
                       -1) < 0 ||
        !(l->rates = rates_make()) ||
        (l->sockets->monitor > 0 && !(l->metrics = metrics_make(kept.metrics)))) {
        log_line(&config->log, LOG_ERR, "out of memory");
        return -1;
    }
    if (kept.metrics >= 0)
        close(kept.metrics);
    notify_init(&l->notify);
    notify_say(&l->notify, NOTIFY_READY);
    pid_t before = admission_take_over(&l->viewers);
    if (before > 0)
        log_line(&config->log, LOG_NOTICE,
                 "reloaded: process %d serves the viewers that come, process %d those it has",
                 (int)getpid(), (int)before);
    return 0;
}

struct listen_child listen_run(const struct config *config, const struct sockets *sockets,
                               int64_t idle_ms, struct feed *feed, struct sandbox *sandbox)
{
    struct listener l = {.config = config,
                         .sockets = sockets,
                         .feed = feed,
                         .sandbox = sandbox,
                         .idle_ms = idle_ms,
                         .idle_end = CLOCK_NEVER};
    struct listen_child child = {.role = LISTEN_DONE, .status = EX_OK};

    if (start(&l) < 0) {
        child.status = EX_OSERR;
    } else if (!run(&l, &child)) {
        notify_say(&l.notify, NOTIFY_STOPPING);
        if (!l.leaving)
            sockets_close(sockets);
        stop_children(&l);
    }
    return child; /* the tables stay: a child's claim is in one of them */
}
