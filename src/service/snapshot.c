/* Keeps the latest messages in shared slots, and copies them out whole or not at all. */
#include "service/snapshot.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define WORD     sizeof(uint64_t)
#define RETRIES  20    /* of a copy that the writer came between */
#define RETRY_NS 50000 /* 50 us */

#define COPY_SIZE (CATCHUP_SNAPSHOT_MATCHES * (SNAPSHOT_SLOT + sizeof(struct snapshot_entry)))

struct header {
    _Atomic uint64_t version;    /* odd: being written */
    _Atomic uint64_t generation; /* of the ring that it goes with */
    _Atomic uint64_t n;          /* slots in use, the first ones */
    _Atomic uint64_t partial;    /* of those, messages that did not fit */
    _Atomic int64_t last_id;
    _Atomic uint64_t at;  /* position in the ring */
    _Atomic uint64_t sum; /* of all of the above: nobody else has written here */
};

/* What a reader takes from the header, all at once. */
struct state {
    uint64_t version, generation, n, partial, last_id, at;
};

_Static_assert((CATCHUP_SNAPSHOT_MATCHES + 1) * SNAPSHOT_SLOT <= RING_AREA, "all slots fit");
_Static_assert(sizeof(struct header) <= SNAPSHOT_SLOT, "the header takes a slot's place");

static struct header *header(const struct ring *r)
{
    return ring_area(r);
}

static struct state load(struct header *h)
{
    struct state s = {.version = atomic_load_explicit(&h->version, memory_order_acquire)};

    s.generation = atomic_load_explicit(&h->generation, memory_order_relaxed);
    s.n = atomic_load_explicit(&h->n, memory_order_relaxed);
    s.partial = atomic_load_explicit(&h->partial, memory_order_relaxed);
    s.last_id = (uint64_t)atomic_load_explicit(&h->last_id, memory_order_relaxed);
    s.at = atomic_load_explicit(&h->at, memory_order_relaxed);
    return s;
}

static uint64_t checksum(const struct state *s)
{
    const uint64_t words[] = {s->version, s->generation, s->n, s->partial, s->last_id, s->at};
    uint64_t sum = 0;

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        sum = (sum ^ words[i]) * UINT64_C(0xFF51AFD7ED558CCD);
        sum ^= sum >> 32;
    }
    return sum;
}

static _Atomic uint64_t *slot(const struct ring *r, size_t i)
{
    return (_Atomic uint64_t *)((char *)ring_area(r) + (i + 1) * SNAPSHOT_SLOT);
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

/* Where a match's message goes: its slot, a new one, or that of the match that was
 * silent for longest. */
static size_t place(struct snapshot_writer *w, struct span match_id)
{
    size_t oldest = 0;

    for (size_t i = 0; i < w->n; i++) {
        if (span_is(match_id, w->slots[i].match_id))
            return i;
        if (w->slots[i].id < w->slots[oldest].id)
            oldest = i;
    }
    if (w->n < CATCHUP_SNAPSHOT_MATCHES)
        oldest = w->n++;
    w->slots[oldest].id = 0;
    memcpy(w->slots[oldest].match_id, match_id.at, match_id.len);
    w->slots[oldest].match_id[match_id.len] = '\0';
    return oldest;
}

void snapshot_put(struct snapshot_writer *w, const struct row *row)
{
    uint64_t memory[SNAPSHOT_SLOT / WORD];
    size_t i, size = record_size(row);
    _Atomic uint64_t *to;

    if (!span_is(row->type, "message") || row->match_id.len > MATCH_ID_MAX)
        return;
    i = place(w, row->match_id);
    if (row->id <= w->slots[i].id)
        return;
    w->slots[i].id = row->id;
    w->slots[i].large = size == 0 || size > SNAPSHOT_SLOT;
    if (w->slots[i].large)
        return;
    record_make(memory, RECORD_ROW, row, 0, i);
    to = slot(w->ring, i);
    for (size_t k = 0; k < size / WORD; k++)
        atomic_store_explicit(&to[k], memory[k], memory_order_relaxed);
}

void snapshot_end(struct snapshot_writer *w, int64_t last_id)
{
    struct header *h = header(w->ring);
    uint64_t partial = 0;
    struct state now;

    for (size_t i = 0; i < w->n; i++)
        partial += w->slots[i].large;
    atomic_store_explicit(&h->generation, w->ring->writing, memory_order_relaxed);
    atomic_store_explicit(&h->n, w->n, memory_order_relaxed);
    atomic_store_explicit(&h->partial, partial, memory_order_relaxed);
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
           s->n <= CATCHUP_SNAPSHOT_MATCHES &&
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

/* An insertion sort: few entries, and qsort(3) asks for memory first. */
static void sort_by_id(struct snapshot_entry *entries, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct snapshot_entry entry = entries[i];
        size_t k = i;
        for (; k > 0 && entries[k - 1].id > entry.id; k--)
            entries[k] = entries[k - 1];
        entries[k] = entry;
    }
}

/* Copies slot i behind what is there: how many words, or 0 if it holds no sound record. */
static size_t copy_slot(const struct ring *r, size_t i, uint64_t *to)
{
    const _Atomic uint64_t *from = slot(r, i);
    struct record *record = (void *)to;
    size_t words = sizeof *record / WORD;

    for (size_t k = 0; k < words; k++)
        to[k] = atomic_load_explicit(&from[k], memory_order_relaxed);
    if (!record_plausible(record, SNAPSHOT_SLOT))
        return 0;
    for (; words < record->size / WORD; words++)
        to[words] = atomic_load_explicit(&from[words], memory_order_relaxed);
    return record_sound(to, i) ? words : 0;
}

/* One try, as try_join; s->memory and s->entries are large enough for all slots. */
static int try_copy(struct snapshot *s, struct ring *r)
{
    struct state state;
    int rc = try_join(r, &state);
    size_t at = 0;

    if (rc != 1 || state.partial > 0)
        return rc != 1 ? rc : -1;
    for (size_t i = 0; i < state.n; i++) {
        size_t words = copy_slot(r, i, s->memory + at);
        if (words == 0)
            return end_reading(r, &state) ? -1 : 0;
        s->entries[i] = (struct snapshot_entry){((struct record *)(s->memory + at))->id, at};
        at += words;
    }
    s->n = state.n;
    s->last_id = (int64_t)state.last_id;
    return end_reading(r, &state);
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

/* Mapped, not from malloc, which would keep the pages. */
int snapshot_copy(struct snapshot *s, struct ring *r)
{
    void *memory =
        mmap(NULL, COPY_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int rc = 0;

    *s = (struct snapshot){0};
    if (memory == MAP_FAILED)
        return -1;
    s->entries = memory;
    s->memory = (uint64_t *)(s->entries + CATCHUP_SNAPSHOT_MATCHES);
    for (int i = 0; i < RETRIES && (rc = try_copy(s, r)) == 0; i++)
        pause_a_little();
    if (rc == 1) {
        sort_by_id(s->entries, s->n);
        return 0;
    }
    snapshot_free(s);
    return -1;
}

void snapshot_row(const struct snapshot *s, size_t i, struct row *row)
{
    int64_t prev;

    record_open(s->memory + s->entries[i].offset, row, &prev);
}

void snapshot_free(struct snapshot *s)
{
    if (s->entries)
        munmap(s->entries, COPY_SIZE);
    *s = (struct snapshot){0};
}
