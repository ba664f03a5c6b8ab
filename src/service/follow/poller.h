/*
 * The one that polls for all: reads new rows from SQLite, appends them to the ring and
 * rings the bell.  Which process that is, is whoever holds the ring's lock: in the
 * forking modes a child of the listener's, else one of the connections.
 *
 * It learns of commits by inotify on the -wal file, which fires when frames are
 * written: shortly before they can be read.  So it then looks again after 25, 50, 100 us
 * and so on.  And since a -wal can be removed and made anew behind a watch, and
 * inotify may be exhausted, it looks every POLLER_LOOK_MS in any case (every
 * POLLER_BLIND_MS without inotify).
 */
#ifndef SERVICE_POLLER_H
#define SERVICE_POLLER_H

#include <stdbool.h>
#include <stdint.h>

#include "service/config.h"
#include "service/ring/bell.h"
#include "service/ring/ring.h"
#include "service/ring/snapshot.h"
#include "service/rows/catchup.h"

#define POLLER_LOOK_MS  100
#define POLLER_BLIND_MS 10
#define POLLER_RING_MS                                                                         \
    3 /* between rings, at least: under a flood of rows, all of what came                      \
       * meanwhile costs each process one wake-up */
#define POLLER_FILL_MS 10000 /* between fillings of the snapshot while the log changes */
#define POLLER_RESUME_MAX                                                                      \
    1000 /* rows that a new poller repeats into the ring; more become a mark */

struct poller {
    const char *db_path;
    struct ring *ring; /* the caller's, whose lock this process holds */
    struct bell *bell;
    struct catchup log;
    struct filter all;
    int inotify; /* to watch along with whatever else; -1: there is none */
    int watch;
    uint64_t wal_inode;
    bool ready;        /* the ring goes on from where the log is read */
    int64_t appended;  /* the newest id in the ring */
    int64_t next_fill; /* of the snapshot, from the database */
    int64_t next_look;
    int64_t last_ring;               /* of the bell */
    bool unheard;                    /* something was appended since */
    int64_t next_check;              /* of whether the files are where they were */
    bool failing;                    /* the database can't be read */
    struct snapshot_writer snapshot; /* 1 MiB, most of it never touched: keep a poller on
                                      * the heap, and do not zero it */
};

/* Takes the ring over.  Call with the lock held.  Not to be moved until poller_stop. */
void poller_start(struct poller *p, const char *db_path, struct ring *ring, struct bell *bell);

/* Releases what it holds, the lock as well, and rings the bell, so that another is elected. */
void poller_stop(struct poller *p);

/* When to call poller_look, if nothing is heard from p->inotify before. */
int64_t poller_deadline(const struct poller *p);

/*
 * Looks for new rows; may take up to 60 ms if inotify had something.  Returns 0, or -1
 * if ring or bell are no longer at their place: stop, open them anew, start again.
 */
int poller_look(struct poller *p);

/* A process that does nothing else, until it is told to stop; an exit code. */
int poller_run(const struct config *config);

#endif
