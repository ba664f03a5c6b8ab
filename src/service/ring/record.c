/* Packs rows into words, and tells whole records from anything else. */
#include "service/ring/record.h"

#include <stdatomic.h>

#define WORD   sizeof(uint64_t)
#define SUMMED (offsetof(struct record, checksum) / WORD + 1) /* the first word in the sum */

_Static_assert(sizeof(struct record) % WORD == 0, "records are whole words");
_Static_assert(RECORD_MAX >= sizeof(struct record) + RECORD_ROW_MAX, "a row fits");
_Static_assert(RECORD_MAX % RECORD_ALIGN == 0, "the largest record is aligned");

size_t record_size(const struct row *row)
{
    size_t len = row->match_id.len + row->type.len + row->created_at.len + row->data.len;

    if (len > RECORD_ROW_MAX)
        return 0;
    return (sizeof(struct record) + len + RECORD_ALIGN - 1) / RECORD_ALIGN * RECORD_ALIGN;
}

/* The multiplication carries a bit upwards, the shift downwards. */
static uint64_t checksum(const uint64_t *memory, uint64_t key)
{
    const struct record *record = (const void *)memory;
    uint64_t sum = key ^ ((uint64_t)record->size << 32 | record->kind);

    for (size_t i = SUMMED; i < record->size / WORD; i++) {
        sum = (sum ^ memory[i]) * UINT64_C(0xFF51AFD7ED558CCD);
        sum ^= sum >> 32;
    }
    return sum;
}

void record_load(const _Atomic uint64_t *from, void *to, size_t size)
{
    for (size_t i = 0; i < size / WORD; i++)
        ((uint64_t *)to)[i] = atomic_load_explicit(&from[i], memory_order_relaxed);
}

void record_store(_Atomic uint64_t *to, const void *from, size_t size)
{
    for (size_t i = 0; i < size / WORD; i++)
        atomic_store_explicit(&to[i], ((const uint64_t *)from)[i], memory_order_relaxed);
}

void record_make(uint64_t *memory, enum record_kind kind, const struct row *row, int64_t prev,
                 uint64_t key)
{
    struct record *record = (void *)memory;
    const struct span spans[] = {row->match_id, row->type, row->created_at, row->data};
    char *at = (char *)(record + 1);

    *record = (struct record){
        .size = (uint32_t)record_size(row),
        .kind = kind,
        .id = row->id,
        .prev = prev,
        .read_us = row->read_us,
        .match_len = (uint32_t)row->match_id.len,
        .type_len = (uint32_t)row->type.len,
        .created_len = (uint32_t)row->created_at.len,
        .data_len = (uint32_t)row->data.len,
    };
    for (size_t i = 0; i < sizeof spans / sizeof *spans; at += spans[i].len, i++)
        if (spans[i].len > 0)
            memcpy(at, spans[i].at, spans[i].len);
    memset(at, 0, (size_t)((char *)memory + record->size - at));
    record->checksum = checksum(memory, key);
}

bool record_plausible(const struct record *record, size_t max)
{
    uint64_t lens =
        (uint64_t)record->match_len + record->type_len + record->created_len + record->data_len;

    return (record->kind == RECORD_ROW || record->kind == RECORD_GAP) &&
           record->size >= sizeof *record && record->size <= max &&
           record->size % RECORD_ALIGN == 0 && lens <= record->size - sizeof *record;
}

bool record_sound(const uint64_t *memory, uint64_t key)
{
    const struct record *record = (const void *)memory;

    return checksum(memory, key) == record->checksum;
}

void record_open(const uint64_t *memory, struct row *row, int64_t *prev)
{
    const struct record *record = (const void *)memory;
    const char *at = (const char *)(record + 1);

    *prev = record->prev;
    row->id = record->id;
    row->read_us = record->read_us;
    row->match_id = (struct span){at, record->match_len};
    row->type = (struct span){row->match_id.at + record->match_len, record->type_len};
    row->created_at = (struct span){row->type.at + record->type_len, record->created_len};
    row->data = (struct span){row->created_at.at + record->created_len, record->data_len};
}
