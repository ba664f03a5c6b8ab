/*
 * Fuzz target: the ring, as an attacker left it (hostile.h).
 *
 * Whatever the file says, a reader takes no more rows than a ring can hold, each in its own
 * memory, and terminates.  So does the next writer, whose rows can be read.
 */
#include "hostile.h"

#define WRITTEN                                                                                \
    (RING_PAGE + 16 * 1024) /* where the newest rows of the base are, and a little more */

static uint64_t memory[RECORD_MAX / sizeof(uint64_t)];

/* A position: of one of the base's records, after the newest, near these, or any. */
static uint64_t position(struct script *s)
{
    uint64_t how = script_take(s, 1), head = hostile.writer.head;

    return how < 160   ? hostile.starts[how % HOSTILE_ROWS]
           : how < 220 ? head
           : how < 250 ? head + script_take(s, 2) * RECORD_ALIGN - RING_CAPACITY / 2
                       : script_take(s, 8);
}

static void change(struct script *s)
{
    uint64_t at, op = script_take(s, 1);

    switch (op % 4) {
    case 0: hostile_header(s, 0, sizeof(struct ring_header) / sizeof(uint64_t)); break;
    case 1: hostile_bytes(s, 0, op & 128 ? RING_PAGE + RING_CAPACITY : WRITTEN); break;
    default:
        at = position(s);
        hostile_record(s, hostile_place(at), RING_CAPACITY - at % RING_CAPACITY,
                       hostile_key(at));
        break;
    }
}

/* Follows the ring from the reader's position; returns the number of rows and gaps. */
static uint64_t follow(struct ring *r, size_t cap)
{
    struct row row;
    int64_t prev;
    uint64_t n = 0, from = r->at;
    enum ring_result result;

    while ((result = ring_next(r, &row, &prev, memory, cap)) == RING_ROW ||
           result == RING_GAP) {
        hostile_check_row(&row, memory, cap);
        must(++n <= RING_CAPACITY / sizeof(struct record));
    }
    must(r->at - from <= 2 * RING_CAPACITY);
    must(result == RING_EMPTY || result == RING_LOST ||
         (result == RING_LARGE && cap < RECORD_MAX));
    return n;
}

/* A reader that had joined before, at one of the base's records. */
static void read_on(uint64_t how, size_t cap)
{
    struct ring r = hostile.reader;

    r.generation = hostile.writer.writing;
    r.at = hostile.starts[how % HOSTILE_ROWS];
    follow(&r, cap);
}

/* A reader that joins now. */
static void read_back(int64_t id, size_t cap)
{
    struct ring r = hostile.reader;

    if (!ring_join(&r))
        return;
    must(r.at % RECORD_ALIGN == 0 && !ring_has_news(&r));
    if (ring_rewind(&r, id))
        follow(&r, cap);
    must(r.at % RECORD_ALIGN == 0);
}

static void read_it(struct script *s)
{
    uint64_t how = script_take(s, 1);
    size_t cap = how & 2 ? 64 + how / 4 * 16 : sizeof memory;

    read_back(how & 1 ? (int64_t)script_take(s, 8) : (int64_t)script_take(s, 1) - 1, cap);
    read_on(how / 4, cap);
    must(ring_silence(&hostile.reader) >= 0);
}

/* The bytes that a writer will write, whether it continues or starts over. */
static void expect_writes(void)
{
    uint64_t head;

    memcpy(&head, hostile.file + offsetof(struct ring_header, head), sizeof head);
    hostile_at(0, RING_PAGE);
    hostile_at(RING_PAGE, 1024);
    head -= head % RECORD_ALIGN;
    uint64_t room = RING_CAPACITY - head % RING_CAPACITY;
    hostile_at(hostile_place(head), room < 1024 ? room : 1024);
}

/* The next writer continues, or starts over. */
static void write_it(void)
{
    struct ring w = hostile.writer, r = hostile.reader;
    struct row row = {.id = 4711, .type = span_of("goal"), .data = span_of("{}")}, got;
    int64_t last = 0, prev;

    expect_writes();
    ring_beat(&w, 0); /* or ring_resume would take the base for too old */
    if (!ring_resume(&w, 1, 1, &last))
        ring_format(&w, 1, 1, last = 7);
    must(ring_intact(&w) && ring_join(&r));
    ring_append(&w, &row, last);
    if (w.head < r.at)
        return; /* positions wrapped, after 2^64 bytes */
    must(ring_next(&r, &got, &prev, memory, sizeof memory) == RING_ROW);
    must(got.id == row.id && prev == last && span_is(got.data, "{}"));
    must(ring_next(&r, &got, &prev, memory, sizeof memory) == RING_EMPTY);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct script s = {data, size};
    size_t n;

    hostile_init();
    n = script_take(&s, 1);
    for (size_t i = 0; i < n % (HOSTILE_OPS - 8) && s.len > 0; i++)
        change(&s);
    read_it(&s);
    if (n >= 128)
        write_it();
    hostile_restore();
    return 0;
}
