/*
 * The newest rows in a file that many processes map: DB-ring, beside the database.
 *
 * One process writes, the poller, which holds the lock; any number read, each at its own
 * position, and can't write.  A reader trusts nothing: if it finds the ring wrapped,
 * torn, made anew or full of garbage, it is told that it is lost, and reads the database.
 *
 * The file (base/ring_file.h) is a page of headers, RING_CAPACITY bytes of records, and
 * RING_AREA bytes of snapshots.  A position is the number of bytes ever
 * written before it; its place is position % capacity.  A record never runs over the end:
 * padding fills what is left there.
 *
 * Ordering (C11).  The writer stores `reserved`, the end of what it is going to
 * write; a release fence; the record's words, relaxed; then `head`, release.  A
 * reader loads head, acquire, so that it sees all words of every record before it;
 * copies a record's words, relaxed; an acquire fence; then loads reserved.  If any of
 * the words it copied is of a later record, the fences make the store of reserved that
 * preceded that word visible to the load that follows the copy; it is then more than a
 * capacity ahead of the record's position, and the copy is thrown away.  A writer that is
 * killed between the two stores leaves reserved ahead of head, and the next one never lowers
 * it.  A checksum over position, generation and content finds a foreign write into the file.
 *
 * A file that is cut short under a mapping raises SIGBUS: guard.h takes that signal.
 */
#ifndef SERVICE_RING_H
#define SERVICE_RING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ring_file.h"
#include "service/ring/record.h"

#define RING_NEWEST   (-1)  /* in place of an id */
#define RING_STALE_MS 10000 /* without a writer: meanwhile the log may have been restored */

struct ring {
    int fd; /* -1: closed, or another's */
    struct ring_header *header;
    char *records;
    uint64_t capacity;
    uint64_t generation, at; /* a reader's: of what it reads, and how far it is */
    uint64_t writing, head;  /* the writer's: its own copies of generation and head */
};

enum ring_result {
    RING_ROW,   /* a row was copied */
    RING_GAP,   /* the log goes up to row->id; what is in it is not in the ring */
    RING_EMPTY, /* nothing new */
    RING_LOST,  /* what comes next is not here any more: join anew */
    RING_LARGE, /* the next row needs more memory; the reader stays before it */
};

/* Opens DB-ring to read.  Returns 0, or -1 with errno. */
int ring_open(struct ring *r, const char *db_path);

/* Opens it to write, or makes it (beside_make).  It is no ring until it is formatted. */
int ring_make(struct ring *r, const char *db_path, const char **trouble);
void ring_close(struct ring *r);

/* Whether the path still leads to this file, and the file is as long as it was. */
bool ring_in_place(const struct ring *r, const char *db_path);

/* The poller's lock.  It goes with the process, or with ring_close. */
bool ring_lock(struct ring *r);
void ring_unlock(struct ring *r);
bool ring_is_locked(const struct ring *r); /* by another process */

/* How long ago, in ms, the writer was last alive; INT64_MAX if it never was. */
int64_t ring_silence(const struct ring *r);

/* For readers.  ring_join puts the reader behind the newest record; false: this is
 * no ring (yet).  Join first, then read the database, then the ring: so nothing falls
 * between. */
bool ring_join(struct ring *r);

/* After ring_join: back to where the rows after id begin, or to that row itself, if the ring
 * reaches back so far; RING_NEWEST: to the newest row or gap. */
bool ring_rewind(struct ring *r, int64_t id);

/*
 * Snapshots, shared: the latest message of each of up to CATCHUP_SNAPSHOT_MATCHES matches.  So
 * a connection can begin without SQLite: to open and ask a database costs several times what
 * forking a process does, and 10,000 may come at once.  They are a ring in the same file, one
 * snapshot behind the other, in which the writer appends the rows of each, the first of which
 * follows on 0, and a gap that ends it: its id is the row up to which the snapshot goes, its
 * prev the position in the ring of rows that a reader goes on from.  A snapshot that is a
 * little old names an older position; what its reader has already, it passes over.
 */
struct ring ring_snapshots(const struct ring *r);

/* After ring_join of r: puts s where the latest snapshot begins; whole: one that has every
 * match. False: there is none. */
bool ring_join_snapshot(struct ring *s, const struct ring *r, bool whole);

/* For the writer: what it appended from begin on (0: there is none) is the snapshot up to
 * last_id, from which the ring goes on at that position. */
void ring_end_snapshot(struct ring *s, uint64_t begin, bool whole, int64_t last_id,
                       uint64_t at);

/*
 * The next row, copied into memory of cap bytes, at least 64, which its spans then point
 * into; and in *prev the id of the row before it in the log: a reader that has not seen that
 * one has missed something.
 */
enum ring_result ring_next(struct ring *r, struct row *row, int64_t *prev, uint64_t *memory,
                           size_t cap);

/* Whether ring_next would return anything but RING_EMPTY.  Two loads. */
bool ring_has_news(const struct ring *r);

/* For the writer, which holds the lock. */

/* Takes over: true if the ring is whole, of this database, and not without a writer for
 * RING_STALE_MS; then *last_id is the newest row that is in it, and a reader that has not come
 * so far will find out. */
bool ring_resume(struct ring *r, uint64_t db_device, uint64_t db_inode, int64_t *last_id);

/* Begins anew behind the row last_id; every reader finds itself lost. */
void ring_format(struct ring *r, uint64_t db_device, uint64_t db_inode, int64_t last_id);

/* Makes it no ring: every reader goes to the database. */
void ring_void(struct ring *r);

/* Whether the header is as this writer left it. */
bool ring_intact(const struct ring *r);

/* Appends a row whose predecessor in the log is prev; one that is too large becomes a gap. */
void ring_append(struct ring *r, const struct row *row, int64_t prev);

/* The writer is alive, and knows that rows up to pruned were deleted. */
void ring_beat(struct ring *r, int64_t pruned);

#endif
