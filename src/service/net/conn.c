/* Reads, writes and waits on a client's descriptors, each under a deadline. */
#include "service/net/conn.h"

#include <errno.h>
#include <limits.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/process/clock.h"
#include "base/process/stop.h"

static int fail(struct conn *c, const char *why)
{
    c->why = why;
    return -1;
}

void conn_set_peer(struct conn *c, const struct address *address)
{
    c->address = *address;
    c->name = NULL;
}

/* Only when it is needed: formatting maps seven pages of libc into a new process. */
const char *conn_peer(const struct conn *c, char text[ADDRESS_TEXT_MAX])
{
    if (c->name)
        return c->name;
    address_text(&c->address, text);
    return text;
}

static void find_peer(struct conn *c)
{
    static const char *const names[] = {"REMOTE_ADDR", "REMOTE_HOST", "TCPREMOTEIP",
                                        "NCAT_REMOTE_ADDR", "SOCAT_PEERADDR"};
    struct sockaddr_storage from = {0};
    socklen_t len = sizeof from;
    struct address address = {0};

    if (c->socket && getpeername(c->in, (struct sockaddr *)&from, &len) == 0)
        address_from(&address, &from);
    conn_set_peer(c, &address);
    for (size_t i = 0; c->address.kind != ADDRESS_IP && i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (!value || !*value || strlen(value) >= CONN_PEER_MAX || strpbrk(value, " \"="))
            continue;
        if (address_parse(&address, span_of(value)) == 0)
            c->address = address;
        c->name = value;
        return;
    }
}

/*
 * Sends frames as soon as they are written.  Limits unsent data: what a slow client has not
 * fetched can stay in the database, instead of up to 4 MB in the kernel.  (TCP_USER_TIMEOUT
 * would also end connections whose program reads slowly: it counts from the first moment that
 * the client's buffer was full.)
 */
void conn_prepare(int fd)
{
    int on = 1, unsent = CONN_UNSENT_MAX;

    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
}

void conn_init(struct conn *c, const struct visit *visit, int64_t write_ms)
{
    struct stat st;

    *c = (struct conn){.in = visit->in,
                       .out = visit->out,
                       .epoll = -1,
                       .timer = -1,
                       .end = CLOCK_NEVER,
                       .write_ms = write_ms};
    c->socket =
        visit->accepted || (c->in == c->out && fstat(c->in, &st) == 0 && S_ISSOCK(st.st_mode));
    if (c->socket && !visit->accepted)
        conn_prepare(c->in);
    if (visit->accepted && visit->peer.kind == ADDRESS_IP)
        conn_set_peer(c, &visit->peer);
    else
        find_peer(c);
}

