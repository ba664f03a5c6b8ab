/*
 * The floor: the cost of a process per connection that only sends.  A listener forks
 * for each connection; the child reads the request's head, sends the beginning of an
 * answer from a file, and waits for a bell and its client.  Lines from a FIFO become
 * frames in shared memory, the bell rings, and every child sends them from there.
 *
 * No database, no parsing, no limits, no log: a service with the same process model
 * can hardly be faster.  For tests/bench/run only.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#define HEAD_MAX  8192
#define ROW_MAX   4096       /* of one row on the FIFO */
#define LOG_BYTES (1u << 20) /* a power of 2: how far a slow child may fall behind */
#define BACKLOG   4096

/* A ring of bytes that holds frames.  end only grows; a byte is stored at its position
 * modulo LOG_BYTES.  One process writes. */
struct frames {
    _Atomic uint64_t end;
    char bytes[LOG_BYTES];
};

struct floor {
    int listener;
    int control;      /* the FIFO for rows */
    const char *bell; /* a FIFO that only the ringer reads: writing wakes every epoll */
    const char *answer;
    size_t answer_len;
    struct frames *frames;
};

static _Noreturn void die(int status, const char *what)
{
    fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
    exit(status);
}

static int write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        bytes += n;
        len -= (size_t)n;
    }
    return 0;
}

static int read_head(int fd)
{
    char head[HEAD_MAX];
    size_t len = 0;

    while (len < sizeof head) {
        ssize_t n = read(fd, head + len, sizeof head - len);
        if (n <= 0)
            return -1;
        len += (size_t)n;
        if (memmem(head, len, "\r\n\r\n", 4))
            return 0;
    }
    return -1;
}

/* Sends the frames from position `from` to `end`. */
static int send_frames(const struct frames *frames, int fd, uint64_t from, uint64_t end)
{
    if (end - from > LOG_BYTES)
        return -1; /* lapped: the client loses its stream, and the bench reports it */
    while (from < end) {
        size_t at = from % LOG_BYTES;
        size_t len = (size_t)(end - from);
        if (len > LOG_BYTES - at)
            len = LOG_BYTES - at;
        if (write_all(fd, frames->bytes + at, len) < 0)
            return -1;
        from += len;
    }
    return 0;
}

/* Every child opens the bell itself.  An inherited descriptor would be the same open
 * file in every epoll set, and adding a file that is in N sets makes the kernel walk
 * all of them: opening 10,000 connections took 6 s. */
static int open_bell(const struct floor *f)
{
    return open(f->bell, O_RDWR | O_NONBLOCK | O_CLOEXEC);
}

static _Noreturn void serve(const struct floor *f, int client)
{
    int bell_fd = open_bell(f);
    struct epoll_event bell = {.events = EPOLLIN | EPOLLET, .data.fd = bell_fd};
    struct epoll_event hangup = {.events = EPOLLRDHUP, .data.fd = client};
    struct epoll_event events[2];
    int epoll = epoll_create1(0);

    if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, bell_fd, &bell) < 0 ||
        epoll_ctl(epoll, EPOLL_CTL_ADD, client, &hangup) < 0 || read_head(client) < 0)
        _exit(1);
    uint64_t cursor = atomic_load_explicit(&f->frames->end, memory_order_acquire);
    if (write_all(client, f->answer, f->answer_len) < 0)
        _exit(1);
    for (;;) {
        uint64_t end = atomic_load_explicit(&f->frames->end, memory_order_acquire);
        if (send_frames(f->frames, client, cursor, end) < 0)
            _exit(1);
        cursor = end;
        int n = epoll_wait(epoll, events, 2, -1);
        for (int i = 0; i < n; i++)
            if (events[i].data.fd == client)
                _exit(0);
    }
}

