/* Shares records one behind the other, and copies them out whole or not at all. */
#include "service/ring/snapshot.h"

#include <stdatomic.h>
#include <sys/mman.h>
#include <time.h>

#define WORD     sizeof(uint64_t)
#define RETRIES  20    /* of a copy that the writer came between */
#define RETRY_NS 50000 /* 50 us */

/* In the area, as words; the records are behind it. */
struct state {
    uint64_t version;    /* odd: being written */
    uint64_t generation; /* of the ring that it goes with */
    uint64_t n;          /* records; PARTIAL: there are more than these */
    uint64_t words;      /* that they take */
    uint64_t last_id;
    uint64_t at;  /* position in the ring */
    uint64_t sum; /* of all of the above: no other process has written here */
};

#define SUMMED  (sizeof(struct state) / WORD - 1)
#define KEY     0                          /* of the records' checksums */
#define HEADER  (RING_AREA - SNAPSHOT_MAX) /* bytes of the area that are the state's */
#define PARTIAL UINT64_MAX

static _Atomic uint64_t *version(const struct ring *r)
{
    return (void *)((char *)r->header + RING_PAGE + RING_CAPACITY);
}

static _Atomic uint64_t *records(const struct ring *r)
{
    return version(r) + HEADER / WORD;
}

void snapshot_clear(struct snapshot_writer *w)
{
    w->n = w->words = 0;
}

void snapshot_put(struct snapshot_writer *w, const struct row *row)
{
    size_t size = record_size(row);

    if (w->n >= CATCHUP_SNAPSHOT_MATCHES || size == 0 ||
        size > sizeof w->memory - w->words * WORD) {
        w->n = PARTIAL;
        return;
    }
    record_make(w->memory + w->words, RECORD_ROW, row, 0, KEY);
    w->words += size / WORD;
    w->n++;
}

void snapshot_share(const struct snapshot_writer *w, struct ring *r, int64_t last_id)
{
    struct state state = {.version = (atomic_load(version(r)) | 1) + 1,
                          .generation = r->writing,
                          .n = w->n,
                          .words = w->words,
                          .last_id = (uint64_t)last_id,
                          .at = r->head};

    state.sum = record_sum(&state.version, SUMMED, 0);
    atomic_store_explicit(version(r), state.version - 1, memory_order_relaxed);
    atomic_thread_fence(memory_order_release);
    record_store(records(r), w->memory, w->words * WORD);
    record_store(version(r) + 1, &state.version + 1, sizeof state - WORD);
    atomic_store_explicit(version(r), state.version, memory_order_release);
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
    record_load(version(r) + 1, &state.version + 1, sizeof state - WORD);
    if (state.version % 2 != 0 || !still_there(r, &state) || state.at > r->at)
        return 0;
    if (state.version == 0 || state.at % RECORD_ALIGN != 0 ||
        state.sum != record_sum(&state.version, SUMMED, 0) ||
        state.generation != r->generation || state.n > CATCHUP_SNAPSHOT_MATCHES ||
        state.words > SNAPSHOT_MAX / WORD || !allocate(s, &state))
        return -1;
    record_load(records(r), s->memory, s->words * WORD);
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
