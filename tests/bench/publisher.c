/* Publishes rows: fills in the template, and writes it to its destination. */
#include "publisher.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "samples.h"

#define HEAD_MAX 512

static int failed(const char *what)
{
    fprintf(stderr, "swarm: %s: %s\n", what, strerror(errno));
    return -1;
}

int publisher_to_command(struct publisher *p, const char *command)
{
    int pipe_fd[2];

    if (pipe2(pipe_fd, O_CLOEXEC) < 0 || (p->child = fork()) < 0)
        return failed(command);
    if (p->child == 0) {
        int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
        dup2(pipe_fd[0], STDIN_FILENO);
        dup2(null, STDOUT_FILENO); /* ours carries results */
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    close(pipe_fd[0]);
    p->fd = pipe_fd[1];
    return 0;
}

int publisher_to_file(struct publisher *p, const char *path)
{
    p->fd = open(path, O_WRONLY | O_CLOEXEC);
    return p->fd < 0 ? failed(path) : 0;
}

int publisher_to_http(struct publisher *p, const struct sockaddr_in *server, const char *path)
{
    int on = 1;

    p->path = path;
    p->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (p->fd < 0 || connect(p->fd, (const struct sockaddr *)server, sizeof *server) < 0)
        return failed(path);
    setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return 0;
}

/* Returns the length, or PUBLISHER_ROW_MAX if it does not fit. */
static size_t fill_in(char *row, const char *template, uint64_t number)
{
    size_t len = 0;

    for (const char *at = template; *at && len < PUBLISHER_ROW_MAX; at++) {
        size_t room = PUBLISHER_ROW_MAX - len;
        if (strncmp(at, "%N", 2) == 0 || strncmp(at, "%T", 2) == 0)
            len += (size_t)snprintf(row + len, room, "%ju",
                                    (uintmax_t)(*++at == 'N' ? number : now_ns()));
        else
            row[len++] = *at;
    }
    return len < PUBLISHER_ROW_MAX ? len : PUBLISHER_ROW_MAX;
}

static int write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return failed("publish");
        bytes += n;
        len -= (size_t)n;
    }
    return 0;
}

int publisher_send(struct publisher *p, uint64_t number)
{
    char text[HEAD_MAX + PUBLISHER_ROW_MAX + 1];
    char row[PUBLISHER_ROW_MAX];
    char answers[4096];
    size_t row_len = fill_in(row, p->template, number);
    size_t head_len = 0;

    if (row_len == PUBLISHER_ROW_MAX) {
        errno = EMSGSIZE;
        return failed("row");
    }
    if (p->path) {
        while (recv(p->fd, answers, sizeof answers, MSG_DONTWAIT) > 0)
            ; /* answers to earlier rows are ignored */
        head_len = (size_t)snprintf(text, HEAD_MAX,
                                    "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                                    "Content-Type: text/plain\r\nContent-Length: %zu\r\n\r\n",
                                    p->path, row_len);
    }
    memcpy(text + head_len, row, row_len);
    if (!p->path)
        text[row_len++] = '\n';
    return write_all(p->fd, text, head_len + row_len);
}

void publisher_stop(struct publisher *p)
{
    if (p->fd >= 0)
        close(p->fd);
    if (p->child > 0)
        waitpid(p->child, NULL, 0);
    p->fd = -1;
    p->child = 0;
}
