/* Accepts, forks, counts, and at the end tells its children to end. */
#include "service/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/stop.h"
#include "service/slots.h"

#define SHORTAGE_MS 100 /* before accepting again, when the machine is out of something */

/* Reads [ADDR:]PORT: 0 or -1.  No names are looked up. */
static int parse_address(const char *text, struct sockaddr_storage *address, socklen_t *len)
{
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)address;
    struct sockaddr_in *four = (struct sockaddr_in *)address;
    const char *colon = strrchr(text, ':'), *port = colon ? colon + 1 : text;
    char host[LISTEN_ADDRESS_MAX] = "::";
    int64_t number;

    memset(address, 0, sizeof *address);
    if (span_to_int(span_of(port), 65535, &number) < 0)
        return -1;
    if (colon && colon > text) {
        size_t n = (size_t)(colon - text);
        bool brackets = text[0] == '[' && colon[-1] == ']' && n > 2;
        if (n >= sizeof host)
            return -1;
        memcpy(host, text + brackets, n - 2 * brackets);
        host[n - 2 * brackets] = '\0';
    }
    four->sin_port = six->sin6_port = htons((uint16_t)number);
    *len = sizeof *four;
    address->ss_family = AF_INET;
    if (inet_pton(AF_INET, host, &four->sin_addr) == 1)
        return 0;
    memset(four, 0, sizeof *four);
    six->sin6_port = htons((uint16_t)number);
    *len = sizeof *six;
    address->ss_family = AF_INET6;
    return inet_pton(AF_INET6, host, &six->sin6_addr) == 1 ? 0 : -1;
}

static int bind_to(const struct sockaddr_storage *address, socklen_t len)
{
    int on = 1, off = 0;
    int fd = socket(address->ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (address->ss_family == AF_INET6) /* "::" is IPv4 as well */
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (bind(fd, (const struct sockaddr *)address, len) == 0 && listen(fd, LISTEN_BACKLOG) == 0)
        return fd;
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

static void log_address(const struct config *config, int fd)
{
    struct sockaddr_in6 address; /* it has room for the other as well, and its port there */
    const struct sockaddr_in *four = (const struct sockaddr_in *)&address;
    socklen_t len = sizeof address;
    char text[INET6_ADDRSTRLEN] = "";

    memset(&address, 0, sizeof address);
    getsockname(fd, (struct sockaddr *)&address, &len);
    if (address.sin6_family == AF_INET)
        inet_ntop(AF_INET, &four->sin_addr, text, sizeof text);
    else
        inet_ntop(AF_INET6, &address.sin6_addr, text, sizeof text);
    log_line(&config->log, LOG_NOTICE,
             address.sin6_family == AF_INET ? "listening on http://%s:%d/"
                                            : "listening on http://[%s]:%d/",
             text, ntohs(address.sin6_port));
}

int listen_open(const struct config *config, int *status)
{
    struct sockaddr_storage address;
    socklen_t len;
    int fd;

    if (parse_address(config->listen, &address, &len) < 0) {
        log_line(&config->log, LOG_ERR,
                 "-l %s: expected [ADDRESS:]PORT, as in 8000, "
                 "127.0.0.1:8000 or [::1]:8000",
                 config->listen);
        *status = EX_USAGE;
        return -1;
    }
    fd = bind_to(&address, len);
    if (fd < 0 && errno == EAFNOSUPPORT && !strchr(config->listen, '[')) {
        struct sockaddr_in any = {.sin_family = AF_INET, /* a machine without IPv6 */
                                  .sin_port = ((struct sockaddr_in6 *)&address)->sin6_port};
        memcpy(&address, &any, sizeof any);
        fd = bind_to(&address, sizeof any);
    }
    if (fd < 0) {
        log_line(&config->log, LOG_ERR, "-l %s: %s%s", config->listen, strerror(errno),
                 errno == EADDRINUSE ? ": choose another port, or end who has it" : "");
        *status = errno == EACCES ? EX_NOPERM : EX_UNAVAILABLE;
        return -1;
    }
    log_address(config, fd);
    return fd;
}

struct listener {
    const struct config *config;
    int fd;
    struct slots slots;
    size_t refusals;     /* children without a slot */
    pid_t poller;        /* 0: there is none */
    int64_t next_poller; /* not before */
};

/* Only when one has ended: to look for it is to go through all of them. */
static void reap(struct listener *l)
{
    int status;
    pid_t pid;

    if (!stop_child_ended())
        return;

    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (pid == l->poller)
            l->poller = 0;
        else if (!slots_remove(&l->slots, pid) && l->refusals > 0)
            l->refusals--;
        if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL && WTERMSIG(status) != SIGTERM)
            log_line(&l->config->log, LOG_ERR, "process %d died of signal %d", (int)pid,
                     WTERMSIG(status));
    }
}

