/*
 * Snapshots in the ring's file: each has all its rows, in order, and its position in the ring,
 * or the reader learns that it is lost.
 * tags: both
 */
#include "service/ring/ring.h"

#include "rows.h"
#include "tap.h"

static char db[64];
static struct rows_row made;
static struct ring ring, snapshots, reader, copy;

static void begin(void)
{
    ring_format(&snapshots, 1, 1, 0);
    ring_format(&ring, 1, 1, 0);
}

/* Writes a snapshot of the ids from first to last, at the position last. */
static void share(int64_t first, int64_t last, bool whole)
{
    uint64_t at = snapshots.head;

    for (int64_t id = first; id <= last; id++)
        ring_append(&snapshots, rows_make(&made, id), id > first ? id - 1 : 0);
    ring_end_snapshot(&snapshots, at, whole, last, ring.head);
}

static bool join(bool whole)
{
    return ring_join(&reader) && ring_join_snapshot(&copy, &reader, whole);
}

/* Reads the snapshot.  Returns the number of rows, with ids from first on; -1: it does not end;
 * -2: a row is wrong.  Moves the ring's reader to its position. */
static int64_t read_all(int64_t first, int64_t *last_id)
{
    static uint64_t memory[RECORD_MAX / sizeof(uint64_t)];
    enum ring_result result;
    struct row row;
    int64_t at, n = 0;

    while ((result = ring_next(&copy, &row, &at, memory, sizeof memory)) == RING_ROW)
        if (at != (n > 0 ? row.id - 1 : 0))
            return -1; /* not where it begins */
        else if (row.id != first + n++ || !rows_is_right(&row))
            return -2;
    if (result != RING_GAP)
        return -1;
    *last_id = row.id;
    reader.at = (uint64_t)at;
    return n;
}

static void test_none(void)
{
    int64_t last;

    tap_ok(!join(false), "there is no snapshot before there is a ring");
    begin();
    tap_ok(!join(false), "there is no snapshot in a new ring");
    share(1, 0, true);
    tap_ok(join(false) && read_all(1, &last) == 0 && last == 0,
           "a log without messages has an empty snapshot");
    begin();
    tap_ok(!join(false), "a snapshot is gone with its ring");
    share(1, 3, true);
    ring_end_snapshot(&snapshots, 0, true, 3, ring.head);
    tap_ok(!join(false) && !join(true), "a writer can say that there is no snapshot any more");
    share(1, 3, true);
    ring_void(&ring);
    tap_ok(!join(false), "there is no snapshot of a ring that is void");
}

static void test_latest(void)
{
    int64_t last;

    begin();
    share(1, 256, true);
    tap_ok(join(false) && read_all(1, &last) == 256 && last == 256,
           "256 matches are all in the snapshot, in order");
    tap_ok(!ring_has_news(&reader), "the reader of a snapshot is where the ring was");
    ring_append(&ring, rows_make(&made, 257), 256);
    tap_ok(join(true) && read_all(1, &last) == 256 && ring_has_news(&reader),
           "the reader of an older snapshot goes on with what came after it");
    share(2, 257, false);
    tap_ok(join(false) && read_all(2, &last) == 256 && last == 257,
           "a reader gets the latest snapshot");
    tap_ok(!join(true), "there is no whole snapshot when the latest lacks a match");
}

/* For how many further snapshots a reader's own stays readable. */
static void test_laps(void)
{
    int64_t last, n = 0;
    struct ring old;

    begin();
    share(1, 200, true);
    join(false);
    old = copy;
    while (n < 1000 && read_all(1, &last) == 200) {
        share(1, 200, true);
        copy = old;
        n++;
    }
    copy = old;
    tap_ok(n > 1 && n < 1000 && read_all(1, &last) == -1,
           "a reader is lost when %d further snapshots came", (int)n);
    tap_ok(join(false) && read_all(1, &last) == 200,
           "the latest snapshot is there on each lap");
    share(1, 5000, true);
    tap_ok(join(false) && read_all(1, &last) == -1,
           "the reader of a snapshot that there is no room for is lost");
}

/* Killed before it ended the snapshot. */
static void test_interrupted(void)
{
    int64_t last;

    begin();
    share(1, 5, true);
    ring_append(&snapshots, rows_make(&made, 6), 0);
    tap_ok(join(false) && read_all(1, &last) == 5 && last == 5,
           "the snapshot before is read while the next one is written");
}

/* Each bit of the header and of the first records: no snapshot, no end, or the right one. */
static void test_bits(void)
{
    unsigned char *bytes = (unsigned char *)ring.header;
    size_t at, wrong = 0, refused = 0;
    int64_t last;

    begin();
    share(1, 20, true);
    for (at = RING_PAGE / 2 * 8; at < (RING_PAGE + RING_CAPACITY + 16384) * 8 && !wrong;
         at = at == RING_PAGE / 2 * 8 + sizeof(struct ring_header) * 8
                  ? (RING_PAGE + RING_CAPACITY) * 8
                  : at + (at < RING_PAGE * 8 ? 1 : 61)) {
        bytes[at / 8] ^= (unsigned char)(1 << at % 8);
        int64_t n = join(false) ? read_all(1, &last) : -1;
        refused += n == -1;
        if (n != -1 && (n != 20 || last != 20))
            wrong = at;
        bytes[at / 8] ^= (unsigned char)(1 << at % 8);
    }
    if (!tap_ok(!wrong, "a wrong bit means no snapshot, never a wrong one"))
        tap_diag("bit %zu", wrong);
    tap_ok(refused > 56 * 8, "%zu wrong bits were noticed", refused);
    tap_ok(join(false) && read_all(1, &last) == 20,
           "a snapshot whose wrong bit is put right is back");
}

/* With checksums, by a malicious writer. */
static void test_position(void)
{
    uint64_t memory[8];
    struct row row;
    int64_t at, last;

    begin();
    ring_end_snapshot(&snapshots, snapshots.head, true, 0, ring.head - 8);
    tap_ok(join(false) && read_all(1, &last) == 0 &&
               ring_next(&reader, &row, &at, memory, sizeof memory) == RING_LOST,
           "a position where no record can begin is refused");
}

int main(void)
{
    rows_scratch(db);
    const char *trouble;

    if (ring_make(&ring, db, &trouble) < 0 || ring_open(&reader, db) < 0) {
        puts("Bail out! no ring");
        return 1;
    }
    snapshots = ring_snapshots(&ring);
    test_none();
    test_latest();
    test_laps();
    test_interrupted();
    test_bits();
    test_position();
    ring_close(&reader);
    ring_close(&ring);
    rows_scratch_free(db);
    return tap_done();
}
