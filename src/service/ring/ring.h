/*
 * The newest rows in a file that many processes map: DB-ring, beside the database.
 *
 * One process writes, the one that holds the lock (ring_lock, slot RING_POLLER); any
 * number read, each at its own position, and take nothing away.  Nothing here is
 * trusted: a reader that finds the ring wrapped, torn, re-made or full of
 * garbage is told that it is lost, and reads the database instead.
 *
 * The file (base/ring_file.h) is a header of one page, RING_CAPACITY bytes of records, and
 * RING_AREA bytes for whatever else the writer shares (snapshot.h).  A position is the number
 * of bytes ever written before it; its place is position % capacity.  A record never runs over
 * the end: padding fills what is left there.
 *
 * Ordering (C11).  The writer stores `reserved`, the end of what it is going to
 * write; a release fence; the record's words, relaxed; then `head`, release.  A
 * reader loads head, acquire, so that it sees all words of every record before it;
 * copies a record's words, relaxed; an acquire fence; then loads reserved.  If any of
 * the words it copied is of a later record, the fences make the store of reserved that
 * preceded that word visible to the load that follows the copy; it is then more than a
 * capacity ahead of the record's position, and the copy is thrown away.  A writer that is
 * killed between the two stores leaves reserved ahead of head, and the next one never lowers
 * it.  A checksum over position, generation and content stands for everything that atomics know
 * nothing of: a foreign write into the file.
 *
 * A file that is cut short under a mapping raises SIGBUS; ring_open takes that
 * signal, and has zeros appear in place of what is gone (guard.h).
 */
#ifndef SERVICE_RING_H
#define SERVICE_RING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ring_file.h"
#include "service/ring/record.h"

#define RING_PATH_MAX                                                                          \
    1024 /* bytes of a path, NUL included; with a longer one there is no ring */
#define RING_STALE_MS                                                                          \
    10000 /* without a writer: the log may have been restored, and grown again, meanwhile */

struct ring {
    int fd; /* -1: closed */
    struct ring_header *header;
    uint64_t generation, at; /* a reader's: of what it reads, and how far it is */
    uint64_t writing, head;  /* the writer's: its own copies of generation and head */
    uint64_t device, inode;  /* of the file */
};

enum ring_result {
    RING_ROW,   /* a row was copied */
    RING_MARK,  /* the log goes up to row->id; what is in it is not in the ring */
    RING_EMPTY, /* nothing new */
    RING_LOST,  /* what comes next is not here any more: join anew */
    RING_LARGE, /* the next row needs more memory; the reader stays before it */
};

/*
 * Opens DB-ring, or makes it with the permissions of the database.  Returns 0, or -1 with
 * errno.  A ring that was just made, or is not one, is not valid until a writer
 * formats it.
 */
int ring_open(struct ring *r, const char *db_path);
void ring_close(struct ring *r);

/* Whether the path still leads to this file, and the file is as long as it was. */
bool ring_in_place(const struct ring *r, const char *db_path);

/* Tries to get a lock; it goes with the process, or with ring_close. */
bool ring_lock(struct ring *r, int slot);
void ring_unlock(struct ring *r, int slot);

/* For readers.  ring_join puts the reader behind the newest record; false: this is
 * no ring (yet).  Join first, then read the database, then the ring: so nothing falls
 * between. */
bool ring_join(struct ring *r);

/* After ring_join: back to the first row that follows id, if the ring reaches back so far. */
bool ring_rewind(struct ring *r, int64_t id);

/* Whether the ring holds rows of the database that path leads to now. */
bool ring_is_of(const struct ring *r, const char *db_path);

/* The area beside the records: RING_AREA bytes. */
void *ring_area(const struct ring *r);

/*
 * The next row, copied into memory of cap bytes, at least 64, which its spans then point
 * into; and in *prev the id of the row before it in the log: who has not seen that one
 * has missed something.
 */
enum ring_result ring_next(struct ring *r, struct row *row, int64_t *prev, uint64_t *memory,
                           size_t cap);

/* Whether ring_next would return anything but RING_EMPTY.  Two loads. */
bool ring_has_news(const struct ring *r);

/* How long ago, in ms, the writer was last alive; INT64_MAX if it never was. */
int64_t ring_silence(const struct ring *r);

/* The same of those that look after the writer, each of which says so when it looks. */
int64_t ring_unwatched(const struct ring *r);
void ring_watch(struct ring *r);

/* What the bell was rung for, by whomever: call it after the bell.  A row that is in nobody's
 * bell may have come to all who could ring one, and to nobody else. */
bool ring_announced(const struct ring *r, int64_t id);
void ring_announce(struct ring *r, int64_t id);

/* For the writer, which holds the lock. */

/* Whether the writer said that it leaves, and none has come after it. */
bool ring_left(const struct ring *r);

/* Whether it went without a writer for so long that nobody shall go on from it. */
bool ring_stale(const struct ring *r);

/* Takes over: true if the ring is whole and of this database; then *last_id is the
 * newest row that is in it, and a reader that has not come so far will find out. */
bool ring_resume(struct ring *r, uint64_t db_device, uint64_t db_inode, int64_t *last_id);

/* Begins anew, empty; every reader finds itself lost. */
void ring_format(struct ring *r, uint64_t db_device, uint64_t db_inode, int64_t last_id);

/* Whether the header is as this writer left it. */
bool ring_intact(const struct ring *r);

/* Appends a row whose predecessor in the log is prev; one that is too large becomes a
 * mark. */
void ring_append(struct ring *r, const struct row *row, int64_t prev);

/* I am alive; and: I am not any more, whoever looks shall take over. */
void ring_beat(struct ring *r);
void ring_rest(struct ring *r);

#endif
