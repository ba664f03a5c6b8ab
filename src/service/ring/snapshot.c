/*
 * Keeps the latest messages, shares them one behind the other, so that they lie on few pages,
 * and copies them out whole or not at all.
 */
#include "service/ring/snapshot.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define WORD     sizeof(uint64_t)
#define RETRIES  20    /* of a copy that the writer came between */
#define RETRY_NS 50000 /* 50 us */

struct header {
    _Atomic uint64_t version;    /* odd: being written */
    _Atomic uint64_t generation; /* of the ring that it goes with */
    _Atomic uint64_t n;          /* records */
    _Atomic uint64_t words;      /* that they take */
    _Atomic uint64_t partial;    /* messages that are no record, and missing */
    _Atomic int64_t last_id;
    _Atomic uint64_t at;  /* position in the ring */
    _Atomic uint64_t sum; /* of all of the above: nobody else has written here */
};

/* What a reader takes from the header, all at once. */
struct state {
    uint64_t version, generation, n, words, partial, last_id, at;
};

#define KEY       0    /* of the records' checksums */
#define HEADER    4096 /* bytes of the area that are the header's */
#define WORDS_MAX ((RING_AREA - HEADER) / WORD)

_Static_assert(CATCHUP_SNAPSHOT_MATCHES *SNAPSHOT_SLOT <= RING_AREA - HEADER, "all fit");
_Static_assert(sizeof(struct header) <= HEADER, "the header does, too");

static struct header *header(const struct ring *r)
{
    return ring_area(r);
}

static struct state load(struct header *h)
{
    struct state s = {.version = atomic_load_explicit(&h->version, memory_order_acquire)};

    s.generation = atomic_load_explicit(&h->generation, memory_order_relaxed);
    s.n = atomic_load_explicit(&h->n, memory_order_relaxed);
    s.words = atomic_load_explicit(&h->words, memory_order_relaxed);
    s.partial = atomic_load_explicit(&h->partial, memory_order_relaxed);
    s.last_id = (uint64_t)atomic_load_explicit(&h->last_id, memory_order_relaxed);
    s.at = atomic_load_explicit(&h->at, memory_order_relaxed);
    return s;
}

static uint64_t checksum(const struct state *s)
{
    const uint64_t words[] = {s->version, s->generation, s->n, s->words,
                              s->partial, s->last_id,    s->at};
    uint64_t sum = 0;

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        sum = (sum ^ words[i]) * UINT64_C(0xFF51AFD7ED558CCD);
        sum ^= sum >> 32;
    }
    return sum;
}

static _Atomic uint64_t *records(const struct ring *r)
{
    return (_Atomic uint64_t *)((char *)ring_area(r) + HEADER);
}

void snapshot_init(struct snapshot_writer *w, struct ring *ring)
{
    w->ring = ring;
    w->n = 0;
}

void snapshot_begin(struct snapshot_writer *w, struct ring *ring)
{
    struct header *h = header(ring);

    w->ring = ring;
    atomic_store_explicit(&h->version, atomic_load(&h->version) | 1, memory_order_relaxed);
    atomic_thread_fence(memory_order_release);
}

void snapshot_clear(struct snapshot_writer *w)
{
    w->n = 0;
}

/* The slot that a match's message of that id goes to: its own, a new one, or that of the
 * match that was silent for longest.  -1: it is too old for any.  The slot is taken out of
 * the order. */
static int place(struct snapshot_writer *w, struct span match_id, int64_t id)
{
    size_t at = 0, slot;

    while (at < w->n && !span_is(match_id, w->slots[w->order[at]].match_id))
        at++;
    if (at == w->n && w->n < CATCHUP_SNAPSHOT_MATCHES)
        return (int)w->n; /* slots are used from the first on, and never given up */
    if (at == w->n)
        at = 0;
    slot = w->order[at];
    if (id <= w->slots[slot].id)
        return -1;
    memmove(&w->order[at], &w->order[at + 1], (w->n - at - 1) * sizeof *w->order);
    w->n--;
    return (int)slot;
}

static void put_in_order(struct snapshot_writer *w, int slot)
{
    size_t at = w->n++;

    for (; at > 0 && w->slots[w->order[at - 1]].id > w->slots[slot].id; at--)
        w->order[at] = w->order[at - 1];
    w->order[at] = (uint16_t)slot;
}

void snapshot_put(struct snapshot_writer *w, const struct row *row)
{
    size_t size = record_size(row);
    struct snapshot_slot *slot;
    int i;

    if (!span_is(row->type, "message") || row->match_id.len > MATCH_ID_MAX)
        return;
    i = place(w, row->match_id, row->id);
    if (i < 0)
        return;
    slot = &w->slots[i];
    slot->id = row->id;
    memcpy(slot->match_id, row->match_id.at, row->match_id.len);
    slot->match_id[row->match_id.len] = '\0';
    slot->large = size == 0 || size > SNAPSHOT_SLOT;
    if (!slot->large)
        record_make(slot->record, RECORD_ROW, row, 0, KEY);
    put_in_order(w, i);
}

