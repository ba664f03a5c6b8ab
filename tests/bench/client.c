/* A client of the swarm: a non-blocking socket, and a reader of frames. */
#include "client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_MAX    65536
#define REQUEST_MAX 1024
#define MARK_NUMBER "{\"n\":"
#define MARK_TIME   ",\"t\":"

int client_connect(struct client *c, const struct target *target, int epoll)
{
    struct sockaddr_in source = {.sin_family = AF_INET, .sin_addr = target->source};
    struct epoll_event event = {.events = EPOLLOUT, .data.ptr = c};
    int on = 1;

    c->began = now_ns();
    c->line_len = 0;
    c->has_data = false;
    c->number = 0;
    c->id_line[0] = '\0';
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c->fd < 0)
        return -1;
    c->state = CLIENT_CONNECTING;
    /* bind chooses no port: connect chooses one per pair of addresses, so
     * ports do not run short. */
    setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    if (bind(c->fd, (struct sockaddr *)&source, sizeof source) == 0 &&
        (connect(c->fd, (const struct sockaddr *)&target->server, sizeof target->server) == 0 ||
         errno == EINPROGRESS) &&
        epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &event) == 0)
        return 0;
    int error = errno;
    client_close(c);
    errno = error;
    return -1;
}

void client_close(struct client *c)
{
    if (c->state != CLIENT_CLOSED)
        close(c->fd);
    c->state = CLIENT_CLOSED;
    c->fd = -1;
    free(c->answer);
    c->answer = NULL;
}

static int client_send(struct client *c, const struct target *target)
{
    char request[REQUEST_MAX];
    char cursor[CLIENT_ID_MAX + 32] = "";
    size_t path_len = c->page[0] ? strcspn(target->path, "?") : strlen(target->path);

    if (c->id[0])
        snprintf(cursor, sizeof cursor, "Last-Event-ID: %s\r\n", c->id);
    int len = snprintf(request, sizeof request,
                       "GET %.*s%s HTTP/1.%d\r\nHost: 127.0.0.1:%d\r\nAccept: %s\r\n%s\r\n",
                       (int)path_len, target->path, c->page, target->pages,
                       ntohs(target->server.sin_port),
                       target->pages ? "application/json" : "text/event-stream", cursor);
    if (len >= (int)sizeof request)
        return -1;
    return send(c->fd, request, (size_t)len, MSG_NOSIGNAL) == len ? 0 : -1;
}

static int client_ask(struct client *c, const struct target *target, int epoll)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    int error = 0;
    socklen_t error_len = sizeof error;

    if (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &error_len) < 0 || error != 0 ||
        client_send(c, target) < 0)
        return -1;
    c->state = CLIENT_WAITING;
    return epoll_ctl(epoll, EPOLL_CTL_MOD, c->fd, &event);
}

/* Reads the mark at the beginning of a row's data, if any. */
void client_read_mark(struct client *c, const char *data)
{
    char *end;

    if (strncmp(data, MARK_NUMBER, sizeof MARK_NUMBER - 1) != 0)
        return;
    c->number = strtoull(data + sizeof MARK_NUMBER - 1, &end, 10);
    if (strncmp(end, MARK_TIME, sizeof MARK_TIME - 1) == 0)
        c->published = strtoull(end + sizeof MARK_TIME - 1, NULL, 10);
}

static void client_take_id(struct client *c, struct tally *tally)
{
    uint64_t number = strtoull(c->id_line, NULL, 10);

    if (c->id[0] && number != c->id_number + 1)
        tally->id_jumps++;
    c->id_number = number;
    memcpy(c->id, c->id_line, sizeof c->id);
}

/* A frame has ended: counts it, and checks that it is the expected one. */
static void client_take_frame(struct client *c, struct tally *tally, uint64_t now)
{
    if (c->state == CLIENT_WAITING) {
        c->state = CLIENT_STREAMING;
        samples_add(&tally->opening, now - c->began);
    }
    if (c->id_line[0])
        client_take_id(c, tally);
    client_take_row(c, tally, now);
}

void client_take_row(struct client *c, struct tally *tally, uint64_t now)
{
    tally->frames++;
    if (c->number < tally->first_number)
        return;
    if (c->expected && c->number < c->expected) {
        tally->repeated++;
        return;
    }
    if (c->expected)
        tally->lost += c->number - c->expected;
    c->expected = c->number + 1;
    tally->marked++;
    samples_add(&tally->latency, now - c->published);
    if (tally->last && c->number - tally->first_number < tally->last_count)
        tally->last[c->number - tally->first_number] = now - c->published;
}

static void client_take_line(struct client *c, struct tally *tally, uint64_t now)
{
    if (c->line_len > 0 && c->line[c->line_len - 1] == '\r')
        c->line_len--;
    c->line[c->line_len] = '\0';
    if (c->line_len == 0) {
        if (c->has_data)
            client_take_frame(c, tally, now);
        c->has_data = false;
        c->number = 0;
        c->id_line[0] = '\0';
    } else if (strncmp(c->line, "data:", 5) == 0) {
        if (!c->has_data)
            client_read_mark(c, c->line + 5 + (c->line[5] == ' '));
        c->has_data = true;
    } else if (strncmp(c->line, "id:", 3) == 0) {
        size_t skip = 3 + (c->line[3] == ' ');
        size_t len = c->line_len - skip;
        if (len < sizeof c->id_line)
            memcpy(c->id_line, c->line + skip, len + 1);
    }
    c->line_len = 0;
}

static void client_take(struct client *c, const char *bytes, size_t len, struct tally *tally)
{
    uint64_t now = now_ns();

    tally->bytes += len;
    while (len > 0) {
        const char *end = memchr(bytes, '\n', len);
        size_t part = end ? (size_t)(end - bytes) : len;
        size_t room = sizeof c->line - 1 - c->line_len;
        size_t keep = part < room ? part : room;

        memcpy(c->line + c->line_len, bytes, keep);
        c->line_len += keep;
        if (!end)
            return;
        client_take_line(c, tally, now);
        bytes += part + 1;
        len -= part + 1;
    }
}

void client_handle(struct client *c, const struct target *target, int epoll, uint32_t events,
                   struct tally *tally)
{
    char bytes[READ_MAX];

    if (c->state == CLIENT_CONNECTING) {
        if ((events & (EPOLLERR | EPOLLHUP)) || client_ask(c, target, epoll) < 0) {
            tally->ended++;
            client_close(c);
        }
        return;
    }
    ssize_t n = recv(c->fd, bytes, sizeof bytes, 0);
    if (n > 0 && target->pages) {
        int taken = page_take(c, bytes, (size_t)n, tally);
        if (taken < 0 || (taken > 0 && client_send(c, target) < 0)) {
            tally->ended++;
            client_close(c);
        }
    } else if (n > 0) {
        client_take(c, bytes, (size_t)n, tally);
    } else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
        tally->ended++;
        client_close(c);
    }
}
