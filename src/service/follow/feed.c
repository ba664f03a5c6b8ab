/* Wakes all readers at once; opens ring and bell for them, and checks on the poller. */
#include "service/follow/feed.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "base/files/beside.h"

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

void feed_init(struct feed *f, const char *db_path)
{
    *f = (struct feed){.db_path = db_path, .ring.fd = -1, .bell = {-1, -1}};
}

int feed_open(struct feed *f)
{
    const char *trouble;

    if (f->ring.header && ring_in_place(&f->ring, f->db_path) &&
        beside_in_place(f->bell.fd, f->db_path, "-bell"))
        return 0;
    feed_close(f);
    if (ring_open(&f->ring, f->db_path) == 0 &&
        (f->bell.fd = beside_open(f->db_path, "-bell", S_IFIFO, O_RDONLY, &trouble)) >= 0)
        return 0;
    feed_close(f);
    return -1;
}

void feed_close(struct feed *f)
{
    bell_close(&f->bell);
    ring_close(&f->ring);
}

bool feed_is_alive(const struct feed *f)
{
    return f->ring.header && !has_event(f->bell.fd, POLLHUP) &&
           ring_silence(&f->ring) <= RING_SILENT_MS;
}
