/* Determines livescore's mode. */
#include "service/listen/listen.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/text/buf.h"

#define INETD_IDLE_MS (60 * 1000) /* inetd starts it again for the next connection */

static int fail(const struct config *config, int *status, const char *what)
{
    log_line(&config->log, LOG_ERR, "%s", what);
    *status = EX_CONFIG;
    return -1;
}

static int socket_option(int fd, int option)
{
    int value = -1;
    socklen_t len = sizeof value;

    return getsockopt(fd, SOL_SOCKET, option, &value, &len) == 0 ? value : -1;
}

static bool is_stream(int fd)
{
    return socket_option(fd, SO_TYPE) == SOCK_STREAM;
}

static bool is_listening(int fd)
{
    return is_stream(fd) && socket_option(fd, SO_ACCEPTCONN) == 1;
}

/* The number of descriptors that systemd passed; 0 if they are for another process.  Their
 * names are separated by colons. */
static int64_t passed(struct span *names)
{
    const char *fds = getenv("LISTEN_FDS"), *pid = getenv("LISTEN_PID");
    const char *given = getenv("LISTEN_FDNAMES");
    int64_t n = 0, whose = 0;

    if (!fds || !pid || span_to_int(span_of(pid), INT32_MAX, &whose) < 0 || whose != getpid() ||
        span_to_int(span_of(fds), INT32_MAX, &n) < 0)
        n = 0;
    *names = span_of(given ? given : "");
    unsetenv("LISTEN_FDS");
    unsetenv("LISTEN_PID");
    unsetenv("LISTEN_FDNAMES");
    return n;
}

static int take_passed(struct given *given, const struct config *config, int64_t n,
                       struct span names, int *status)
{
    if (n == 1 && is_stream(GIVEN_FIRST_FD) && !is_listening(GIVEN_FIRST_FD)) {
        given->visit.in = given->visit.out = GIVEN_FIRST_FD;
        return 0;
    }
    for (int fd = GIVEN_FIRST_FD; fd - GIVEN_FIRST_FD < n; fd++) {
        if (!is_listening(fd))
            return fail(config, status,
                        "LISTEN_FDS: expected listening stream sockets, or one connection: "
                        "check the ListenStream= and Accept= of the socket unit");
        if (sockets_add(&given->sockets, fd) < 0)
            return fail(config, status, "LISTEN_FDS: at most 8 sockets can be served");
        if (span_is(span_cut(&names, ':'), GIVEN_METRICS))
            given->sockets.monitor = fd;
    }
    return 0;
}

/* inetd passes its listening socket as descriptors 0, 1 and 2.  Moves it up: SQLite refuses a
 * database on those, and viewers close the listening socket. */
static int take_inetd_wait(struct given *given, const struct config *config, int *status)
{
    int fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, GIVEN_FIRST_FD);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    if (fd < 0 || null < 0 || sockets_add(&given->sockets, fd) < 0)
        return fail(config, status, "out of file descriptors");
    dup2(null, STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
    if (config->log.sink == LOG_TO_SYSLOG)
        dup2(null, STDERR_FILENO);
    close(null);
    if (given->idle_ms == 0)
        given->idle_ms = INETD_IDLE_MS;
    return 0;
}

static int take_stdin(struct given *given, const struct config *config, int *status)
{
    struct stat st;
    bool socket = fstat(STDIN_FILENO, &st) == 0 && S_ISSOCK(st.st_mode);

    if (socket && !is_stream(STDIN_FILENO))
        return fail(config, status,
                    "standard input is not a stream socket: use 'stream tcp' in inetd.conf");
    if (socket && is_listening(STDIN_FILENO))
        return take_inetd_wait(given, config, status);
    given->visit.in = STDIN_FILENO;
    given->visit.out = socket ? STDIN_FILENO : STDOUT_FILENO;
    return 0;
}

static int take(struct given *given, const struct config *config, int *status)
{
    struct span names;
    int64_t n = passed(&names);

    *given = (struct given){.idle_ms = config->idle_ms};
    if (config->n_listen > 0)
        return 0;
    if (n > 0)
        return take_passed(given, config, n, names, status);
    if (getenv("GATEWAY_INTERFACE")) {
        given->visit = (struct visit){.in = STDIN_FILENO, .out = STDOUT_FILENO, .cgi = true};
        return 0;
    }
    return take_stdin(given, config, status);
}

int given_look(struct given *given, const struct config *config, int *status)
{
    if (take(given, config, status) < 0)
        return -1;
    return given->sockets.n + config->n_listen == 0
               ? 0
               : sockets_open(&given->sockets, config, status);
}
