/*
 * Fuzz target: the snapshot beside the ring, as a process left it that means the others no good
 * (hostile.h).
 *
 * A reader gets all of it or nothing: at most so many messages, each in its own memory, and a
 * position in the ring from which it can read on.
 */
#include "hostile.h"

#define AREA (RING_PAGE + RING_CAPACITY)
#define RECORDS                                                                                \
    (AREA + 4096) /* behind the header, which is the words of service/ring/snapshot.c */
#define WRITTEN (12 * 1024)

enum { VERSION, GENERATION, N, WORDS, LAST_ID, AT, SUM, HEADER_WORDS };

static uint64_t memory[RECORD_MAX / sizeof(uint64_t)];

static void seal(void)
{
    uint64_t header[HEADER_WORDS], sum = 0;

    memcpy(header, hostile.file + AREA, sizeof header);
    for (int i = 0; i < SUM; i++)
        sum = hostile_mix(sum, header[i]);
    memcpy(hostile_at(AREA + SUM * sizeof sum, sizeof sum), &sum, sizeof sum);
}

static void change(struct script *s)
{
    uint64_t at, op = script_take(s, 1);

    switch (op % 4) {
    case 0: hostile_header(s, AREA, HEADER_WORDS); break;
    case 1: hostile_bytes(s, AREA, op & 128 ? RING_AREA : WRITTEN); break;
    case 2: hostile_header(s, 0, sizeof(struct ring_header) / sizeof(uint64_t)); break;
    default:
        at = script_take(s, 2) % (WRITTEN / 16) * 16;
        hostile_record(s, RECORDS + at, RING_AREA - 4096 - at, 0);
        break;
    }
}

static void check_copy(struct snapshot *s)
{
    struct row row;
    size_t n = 0;

    must(s->n <= CATCHUP_SNAPSHOT_MATCHES);
    for (; snapshot_row(s, &row); snapshot_next(s)) {
        hostile_check_row(&row, s->memory, s->words * sizeof *s->memory);
        must(++n <= s->n);
    }
    must(n == s->n);
}

/* On from where the snapshot ends. */
static void check_follow(struct ring *r)
{
    struct row row;
    int64_t prev;
    enum ring_result result;
    size_t n = 0;

    must(r->at % RECORD_ALIGN == 0);
    while ((result = ring_next(r, &row, &prev, memory, sizeof memory)) == RING_ROW ||
           result == RING_GAP) {
        hostile_check_row(&row, memory, sizeof memory);
        must(++n <= RING_CAPACITY / sizeof(struct record));
    }
    must(result == RING_EMPTY || result == RING_LOST);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct script s = {data, size};
    struct ring r;
    struct snapshot copy;
    size_t n;

    hostile_init();
    n = script_take(&s, 1);
    for (size_t i = 0; i < n % (HOSTILE_OPS - 8) && s.len > 0; i++)
        change(&s);
    if (n < 224)
        seal();
    r = hostile.reader;
    if (snapshot_copy(&copy, &r) == 0) {
        check_copy(&copy);
        check_follow(&r);
        snapshot_free(&copy);
    }
    hostile_restore();
    return 0;
}