/* Forks for a connection; true in the child. */
static bool fork_for(struct listener *l, int fd, uint64_t client, int refuse)
{
    pid_t pid = fork();

    if (pid == 0) {
        close(l->fd);
        return true;
    }
    close(fd);
    if (pid < 0)
        log_line(&l->config->log, LOG_ERR, "fork: %s", strerror(errno));
    else if (refuse)
        l->refusals++;
    else
        slots_add(&l->slots, client, pid);
    return false;
}

/* Takes one connection; true in a child, whose connection it is then. */
static bool accept_one(struct listener *l, struct listen_child *child)
{
    struct sockaddr_storage address = {0};
    socklen_t len = sizeof address;
    uint64_t client;

    child->fd = accept4(l->fd, (struct sockaddr *)&address, &len, SOCK_CLOEXEC);
    if (child->fd < 0) {
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            log_line(&l->config->log, LOG_ERR, "accept: %s", strerror(errno));
            stop_poll(NULL, 0, clock_ms() + SHORTAGE_MS);
        }
        return false;
    }
    client = slots_client(&address);
    child->refuse = slots_refusal(&l->slots, client);
    if (child->refuse && l->refusals >= LISTEN_REFUSALS_MAX) {
        close(child->fd);
        return false;
    }
    return fork_for(l, child->fd, client, child->refuse);
}

/* Sees to it that there is a poller; true in that child. */
static bool fork_poller(struct listener *l)
{
    int64_t now = clock_ms();

    if (l->poller != 0 || now < l->next_poller)
        return false;
    l->next_poller = now + LISTEN_POLLER_MS;
    l->poller = fork();
    if (l->poller == 0) {
        close(l->fd);
        return true;
    }
    if (l->poller < 0) { /* the connections elect one of themselves */
        log_line(&l->config->log, LOG_ERR, "fork: %s", strerror(errno));
        l->poller = 0;
    }
    return false;
}

/* Tells every child to end, in good order and then in any. */
static void signal_children(const struct listener *l, int signal)
{
    if (l->poller > 0)
        kill(l->poller, signal);
    for (size_t i = 0; i < l->slots.n; i++)
        kill(l->slots.table[i].pid, signal);
}

static void stop_children(struct listener *l)
{
    int64_t deadline = clock_ms() + LISTEN_STOP_MS;

    close(l->fd);
    signal_children(l, SIGTERM);
    while ((l->slots.n > 0 || l->poller > 0) && clock_left(deadline) > 0) {
        stop_poll(NULL, 0, clock_ms() + SHORTAGE_MS);
        reap(l);
    }
    signal_children(l, SIGKILL);
}

/* Until it is told to stop; true in a child. */
static bool run(struct listener *l, struct listen_child *child)
{
    while (!stop_requested()) {
        struct pollfd fd = {.fd = l->fd, .events = POLLIN};
        if (fork_poller(l)) {
            child->role = LISTEN_POLL;
            return true;
        }
        int n = stop_poll(&fd, 1, l->poller ? CLOCK_NEVER : l->next_poller);
        reap(l);
        if (n > 0 && accept_one(l, child)) {
            child->role = LISTEN_SERVE;
            return true;
        }
    }
    return false;
}

struct listen_child listen_run(const struct config *config, int listener)
{
    struct listener l = {.config = config, .fd = listener};
    struct listen_child child = {.role = LISTEN_DONE, .status = EX_OK};

    if (slots_init(&l.slots, config->max_connections, config->max_per_client) < 0) {
        log_line(&config->log, LOG_ERR, "out of memory");
        child.status = EX_OSERR;
    } else if (!run(&l, &child)) {
        stop_children(&l);
        slots_release(&l.slots);
    }
    return child;
}
