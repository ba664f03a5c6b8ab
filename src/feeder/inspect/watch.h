/*
 * What the service does, seen from outside: the poller, the age of the ring, the number of
 * connections.  Creates no file, takes no lock, and opens neither the database nor its -wal and
 * -shm.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/files/ring_file.h"

enum watch_ring {
    WATCH_NO_RING,    /* no ring: there was never a connection */
    WATCH_UNREADABLE, /* not permitted to read it */
    WATCH_NOT_A_RING, /* another kind of file or content */
    WATCH_OTHER_RING, /* the ring of a previous database */
    WATCH_RING,
};

struct watch {
    enum watch_ring ring;
    int64_t poller;     /* the poller's process; 0: none; -1: in a container */
    int64_t silence_ms; /* since the poller's last stamp; -1: it has left, or never ran */
    int64_t last_id;    /* the newest row in the ring */
    struct ring_header header;
    int64_t connections; /* waiting for rows */
    int64_t unseen;      /* processes of the service that this user may not inspect */
};

void watch_service(struct watch *w, const char *db_path);

/* The ring's state in feeder status --json. */
const char *watch_ring_name(enum watch_ring ring);
