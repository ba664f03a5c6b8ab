/* Wakes all readers at once. */
#include "service/ring/bell.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/beside.h"

int bell_open(struct bell *b, const char *db_path)
{
    const char *trouble;

    b->write = -1;
    b->fd = beside_open(db_path, "-bell", S_IFIFO, O_RDONLY, &trouble);
    return b->fd < 0 ? -1 : 0;
}

/* Opens the read end first: a FIFO can't be opened for writing without a reader. */
int bell_make(struct bell *b, const char *db_path, const char **trouble)
{
    const char *ignored;

    b->write = -1;
    b->fd = beside_make(db_path, "-bell", S_IFIFO, O_RDONLY, trouble);
    if (b->fd >= 0)
        b->write = beside_open(db_path, "-bell", S_IFIFO, O_WRONLY, &ignored);
    if (b->write >= 0)
        return 0;
    bell_close(b);
    return -1;
}

void bell_close(struct bell *b)
{
    if (b->fd >= 0)
        close(b->fd);
    if (b->write >= 0)
        close(b->write);
    b->fd = b->write = -1;
}

static bool has_event(int fd, short event)
{
    struct pollfd poll_fd = {.fd = fd};

    return poll(&poll_fd, 1, 0) == 1 && (poll_fd.revents & event);
}

bool bell_is_dead(const struct bell *b)
{
    return has_event(b->fd, POLLHUP);
}

/* Drains the FIFO first: only a write makes an edge, and a full FIFO takes none. */
void bell_ring(const struct bell *b)
{
    char dropped[512];

    while (read(b->fd, dropped, sizeof dropped) == sizeof dropped)
        ;
    if (write(b->write, "", 1) < 0)
        return; /* all readers have gone */
}

bool bell_is_alone(struct bell *b, const char *db_path)
{
    const char *ignored;
    bool alone;

    close(b->fd);
    alone = has_event(b->write, POLLERR);
    b->fd = beside_open(db_path, "-bell", S_IFIFO, O_RDONLY, &ignored);
    return alone;
}
