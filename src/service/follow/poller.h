/*
 * The poller: reads new rows from SQLite, appends them to the ring and rings the bell.  It is
 * a process that does nothing else (listen/supervisor.h), and the one that holds the ring's
 * lock.
 *
 * It learns of commits by inotify on the -wal file, which fires when frames are
 * written: shortly before they can be read.  So it then looks again after 25, 50, 100 us
 * and so on.  And since inotify may be exhausted, it looks every POLLER_LOOK_MS in any case
 * (every POLLER_BLIND_MS without inotify).
 */
#ifndef SERVICE_POLLER_H
#define SERVICE_POLLER_H

#include <stdbool.h>
#include <stdint.h>

#include "service/config.h"

/* Between looks; between rings (under a flood of rows, all of what came meanwhile costs each
 * process one wake-up); and between snapshots, of which one of 256 matches costs as much as two
 * rows. */
#define POLLER_LOOK_MS  100
#define POLLER_BLIND_MS 10
#define POLLER_RING_MS  3
#define POLLER_SHARE_MS 100

#define POLLER_READ_MS    2000 /* for one read of the database */
#define POLLER_CHECK_MS   500  /* between looks at the files */
#define POLLER_FRESH_MS   2000 /* between comparisons with a fresh connection */
#define POLLER_QUIET_MS   1000 /* without a row: then one found so had been overlooked */
#define POLLER_LEAVE_MS   1000 /* without a reader, before it leaves, if it may */
#define POLLER_RESUME_MAX 1000 /* rows that a new poller repeats; more become a gap */

struct poller;

/* Opens ring and bell, or makes them, and takes the lock.  NULL if that can't be now: *why says
 * why, in words that do not change. */
struct poller *poller_open(const struct config *config, const char **why);
void poller_close(struct poller *p);

/*
 * Looks for new rows; may take up to 60 ms if inotify had something.  Returns 0, or -1
 * after a line in the log if its files are not what they were: close it, and begin anew.
 */
int poller_look(struct poller *p);

/* Sleeps until it is to look again. */
void poller_wait(const struct poller *p);

/* Whether no reader is left (may be called often): then the lock is given up, and it can only
 * be closed. */
bool poller_has_left(struct poller *p);

#endif
