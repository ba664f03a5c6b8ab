/*
 * DB-ring: the newest rows in a file beside the database that many processes map.
 *
 * The poller, which holds the lock, is the only writer.  Any number of processes map the file
 * read-only, each at a position of its own.  Readers trust nothing: one that finds the ring
 * wrapped, torn, recreated or full of garbage gets RING_LOST and reads the database.
 *
 * The file (base/files/ring_file.h) is a page of headers, RING_CAPACITY bytes of records, and
 * RING_AREA bytes of snapshots.  A position counts all bytes ever written before it; its place
 * is position % capacity.  Records never wrap: padding fills the end.
 *
 * Ordering (C11).  The writer stores `reserved`, the end of what it is about to write; a
 * release fence; the record's words, relaxed; then `head`, release.  A reader loads head,
 * acquire; copies a record's words, relaxed; an acquire fence; then loads reserved.  If any
 * copied word belongs to a later record, the fences make the store of reserved before that word
 * visible to that load: it is more than a capacity ahead of the record's position, and the
 * reader drops the copy.  A writer killed between the two stores leaves reserved ahead of head;
 * its successor never lowers it.  A checksum over position, generation and content detects
 * foreign writes.
 */
#pragma once

#include "base/files/file.h"
#include "base/files/ring_file.h"
#include "service/ring/record.h"

#define RING_NEWEST   (-1)  /* instead of an id */
#define RING_STALE_MS 10000 /* without a writer: the log may have been restored meanwhile */

struct ring {
    int fd; /* -1: closed, or owned by another ring */
    struct file_id file;
    struct ring_header *header;
    char *records;
    uint64_t capacity;
    uint64_t generation, at; /* a reader's: the generation it reads, and its position */
    uint64_t writing, head;  /* the writer's own copies of generation and head */
    bool locked;             /* this is the writer */
};

enum ring_result {
    RING_ROW,   /* a row was copied */
    RING_GAP,   /* the log goes up to row->id; the rows in between are not in the ring */
    RING_EMPTY, /* nothing new */
    RING_LOST,  /* the reader's position is no longer in the ring: join again */
    RING_LARGE, /* the row needs more memory; the reader has not moved */
};

/* Opens DB-ring read-only.  Returns 0, or -1 with errno. */
int ring_open(struct ring *r, const char *db_path);

/* The same for writing, or creates it (beside_make).  Readers reject it until it is
 * formatted. */
int ring_make(struct ring *r, const char *db_path, const char **trouble);
void ring_close(struct ring *r);

/* Whether the path still leads to this file, and its size is unchanged. */
bool ring_in_place(const struct ring *r, const char *db_path);

/* The poller's lock; ring_close and the end of the process release it.  Counts predecessors
 * that did not. */
bool ring_lock(struct ring *r);
void ring_unlock(struct ring *r);
bool ring_is_locked(const struct ring *r); /* by another process */

/* Milliseconds since the writer was last alive; INT64_MAX if it never was. */
int64_t ring_silence(const struct ring *r);

/* For readers: moves to the end of the newest record.  Returns false if this is no ring
 * (yet). */
bool ring_join(struct ring *r);

/* After ring_join: moves back to the first row after id, or to row id itself, if the ring
 * reaches that far; RING_NEWEST: to the newest row or gap. */
bool ring_rewind(struct ring *r, int64_t id);

/*
 * Shared snapshots: the latest message of each of up to CATCHUP_SNAPSHOT_MATCHES matches, so
 * that a connection begins without SQLite, which costs several times a fork.  They form a
 * second ring in the same file.  The writer appends the rows of each (the first one's prev is
 * 0), then a gap: its id is the last row that the snapshot covers, its prev the position in the
 * ring of rows to continue from.  The reader of an older snapshot skips rows that it already
 * has.
 */
struct ring ring_snapshots(const struct ring *r);

/* After joining r: moves s to the beginning of the latest snapshot; whole: of the latest that
 * has every match.  Returns false if there is none. */
bool ring_join_snapshot(struct ring *s, const struct ring *r, bool whole);

/* For the writer: ends a snapshot that begins at `begin` (0: a row was too large, so there is
 * none), covers rows up to last_id and continues at position `at` of the ring of rows. */
void ring_end_snapshot(struct ring *s, uint64_t begin, bool whole, int64_t last_id,
                       uint64_t at);

/* Copies the next row into memory of cap bytes, at least 64; the row's spans point into it.
 * *prev is the id of the preceding row in the log: a reader that has not seen that row has
 * missed something. */
enum ring_result ring_next(struct ring *r, struct row *row, int64_t *prev, uint64_t *memory,
                           size_t cap);

/* Whether ring_next would return anything but RING_EMPTY.  Costs two loads. */
bool ring_has_news(const struct ring *r);

/* For the writer, holding the lock. */

/* Takes over the ring; true if it is intact, of this database, and was without a writer for at
 * most RING_STALE_MS.  *last_id is the newest row in it. */
bool ring_resume(struct ring *r, uint64_t db_device, uint64_t db_inode, int64_t *last_id);

/* Starts over after row last_id; every reader is lost. */
void ring_format(struct ring *r, uint64_t db_device, uint64_t db_inode, int64_t last_id);

/* Invalidates the ring: every reader goes to the database. */
void ring_void(struct ring *r);

/* Whether the header is as this writer left it. */
bool ring_intact(const struct ring *r);

/* Appends a row whose predecessor in the log is prev.  A row that is too large becomes a
 * gap. */
void ring_append(struct ring *r, const struct row *row, int64_t prev);

/* Stamps the ring: the writer is alive, and rows up to `pruned` were deleted. */
void ring_beat(struct ring *r, int64_t pruned);

/* Guards a mapping of a file that others may truncate: touching a page past the file's new end
 * raises SIGBUS.  A process guards one mapping at a time. */

/* From now on, pages of zeros, private to this process, replace missing ones.  Takes over
 * SIGBUS; one raised elsewhere still ends the process. */
void guard_begin(void *mapping, size_t size);

/* Call before unmapping. */
void guard_end(void);

/* Whether a page was missing since guard_begin. */
bool guard_torn(void);
