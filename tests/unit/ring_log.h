/*
 * A log, a ring that holds its end, a writer and a reader, in one process: what the tests of
 * the ring share.
 *
 * The code under test is included, so that a test can be a writer that was killed between two
 * stores, and somebody else who writes into the header.
 */
#ifndef UNIT_RING_LOG_H
#define UNIT_RING_LOG_H

#include "service/ring/ring.c" // NOLINT(bugprone-suspicious-include)

#include "rows.h"
#include "tap.h"

#define DEVICE 7
#define INODE  11

static char db[64], ring_file[80];
static struct rows_row made;

/* One that follows a log whose ids are 1, 2, 3 ...: the ring, and where that fails the
 * "database", which has every row up to head. */
struct reader {
    struct ring ring;
    int64_t cursor;
    bool live;
    int lost, rows;
    const char *wrong;
    uint64_t memory[RECORD_MAX / sizeof(uint64_t)];
};

static struct reader reader;
static struct ring writer;
static int64_t head; /* of the log */

static inline void join(struct reader *x)
{
    x->live = ring_join(&x->ring);
    x->cursor = head;
}

static inline void take(struct reader *x, const struct row *row, int64_t prev, bool gap)
{
    if (row->id <= x->cursor)
        return;
    if (prev > x->cursor || gap) {
        x->live = false;
        return;
    }
    if (row->id != x->cursor + 1)
        x->wrong = "a row is missing";
    else if (!rows_is_right(row))
        x->wrong = "a row is not what was written";
    x->rows++;
    x->cursor = row->id;
}

/* Reads all there is: true if that was right, and everything. */
static inline bool follow(struct reader *x)
{
    for (int again = 0; again < 3; again += !x->live) {
        struct row row = {0};
        int64_t prev = 0;
        if (!x->live)
            join(x);
        if (!x->live)
            break;
        enum ring_result result = ring_next(&x->ring, &row, &prev, x->memory, sizeof x->memory);
        if (result == RING_EMPTY)
            break;
        if (result == RING_LOST || result == RING_LARGE) {
            x->live = false;
            x->lost++;
        } else {
            take(x, &row, prev, result == RING_GAP);
        }
    }
    /* A writer that is killed may have published one row more than it has noted. */
    if (!x->wrong && (x->cursor < head || x->cursor > head + 1))
        x->wrong = "it believes to be up to date, and is not";
    return !x->wrong;
}

static inline int make(struct ring *r)
{
    const char *trouble;

    return ring_make(r, db, &trouble);
}

static inline void format(int64_t last_id)
{
    ring_format(&writer, DEVICE, INODE, last_id);
    ring_beat(&writer, 0);
}

static inline void begin(void)
{
    if (make(&writer) < 0 || ring_open(&reader.ring, db) < 0) {
        puts("Bail out! no ring");
        exit(1);
    }
    head = 0;
    format(head);
    reader.wrong = NULL;
    reader.lost = reader.rows = 0;
    join(&reader);
}

static inline void end(void)
{
    ring_close(&writer);
    ring_close(&reader.ring);
    unlink(ring_file);
}

static inline void append_next(size_t len)
{
    head++;
    ring_append(&writer, rows_sized(&made, head, len), head - 1);
}

/* A process has one ring, and catches SIGBUS for that: here it is this one for now. */
static inline void guard(const struct ring *r)
{
    guard_begin(r->header, RING_FILE_SIZE);
}

/* As the poller does before it appends. */
static inline void write_rows(int n)
{
    int64_t last_id;

    if (!ring_intact(&writer) &&
        (!ring_resume(&writer, DEVICE, INODE, &last_id) || last_id > head))
        format(head);
    for (int i = 0; i < n; i++) {
        head++;
        ring_append(&writer, rows_make(&made, head), head - 1);
    }
}

/* A poller that was killed has a successor, which goes on from where the ring ends, unless that
 * has been silent for long. */
static inline bool take_over(void)
{
    int64_t id = head;
    bool resumed;

    ring_close(&writer);
    if (make(&writer) < 0) {
        puts("Bail out! no ring");
        exit(1);
    }
    resumed = ring_resume(&writer, DEVICE, INODE, &id) && id <= head;
    if (!resumed)
        format(id = head);
    ring_beat(&writer, 0);
    while (id < head) {
        id++;
        ring_append(&writer, rows_make(&made, id), id - 1);
    }
    return resumed;
}

static inline void ring_log_init(void)
{
    rows_scratch(db);
    snprintf(ring_file, sizeof ring_file, "%s-ring", db);
}

#endif
