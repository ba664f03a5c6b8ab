/* Opens ring and bell, and checks on the poller. */
#include "service/follow/feed.h"

#include "base/beside.h"

void feed_init(struct feed *f, const char *db_path)
{
    *f = (struct feed){.db_path = db_path, .ring.fd = -1, .bell = {-1, -1}};
}

int feed_open(struct feed *f)
{
    if (f->ring.header && ring_in_place(&f->ring, f->db_path) &&
        beside_in_place(f->bell.fd, f->db_path, "-bell"))
        return 0;
    feed_close(f);
    if (ring_open(&f->ring, f->db_path) == 0 && bell_open(&f->bell, f->db_path) == 0)
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
    return f->ring.header && !bell_is_dead(&f->bell) &&
           ring_silence(&f->ring) <= RING_SILENT_MS;
}
