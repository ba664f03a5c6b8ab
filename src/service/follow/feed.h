/*
 * What a viewer has of the poller: the ring and the bell, both to read only.  A listener opens
 * them once, and its viewers inherit them.
 */
#ifndef SERVICE_FEED_H
#define SERVICE_FEED_H

#include <stdbool.h>

#include "service/ring/bell.h"
#include "service/ring/ring.h"

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

/* Whether there is a poller: one that rings the bell, and was alive within RING_SILENT_MS. */
bool feed_is_alive(const struct feed *f);

#endif
