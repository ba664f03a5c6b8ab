/* Sends datagrams to the service manager. */
#include "service/listen/notify.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/process/clock.h"
#include "base/text/buf.h"

/* Never blocks: if the manager is busy, the notification is dropped. */
void notify_say(const struct notify *n, const char *text)
{
    if (n->fd >= 0)
        send(n->fd, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* Half the manager's timeout, as sd_watchdog_enabled(3) advises. */
static int64_t watchdog_ms(void)
{
    const char *usec = getenv("WATCHDOG_USEC"), *whose = getenv("WATCHDOG_PID");
    int64_t n = 0, pid = getpid();

    if (!usec || span_to_int(span_of(usec), INT64_MAX, &n) < 0)
        return 0;
    if (whose && (span_to_int(span_of(whose), INT64_MAX, &pid) < 0 || pid != getpid()))
        return 0;
    return n / 2000;
}

/* Connects, as the sandbox allows no sendto with an address. */
static int open_socket(const char *path)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    size_t len = strlen(path);

    if (len < 2 || len >= sizeof to.sun_path || (path[0] != '/' && path[0] != '@'))
        return -1;
    memcpy(to.sun_path, path, len);
    if (path[0] == '@') /* abstract namespace */
        to.sun_path[0] = '\0';
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&to,
                           (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)) == 0)
        return fd;
    close(fd);
    return -1;
}

void notify_init(struct notify *n)
{
    const char *path = getenv("NOTIFY_SOCKET");

    *n = (struct notify){.fd = path ? open_socket(path) : -1};
    if (n->fd >= 0)
        n->watchdog_ms = watchdog_ms();
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    unsetenv("WATCHDOG_PID");
}

void notify_close(struct notify *n)
{
    close(n->fd);
    n->fd = -1;
}

void notify_look(struct notify *n, size_t connections)
{
    char text[64];
    int64_t now;

    if (n->fd < 0 || clock_left(notify_deadline(n, connections)) != 0)
        return;
    now = clock_ms();
    if (n->watchdog_ms > 0 && now >= n->next_watchdog) {
        notify_say(n, "WATCHDOG=1");
        n->next_watchdog = now + n->watchdog_ms;
    }
    if (connections != n->told && now >= n->next_status) {
        snprintf(text, sizeof text, "STATUS=%zu connection%s", connections,
                 connections == 1 ? "" : "s");
        notify_say(n, text);
        n->told = connections;
        n->next_status = now + NOTIFY_STATUS_MS;
    }
}

int64_t notify_deadline(const struct notify *n, size_t connections)
{
    int64_t next = CLOCK_NEVER;

    if (n->fd >= 0 && n->watchdog_ms > 0)
        next = n->next_watchdog;
    if (n->fd >= 0 && connections != n->told && n->next_status < next)
        next = n->next_status;
    return next;
}
