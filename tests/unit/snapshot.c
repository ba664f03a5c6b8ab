/*
 * The shared snapshot: the latest message of each match, whole and of one moment, or none.
 * A wrong byte in it, or a writer that died in the middle, sends the reader to the
 * database; it never gets less, or older rows, or a cursor that does not go with them.
 */
#include "service/ring/snapshot.h"

#include "rows.h"
#include "tap.h"

static char db[64];
static struct rows_row made;
static struct snapshot_writer writer;
static struct ring ring, reader;
static int64_t head;

static void put(const struct row *row)
{
    head = row->id;
    ring_append(&ring, row, head - 1);
    snapshot_put(&writer, row);
}

/* The newest message of match n of so many. */
static const struct row *message(int64_t id, int n, size_t len)
{
    struct row *row = &made.row;

    rows_sized(&made, id, len);
    snprintf(made.match_id, sizeof made.match_id, "m%d", n);
    row->match_id.len = strlen(made.match_id);
    return row;
}

/* A state of that many matches: match n's message has the id n + 1. */
static void fill(int matches)
{
    ring_format(&ring, 1, 1, 0);
    snapshot_clear(&writer);
    for (int n = 0; n < matches; n++)
        put(message(n + 1, n, (size_t)n));
    snapshot_share(&writer, &ring, head);
}

/* Whether a copy is of these matches, first to last, each as fill made it. */
static bool is_filled(const struct snapshot *s, int first, int last)
{
    if ((int)s->n != last - first + 1 || s->last_id != head)
        return false;
    struct snapshot copy = *s;
    for (int i = 0; i < (int)s->n; i++) {
        struct row row;
        snapshot_row(&copy, &row);
        snapshot_next(&copy);
        if (!rows_same(&row, message(first + i + 1, first + i, (size_t)(first + i))))
            return false;
    }
    return true;
}

static void test_none(void)
{
    struct snapshot s;
    tap_ok(snapshot_copy(&s, &reader) < 0 && !s.memory,
           "there is no snapshot before there is a ring");
    ring_format(&ring, 1, 1, 0);
    tap_ok(snapshot_copy(&s, &reader) < 0, "there is no snapshot in a new ring");
    snapshot_clear(&writer);
    snapshot_share(&writer, &ring, 0);
    tap_ok(snapshot_copy(&s, &reader) == 0 && s.n == 0 && s.last_id == 0,
           "a log without messages has an empty one");
    snapshot_free(&s);
    ring_format(&ring, 1, 1, 0);
    tap_ok(snapshot_copy(&s, &reader) < 0, "it is gone with its ring");
}

static void test_matches(void)
{
    struct snapshot s;

    fill(CATCHUP_SNAPSHOT_MATCHES);
    tap_ok(snapshot_copy(&s, &reader) == 0 && is_filled(&s, 0, CATCHUP_SNAPSHOT_MATCHES - 1),
           "%d matches are all in it, in id order", CATCHUP_SNAPSHOT_MATCHES);
    snapshot_free(&s);
    tap_ok(!ring_has_news(&reader), "the reader of a snapshot is where the ring is");
    fill(CATCHUP_SNAPSHOT_MATCHES + 1);
    tap_ok(snapshot_copy(&s, &reader) < 0, "there is no copy with one match too many");
}

/* It was shared as the ring was then: what has come since is for the reader to go on with. */
static void test_age(void)
{
    uint64_t memory[RECORD_MAX / sizeof(uint64_t)];
    struct snapshot s;
    struct row row;
    int64_t prev;

    fill(3);
    ring_append(&ring, message(4, 0, 40), 3);
    tap_ok(snapshot_copy(&s, &reader) == 0 && s.n == 3 && s.last_id == 3 &&
               ring_next(&reader, &row, &prev, memory, sizeof memory) == RING_ROW &&
               row.id == 4 && prev == 3,
           "the reader of an older snapshot goes on with the row after it");
    snapshot_free(&s);
}

static bool has_copy(int64_t id, size_t len)
{
    struct snapshot s;
    struct row row;
    bool same = false;

    snapshot_share(&writer, &ring, id);
    if (snapshot_copy(&s, &reader) == 0 && snapshot_row(&s, &row))
        same = rows_same(&row, message(id, 0, len));
    snapshot_free(&s);
    return same;
}

