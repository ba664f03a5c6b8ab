/*
 * What a viewer has of the poller: the ring and the bell, both to read only.  A listener opens
 * them once, and its viewers inherit them.
 */
#ifndef SERVICE_FEED_H
#define SERVICE_FEED_H

#include <stdbool.h>

#include "service/ring/bell.h"
#include "service/ring/ring.h"

/* The poller, as its readers see it. */
enum feed_poller {
    FEED_NONE,    /* there is no ring, or no bell, or they are closed */
    FEED_DEAD,    /* it died, and none has followed yet */
    FEED_STOPPED, /* it has not been alive for RING_SILENT_MS */
    FEED_ALIVE,
};

struct feed {
    const char *db_path;
    struct ring ring;
    struct bell bell;
};

/* Opens nothing yet.  db_path must outlive it. */
void feed_init(struct feed *f, const char *db_path);

/* Opens what is there now, anew if other files have taken the place of those that are open.
 * Returns 0, or -1: then nothing is open. */
int feed_open(struct feed *f);
void feed_close(struct feed *f);

enum feed_poller feed_poller(const struct feed *f);

#endif