static void append(struct frames *frames, const char *bytes, size_t len)
{
    uint64_t end = atomic_load_explicit(&frames->end, memory_order_relaxed);

    for (size_t i = 0; i < len; i++)
        frames->bytes[(end + i) % LOG_BYTES] = bytes[i];
    atomic_store_explicit(&frames->end, end + len, memory_order_release);
}

static void ring(int bell)
{
    char drained[64];

    while (read(bell, drained, sizeof drained) > 0)
        ;
    if (write(bell, "", 1) < 0)
        die(EX_IOERR, "bell");
}

/* Turns lines from the FIFO into frames.  Returns how many bytes of `text` it used. */
static size_t publish(struct frames *frames, const char *text, size_t len, uint64_t *id)
{
    char frame[ROW_MAX + 64];
    size_t used = 0;
    const char *end;

    while ((end = memchr(text + used, '\n', len - used))) {
        int line = (int)(end - (text + used));
        int n = snprintf(frame, sizeof frame, "id: %ju\ndata: %.*s\n\n", (uintmax_t)++ * id,
                         line, text + used);
        append(frames, frame, (size_t)n);
        used += (size_t)line + 1;
    }
    return used;
}

/* The only process that reads the FIFO: the poller's part in the service. */
static _Noreturn void ringer(const struct floor *f)
{
    char text[ROW_MAX];
    size_t len = 0;
    uint64_t id = 0;
    int bell = open_bell(f);

    prctl(PR_SET_PDEATHSIG, SIGTERM);
    for (;;) {
        ssize_t n = read(f->control, text + len, sizeof text - len);
        if (n <= 0)
            _exit(1); /* end of file, or a line longer than ROW_MAX */
        len += (size_t)n;
        size_t used = publish(f->frames, text, len, &id);
        if (used > 0)
            ring(bell);
        memmove(text, text + used, len - used);
        len -= used;
    }
}

static void read_answer(struct floor *f, const char *path)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0 || fstat(fd, &st) < 0)
        die(EX_NOINPUT, path);
    f->answer_len = (size_t)st.st_size;
    f->answer = mmap(NULL, f->answer_len, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    if (f->answer == MAP_FAILED)
        die(EX_NOINPUT, path);
    close(fd);
}

static void start_listening(struct floor *f)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;

    f->listener = socket(AF_INET, SOCK_STREAM, 0);
    if (f->listener < 0 || bind(f->listener, (struct sockaddr *)&address, len) < 0 ||
        listen(f->listener, BACKLOG) < 0 ||
        getsockname(f->listener, (struct sockaddr *)&address, &len) < 0)
        die(EX_UNAVAILABLE, "listen");
    fprintf(stderr, "floor: listening on http://127.0.0.1:%d/\n", ntohs(address.sin_port));
}

static _Noreturn void accept_and_fork(const struct floor *f)
{
    for (;;) {
        int client = accept4(f->listener, NULL, NULL, 0);
        if (client < 0)
            continue;
        pid_t pid = fork();
        if (pid == 0)
            serve(f, client);
        if (pid < 0)
            perror("floor: fork");
        close(client);
    }
}

int main(int argc, char **argv)
{
    struct floor f = {0};

    if (argc != 4) {
        fputs("usage: floor ROWS-FIFO BELL-FIFO ANSWER-FILE\n", stderr);
        return EX_USAGE;
    }
    signal(SIGCHLD, SIG_IGN); /* the kernel reaps the children */
    f.control = open(argv[1], O_RDWR | O_CLOEXEC);
    if (f.control < 0)
        die(EX_NOINPUT, argv[1]);
    f.bell = argv[2];
    read_answer(&f, argv[3]);
    f.frames =
        mmap(NULL, sizeof *f.frames, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (f.frames == MAP_FAILED)
        die(EX_OSERR, "start");
    start_listening(&f);
    pid_t pid = fork();
    if (pid < 0)
        die(EX_OSERR, "fork");
    if (pid == 0)
        ringer(&f);
    accept_and_fork(&f);
}