static void test_sizes(void)
{
    size_t most = RECORD_ROW_MAX, len = 0, n;

    while (record_size(message(1, 0, most)) == 0)
        most--;
    do {
        ring_format(&ring, 1, 1, 0);
        snapshot_clear(&writer);
        snapshot_put(&writer, message(1, 0, len));
    } while (has_copy(1, len) && (len += len < 300 ? 1 : 61) <= most);
    tap_ok(len > most, "a message of any size that fits a record comes whole");
    snapshot_clear(&writer);
    snapshot_put(&writer, message(1, 0, most + 1));
    tap_ok(!has_copy(1, most + 1), "there is no copy with a message that is no record");
    snapshot_put(&writer, message(1, 0, 1));
    tap_ok(!has_copy(1, 1), "a message that fits does not make up for one that did not");
    snapshot_clear(&writer);
    for (n = 0; (n + 1) * record_size(message(1, 0, most)) <= SNAPSHOT_MAX; n++)
        snapshot_put(&writer, message(1, 0, most));
    tap_ok(has_copy(1, most), "%zu messages of the largest size are shared", n);
    snapshot_put(&writer, message(1, 0, most));
    tap_ok(!has_copy(1, most), "one more than there is room for is not shared");
}

static unsigned char *area(void)
{
    return (unsigned char *)ring.header + RING_PAGE + RING_CAPACITY;
}

static void test_interrupted(void)
{
    _Atomic uint64_t *version = (void *)area();
    struct snapshot s;

    fill(5);
    *version |= 1;
    tap_ok(snapshot_copy(&s, &reader) < 0,
           "there is no snapshot when its writer died in the middle of a change");
    snapshot_share(&writer, &ring, head);
    tap_ok(snapshot_copy(&s, &reader) == 0 && is_filled(&s, 0, 4),
           "the next writer shares the snapshot anew");
    snapshot_free(&s);
}

/* Each bit of the header and of the first slots: no copy, or the right one. */
static void test_bits(void)
{
    unsigned char *bytes = area();
    size_t at, wrong = 0, refused = 0;
    struct snapshot s;

    fill(20);
    for (at = 0; at < 4 * 4096 * 8 && !wrong; at += at < 4096 ? 1 : 61) {
        bytes[at / 8] ^= (unsigned char)(1 << at % 8);
        if (snapshot_copy(&s, &reader) < 0)
            refused++;
        else
            wrong = is_filled(&s, 0, 19) ? 0 : at + 1;
        snapshot_free(&s);
        bytes[at / 8] ^= (unsigned char)(1 << at % 8);
    }
    if (!tap_ok(!wrong, "a wrong bit means no snapshot, never a wrong one"))
        tap_diag("bit %zu", wrong - 1);
    tap_ok(refused > 56 * 8, "%zu wrong bits were noticed", refused);
    tap_ok(snapshot_copy(&s, &reader) == 0 && is_filled(&s, 0, 19), "put right, it is back");
    snapshot_free(&s);
}

/* Sealed by a writer that means the reader no good. */
static void test_position(void)
{
    struct snapshot s;

    fill(3);
    ring.head -= 8;
    snapshot_share(&writer, &ring, head);
    tap_ok(snapshot_copy(&s, &reader) < 0, "a position where no record can begin is refused");
    ring.head += 8;
    snapshot_share(&writer, &ring, head);
    tap_ok(snapshot_copy(&s, &reader) == 0 && is_filled(&s, 0, 2),
           "a snapshot at the ring's own position is taken");
    snapshot_free(&s);
}

int main(void)
{
    rows_scratch(db);
    const char *trouble;

    if (ring_make(&ring, db, &trouble) < 0 || ring_open(&reader, db) < 0) {
        puts("Bail out! no ring");
        return 1;
    }
    test_none();
    test_matches();
    test_age();
    test_sizes();
    test_interrupted();
    test_bits();
    test_position();
    ring_close(&reader);
    ring_close(&ring);
    rows_scratch_free(db);
    return tap_done();
}
