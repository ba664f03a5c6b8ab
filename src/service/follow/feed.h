/*
 * A viewer's access to the poller: the ring and the bell, both read-only.  A listener opens
 * them once; its viewers inherit them.
 */
#pragma once

#include "service/ring/bell.h"
#include "service/ring/ring.h"

struct feed {
    const char *db_path;
    struct ring ring;
    struct bell bell;
};

/* Opens nothing yet.  db_path must outlive the feed. */
void feed_init(struct feed *f, const char *db_path);

/* Opens ring and bell, again if other files have replaced them.  Returns 0, or -1 with neither
 * open. */
int feed_open(struct feed *f);
void feed_close(struct feed *f);

/* Whether a poller holds the bell open and was alive within the last RING_SILENT_MS. */
bool feed_is_alive(const struct feed *f);