/* Writes all records out, in order: how many words they take. */
static size_t share(const struct snapshot_writer *w, uint64_t *n)
{
    _Atomic uint64_t *to = records(w->ring);
    size_t words = 0;

    *n = 0;
    for (size_t i = 0; i < w->n; i++) {
        const struct snapshot_slot *slot = &w->slots[w->order[i]];
        size_t size = ((const struct record *)slot->record)->size;
        if (slot->large)
            continue;
        for (size_t k = 0; k < size / WORD; k++)
            atomic_store_explicit(&to[words++], slot->record[k], memory_order_relaxed);
        ++*n;
    }
    return words;
}

void snapshot_end(struct snapshot_writer *w, int64_t last_id)
{
    struct header *h = header(w->ring);
    struct state now;
    uint64_t n;

    atomic_store_explicit(&h->words, share(w, &n), memory_order_relaxed);
    atomic_store_explicit(&h->generation, w->ring->writing, memory_order_relaxed);
    atomic_store_explicit(&h->n, n, memory_order_relaxed);
    atomic_store_explicit(&h->partial, w->n - n, memory_order_relaxed);
    atomic_store_explicit(&h->last_id, last_id, memory_order_relaxed);
    atomic_store_explicit(&h->at, w->ring->head, memory_order_relaxed);
    now = load(h);
    now.version = (now.version | 1) + 1;
    atomic_store_explicit(&h->sum, checksum(&now), memory_order_relaxed);
    atomic_store_explicit(&h->version, now.version, memory_order_release);
}

/* Whether there is something to read, of the ring that this reader has joined. */
static bool begin_reading(const struct ring *r, struct state *s)
{
    struct header *h = header(r);

    *s = load(h);
    return s->version != 0 && s->version % 2 == 0 && s->generation == r->generation &&
           s->n <= CATCHUP_SNAPSHOT_MATCHES && s->words <= WORDS_MAX &&
           atomic_load_explicit(&h->sum, memory_order_relaxed) == checksum(s);
}

static bool end_reading(const struct ring *r, const struct state *s)
{
    atomic_thread_fence(memory_order_acquire);
    return atomic_load_explicit(&header(r)->version, memory_order_relaxed) == s->version;
}

/* One try.  Returns 1, 0 if the writer came between, or -1 if there is none to be had. */
static int try_join(struct ring *r, struct state *s)
{
    if (!ring_join(r))
        return -1;
    if (!begin_reading(r, s) || !end_reading(r, s) || s->at > r->at)
        return 0;
    r->at = s->at;
    return 1;
}

/* Finds the records in what was copied: false if it is not n sound ones. */
static bool find_records(struct snapshot *s, size_t words)
{
    size_t at = 0;

    for (size_t i = 0; i < s->n; i++) {
        const struct record *record = (void *)(s->memory + at);
        if ((words - at) * WORD < sizeof *record ||
            !record_plausible(record, (words - at) * WORD) ||
            !record_sound(s->memory + at, KEY))
            return false;
        s->offsets[i] = (uint32_t)at;
        at += record->size / WORD;
    }
    return at == words;
}

/* Memory for that many words and records, from the system and back to it: malloc would keep
 * the pages.  All of it is written at once, so it is populated at once. */
static bool allocate(struct snapshot *s, const struct state *state)
{
    size_t records = state->words * WORD;
    size_t size = records + (state->n + 1) * sizeof *s->offsets;
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

    if (memory == MAP_FAILED)
        return false;
    s->size = size;
    s->memory = memory;
    s->offsets = (uint32_t *)((char *)memory + records);
    s->n = state->n;
    s->last_id = (int64_t)state->last_id;
    return true;
}

/* One try, as try_join. */
static int try_copy(struct snapshot *s, struct ring *r)
{
    const _Atomic uint64_t *from = records(r);
    struct state state;
    int rc = try_join(r, &state);

    if (rc != 1)
        return rc;
    if (state.partial > 0 || !allocate(s, &state))
        return -1;
    for (size_t i = 0; i < state.words; i++)
        s->memory[i] = atomic_load_explicit(&from[i], memory_order_relaxed);
    if (end_reading(r, &state))
        rc = find_records(s, state.words) ? 1 : -1;
    else
        rc = 0;
    if (rc != 1)
        snapshot_free(s);
    return rc;
}

static void pause_a_little(void)
{
    nanosleep(&(struct timespec){.tv_nsec = RETRY_NS}, NULL);
}

int snapshot_join(struct ring *r, int64_t *last_id)
{
    struct state state;
    int rc = 0;

    for (int i = 0; i < RETRIES && (rc = try_join(r, &state)) == 0; i++)
        pause_a_little();
    if (rc == 1)
        *last_id = (int64_t)state.last_id;
    return rc == 1 ? 0 : -1;
}

int snapshot_copy(struct snapshot *s, struct ring *r)
{
    int rc = 0;

    *s = (struct snapshot){0};
    for (int i = 0; i < RETRIES && (rc = try_copy(s, r)) == 0; i++)
        pause_a_little();
    return rc == 1 ? 0 : -1;
}

void snapshot_row(const struct snapshot *s, size_t i, struct row *row)
{
    int64_t prev = 0;

    record_open(s->memory + s->offsets[i], row, &prev);
}

void snapshot_free(struct snapshot *s)
{
    if (s->memory)
        munmap(s->memory, s->size);
    *s = (struct snapshot){0};
}
