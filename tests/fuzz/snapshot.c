/*
 * Fuzz target: the snapshots beside the ring, as an attacker left them (hostile.h).
 *
 * A reader gets rows in its own memory, no more than fit; and at the end of the snapshot a
 * position in the ring from which it can read on, or it is lost.
 */
#include "hostile.h"

#define HEADER  (RING_PAGE / 2)
#define RECORDS (RING_PAGE + RING_CAPACITY)
#define WRITTEN (12 * 1024)

static uint64_t memory[RECORD_MAX / sizeof(uint64_t)];

static void change(struct script *s)
{
    uint64_t at, op = script_take(s, 1);

    switch (op % 4) {
    case 0: hostile_header(s, HEADER, sizeof(struct ring_header) / sizeof(uint64_t)); break;
    case 1: hostile_bytes(s, RECORDS, op & 128 ? RING_AREA : WRITTEN); break;
    case 2: hostile_header(s, 0, sizeof(struct ring_header) / sizeof(uint64_t)); break;
    default:
        at = script_take(s, 2) % (WRITTEN / 16) * 16;
        hostile_record(s, RECORDS + at, RING_AREA - at,
                       hostile.snapshots.writing ^ at * UINT64_C(0x9E3779B97F4A7C15));
        break;
    }
}

/* Reads while there are rows. */
static enum ring_result follow(struct ring *r, struct row *row, int64_t *at)
{
    enum ring_result result;
    size_t n = 0;

    while ((result = ring_next(r, row, at, memory, sizeof memory)) == RING_ROW) {
        hostile_check_row(row, memory, sizeof memory);
        must(++n <= r->capacity / sizeof(struct record));
    }
    must(result != RING_LARGE);
    return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct script s = {data, size};
    struct ring r, snapshot;
    struct row row;
    int64_t at;
    size_t n;

    hostile_init();
    n = script_take(&s, 1);
    for (size_t i = 0; i < n % (HOSTILE_OPS - 8) && s.len > 0; i++)
        change(&s);
    r = hostile.reader;
    if (ring_join(&r) && ring_join_snapshot(&snapshot, &r, n & 128) &&
        follow(&snapshot, &row, &at) == RING_GAP) {
        r.at = (uint64_t)at;
        follow(&r, &row, &at);
    }
    hostile_restore();
    return 0;
}
