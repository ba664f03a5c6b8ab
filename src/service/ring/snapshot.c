/*
 * Keeps the latest messages, shares them one behind the other, so that they lie on few pages,
 * and copies them out whole or not at all.
 */
#include "service/ring/snapshot.h"

#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define WORD     sizeof(uint64_t)
#define RETRIES  20    /* of a copy that the writer came between */
#define RETRY_NS 50000 /* 50 us */

/* In the area, as words; the records are behind it. */
struct state {
    uint64_t version;    /* odd: being written */
    uint64_t generation; /* of the ring that it goes with */
    uint64_t n;          /* records; PARTIAL: there are messages that are none */
    uint64_t words;      /* that they take */
    uint64_t last_id;
    uint64_t at;  /* position in the ring */
    uint64_t sum; /* of all of the above: no other process has written here */
};

#define KEY       0    /* of the records' checksums */
#define HEADER    4096 /* bytes of the area that are the state's */
#define WORDS_MAX ((RING_AREA - HEADER) / WORD)
#define PARTIAL   UINT64_MAX

_Static_assert(CATCHUP_SNAPSHOT_MATCHES *SNAPSHOT_SLOT <= RING_AREA - HEADER, "all fit");

static _Atomic uint64_t *version(const struct ring *r)
{
    return ring_area(r);
}

static _Atomic uint64_t *records(const struct ring *r)
{
    return version(r) + HEADER / WORD;
}

static void load(const _Atomic uint64_t *from, void *to, size_t words)
{
    for (size_t i = 0; i < words; i++)
        ((uint64_t *)to)[i] = atomic_load_explicit(&from[i], memory_order_relaxed);
}

static void store(_Atomic uint64_t *to, const void *from, size_t words)
{
    for (size_t i = 0; i < words; i++)
        atomic_store_explicit(&to[i], ((const uint64_t *)from)[i], memory_order_relaxed);
}

static uint64_t checksum(const struct state *s)
{
    const uint64_t *words = (const uint64_t *)s;
    uint64_t sum = 0;

    for (size_t i = 0; i < offsetof(struct state, sum) / WORD; i++) {
        sum = (sum ^ words[i]) * UINT64_C(0xFF51AFD7ED558CCD);
        sum ^= sum >> 32;
    }
    return sum;
}

void snapshot_begin(struct snapshot_writer *w, struct ring *ring)
{
    w->ring = ring;
    atomic_store_explicit(version(ring), atomic_load(version(ring)) | 1, memory_order_relaxed);
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

/* All records, in order. */
void snapshot_end(struct snapshot_writer *w, int64_t last_id)
{
    struct state state = {.version = (atomic_load(version(w->ring)) | 1) + 1,
                          .generation = w->ring->writing,
                          .n = w->n,
                          .last_id = (uint64_t)last_id,
                          .at = w->ring->head};

    for (size_t i = 0; i < w->n; i++) {
        const struct snapshot_slot *slot = &w->slots[w->order[i]];
        size_t words = slot->large ? 0 : ((const struct record *)slot->record)->size / WORD;
        store(records(w->ring) + state.words, slot->record, words);
        state.words += words;
        state.n = slot->large ? PARTIAL : state.n;
    }
    state.sum = checksum(&state);
    store(version(w->ring) + 1, &state.version + 1, sizeof state / WORD - 1);
    atomic_store_explicit(version(w->ring), state.version, memory_order_release);
}

static bool still_there(const struct ring *r, const struct state *s)
{
    atomic_thread_fence(memory_order_acquire);
    return atomic_load_explicit(version(r), memory_order_relaxed) == s->version;
}

/* Whether memory holds n sound records and nothing else. */
static bool is_sound(const struct snapshot *s)
{
    size_t n = s->n, at = 0;

    for (; n > 0 && at < s->words; n--) {
        const struct record *record = (void *)(s->memory + at);
        size_t room = (s->words - at) * WORD;
        if (room < sizeof *record || !record_plausible(record, room) ||
            !record_sound(s->memory + at, KEY))
            return false;
        at += record->size / WORD;
    }
    return n == 0 && at == s->words;
}

/* Memory from the system and back to it: malloc would keep the pages.  All of it is
 * written at once, so it is populated at once. */
static bool allocate(struct snapshot *s, const struct state *state)
{
    size_t size = state->words * WORD + 1;
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

    if (memory == MAP_FAILED)
        return false;
    *s = (struct snapshot){.memory = memory,
                           .n = state->n,
                           .words = state->words,
                           .last_id = (int64_t)state->last_id};
    return true;
}

/* One try.  Returns 1, 0 if the writer came between, or -1 if there is none to be had. */
static int try_copy(struct snapshot *s, struct ring *r)
{
    struct state state = {0};
    int rc = -1;

    if (!ring_join(r))
        return -1;
    state.version = atomic_load_explicit(version(r), memory_order_acquire);
    load(version(r) + 1, &state.version + 1, sizeof state / WORD - 1);
    if (state.version % 2 != 0 || !still_there(r, &state) || state.at > r->at)
        return 0;
    if (state.version == 0 || state.at % RECORD_ALIGN != 0 || state.sum != checksum(&state) ||
        state.generation != r->generation || state.n > CATCHUP_SNAPSHOT_MATCHES ||
        state.words > WORDS_MAX || !allocate(s, &state))
        return -1;
    load(records(r), s->memory, s->words);
    if (!still_there(r, &state))
        rc = 0;
    else if (is_sound(s))
        rc = 1;
    if (rc == 1)
        r->at = state.at;
    else
        snapshot_free(s);
    return rc;
}

int snapshot_copy(struct snapshot *s, struct ring *r)
{
    int rc = 0;

    *s = (struct snapshot){0};
    for (int i = 0; i < RETRIES && (rc = try_copy(s, r)) == 0; i++)
        nanosleep(&(struct timespec){.tv_nsec = RETRY_NS}, NULL);
    return rc == 1 ? 0 : -1;
}

bool snapshot_row(const struct snapshot *s, struct row *row)
{
    int64_t prev = 0;

    if (s->at == s->words)
        return false;
    record_open(s->memory + s->at, row, &prev);
    return true;
}

void snapshot_next(struct snapshot *s)
{
    s->at += ((const struct record *)(s->memory + s->at))->size / WORD;
}

void snapshot_free(struct snapshot *s)
{
    if (s->memory)
        munmap(s->memory, s->words * WORD + 1);
    *s = (struct snapshot){0};
}
