/*
 * What the service is doing, as seen from outside: who polls, how fresh the ring is, and
 * how many connections there are.  Only looks: makes no file, takes no lock, opens
 * neither the database nor its -wal and -shm.
 */
#ifndef FEEDER_WATCH_H
#define FEEDER_WATCH_H

#include <stdbool.h>
#include <stdint.h>

enum watch_ring {
    WATCH_NO_RING,    /* there is none: nobody was ever connected */
    WATCH_UNREADABLE, /* it may not be read */
    WATCH_NOT_A_RING, /* something else has its name, or is in it */
    WATCH_OTHER_RING, /* it is of a database that was here before */
    WATCH_RING,
};

struct watch {
    enum watch_ring ring;
    int64_t poller;      /* the process that polls; 0: none does; -1: one in a container */
    int64_t silence_ms;  /* since the poller was last alive; -1: it has left, or never was */
    int64_t last_id;     /* the newest row in the ring */
    int64_t connections; /* that wait for rows */
    int64_t unseen;      /* processes of the service that this user may not look into */
};

void watch_service(struct watch *w, const char *db_path);

/* The word for it in feeder status --json. */
const char *watch_ring_name(enum watch_ring ring);

#endif
