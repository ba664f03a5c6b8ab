/*
 * The poller reads new rows from SQLite, appends them to the ring and rings the bell.  It is a
 * process of its own, and holds the ring's lock.  It learns of commits from inotify on the -wal
 * file, and looks every POLLER_LOOK_MS in any case, or every POLLER_BLIND_MS without inotify.
 */
#pragma once

#include "service/config.h"

/* Between looks; between rings (in a flood of rows, one wake-up per process covers all that
 * came meanwhile); between snapshots, where one of 256 matches costs as much as two rows. */
#define POLLER_LOOK_MS  100
#define POLLER_BLIND_MS 10
#define POLLER_RING_MS  3
#define POLLER_SHARE_MS 100

#define POLLER_READ_MS    2000 /* for one read of the database */
#define POLLER_CHECK_MS   500  /* between checks of the files */
#define POLLER_FRESH_MS   2000 /* between comparisons with a fresh connection */
#define POLLER_QUIET_MS   1000 /* without rows: a fresh connection should find none */
#define POLLER_LEAVE_MS   1000 /* without a reader, before the poller may leave */
#define POLLER_RESUME_MAX 1000 /* rows to catch up on; with more, a new poller starts over */

struct poller;

/* Opens or creates ring and bell, and takes the lock.  Returns NULL if that fails, and why: the
 * same pointer for the same reason. */
struct poller *poller_open(const struct config *config, const char **why);
extern const char poller_elsewhere[]; /* why, when another process is the poller */
void poller_close(struct poller *p);

/* Looks for new rows; takes up to 60 ms after an inotify event.  Returns 0, or -1 after logging
 * that a file was replaced: close the poller and open it again. */
int poller_look(struct poller *p);

/* Sleeps until the next look. */
void poller_wait(const struct poller *p);

/* Whether no reader is left; may be called often.  If true, the lock is released, and
 * poller_close is the only call left. */
bool poller_has_left(struct poller *p);