ssize_t conn_read(struct conn *c, char *bytes, size_t cap, int64_t deadline)
{
    /* the request usually arrives with the connection; only sockets never block */
    bool ready = c->socket;

    for (;;) {
        struct pollfd fd = {.fd = c->in, .events = POLLIN};
        if (stop_requested())
            return fail(c, "stopped");
        int n = ready ? 1 : stop_poll(&fd, 1, deadline);
        ready = false;
        if (n == 0)
            return fail(c, "timeout");
        ssize_t got = n < 0       ? -1
                      : c->socket ? recv(c->in, bytes, cap, MSG_DONTWAIT)
                                  : read(c->in, bytes, cap);
        if (got < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        return got < 0 ? fail(c, "client-closed") : got;
    }
}

void conn_skip(struct conn *c, int64_t len, int64_t deadline)
{
    char dropped[4096];
    const char *why = c->why;

    while (len > 0 && clock_left(deadline) != 0) {
        size_t most = len < (int64_t)sizeof dropped ? (size_t)len : sizeof dropped;
        ssize_t n = conn_read(c, dropped, most, deadline);
        if (n <= 0)
            break;
        len -= n;
    }
    c->why = why;
}

/* Writes some bytes without blocking: a pipe that poll calls writable takes PIPE_BUF. */
static ssize_t write_some(const struct conn *c, const char *bytes, size_t len)
{
    if (c->socket)
        return send(c->out, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL);
    return write(c->out, bytes, len < PIPE_BUF ? len : PIPE_BUF);
}

/* Bytes that the client has not acknowledged; 0 if unknown. */
static int bytes_held(const struct conn *c)
{
    int held;

    return c->socket && ioctl(c->out, SIOCOUTQ, &held) == 0 ? held : 0;
}

/* Neither Unix sockets nor pipes have a network that could fail. */
bool conn_answers(struct conn *c)
{
    struct tcp_info info = {0};
    socklen_t len = sizeof info;

    if (getsockopt(c->out, IPPROTO_TCP, TCP_INFO, &info, &len) < 0 || info.tcpi_unacked == 0 ||
        info.tcpi_last_ack_recv < c->write_ms)
        return true;
    fail(c, "write-timeout");
    return false;
}

void conn_set_end(struct conn *c, int64_t end)
{
    c->end = end < CLOCK_NEVER - CONN_LAST_MS ? end + CONN_LAST_MS : CLOCK_NEVER;
}

/* A write has made no progress for write_ms: looks whether the client has taken anything, even
 * too little for poll to report.  Returns 0 to go on, or -1. */
static int look_at_client(struct conn *c, int *held, int *looks)
{
    int before = *held;

    if (clock_left(c->end) == 0)
        return fail(c, stop_requested() ? "stopped" : "max-stream");
    *held = bytes_held(c);
    if (*held < before)
        *looks = 0;
    else if (++*looks > CONN_SLOW)
        return fail(c, "write-timeout");
    return conn_answers(c) ? 0 : -1;
}

static int wait_for_room(struct conn *c)
{
    int held = bytes_held(c), looks = 0;
    int64_t next_look = clock_ms() + c->write_ms;

    for (;;) {
        struct pollfd fd = {.fd = c->out, .events = POLLOUT};
        if (stop_requested() && c->end > clock_ms() + CONN_LAST_MS)
            conn_set_end(c, clock_ms());
        int n = stop_poll(&fd, 1, next_look < c->end ? next_look : c->end);
        if (n < 0 && errno != EINTR)
            return fail(c, "client-closed");
        if (n > 0)
            return fd.revents & POLLOUT ? 0 : fail(c, "client-closed");
        if (clock_left(next_look) > 0 && clock_left(c->end) > 0)
            continue;
        if (look_at_client(c, &held, &looks) < 0)
            return -1;
        next_look = clock_ms() + c->write_ms;
    }
}

int conn_write(struct conn *c, const char *bytes, size_t len)
{
    while (len > 0) {
        if (!c->socket && wait_for_room(c) < 0)
            return -1;
        ssize_t n = write_some(c, bytes, len);
        int error = n < 0 ? errno : 0;
        if (error == EAGAIN && wait_for_room(c) < 0)
            return -1;
        if (error != 0 && error != EAGAIN && error != EINTR)
            return fail(c, "client-closed");
        if (n > 0) {
            bytes += n;
            len -= (size_t)n;
            c->sent += (uint64_t)n;
        }
    }
    return 0;
}

static int add(int epoll, int fd, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.fd = fd};

    return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

int conn_watch(struct conn *c, int fd)
{
    if (c->epoll < 0) {
        c->epoll = epoll_create1(EPOLL_CLOEXEC);
        c->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
        if (c->epoll < 0 || c->timer < 0 ||
            add(c->epoll, c->out, c->socket ? EPOLLRDHUP : 0) < 0 ||
            add(c->epoll, c->timer, EPOLLIN | EPOLLET) < 0) {
            conn_unwatch(c);
            return -1;
        }
    }
    return add(c->epoll, fd, EPOLLIN | EPOLLET);
}

void conn_unwatch(struct conn *c)
{
    close(c->epoll);
    close(c->timer);
    c->epoll = c->timer = -1;
    c->alarm = 0;
}

/* Sets the timer unless it fires sooner anyway; if the deadline has moved since, one wait ends
 * early.  A timeout argument would enter and leave a kernel tree at each wait: a tenth of the
 * cost of a wake-up with some thousand sleepers. */
static void set_timer(struct conn *c, int64_t deadline)
{
    struct itimerspec at = {.it_interval = {0}};

    if (deadline == CLOCK_NEVER || (c->alarm > 0 && c->alarm <= deadline))
        return;
    at.it_value.tv_sec = deadline / 1000;
    at.it_value.tv_nsec = deadline % 1000 * 1000000;
    timerfd_settime(c->timer, TFD_TIMER_ABSTIME, &at, NULL);
    c->alarm = deadline;
}

/* Returns as poll does; sets *gone if the client hung up.  A pipe whose reader has gone reports
 * an error on out.  End of input says nothing: the request came from there. */
static int sleep_on(struct conn *c, int64_t deadline, bool *gone)
{
    struct epoll_event events[4];
    int n;

    if (c->epoll < 0) {
        struct pollfd fd = {.fd = c->out, .events = c->socket ? POLLRDHUP : 0};
        n = stop_poll(&fd, 1, deadline);
        *gone = n > 0;
        return n;
    }
    bool block = clock_left(deadline) != 0;
    if (block)
        set_timer(c, deadline);
    int ready = n = stop_epoll(c->epoll, events, sizeof events / sizeof *events, block);
    for (int i = 0; i < ready; i++) {
        if (events[i].data.fd == c->timer) {
            c->alarm = 0;
            n--;
        } else if (events[i].data.fd == c->out) {
            *gone = true;
        } else {
            c->hung_up = events[i].events & EPOLLHUP;
        }
    }
    return n;
}

enum conn_event conn_wait(struct conn *c, int64_t deadline)
{
    for (;;) {
        bool gone = false;

        if (stop_requested())
            return fail(c, "stopped"), CONN_STOP;
        int n = sleep_on(c, deadline, &gone);
        if (gone || (n < 0 && errno != EINTR))
            return fail(c, "client-closed"), CONN_GONE;
        if (n > 0)
            return CONN_OTHER;
        if (n == 0 && clock_left(deadline) == 0)
            return CONN_QUIET;
    }
}

void conn_linger(struct conn *c)
{
    if (c->socket && shutdown(c->out, SHUT_WR) == 0)
        conn_skip(c, INT64_MAX, clock_ms() + CONN_LINGER_MS);
}
