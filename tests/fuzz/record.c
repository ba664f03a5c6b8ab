/*
 * Fuzz target: a record of any bytes, in memory of exactly that size; and the record of a row
 * of any bytes.
 *
 * A valid record lies within its memory, a row comes back unchanged, and a changed word is
 * detected.
 */
#include "service/ring/record.h"

#include <string.h>

#include "must.h"

#define KEY     UINT64_C(0x0123456789ABCDEF)
#define ROW_MAX 4096
#define CHECKED offsetof(struct record, id) /* the checksum covers every word from here */

static uint64_t *aligned(const uint8_t *data, size_t size)
{
    uint64_t *memory = malloc(size + 1);

    must(memory);
    memcpy(memory, data, size);
    return memory;
}

static void check_inside(const uint64_t *memory, const struct row *row)
{
    const struct record *record = (const void *)memory;
    const char *from = (const char *)(record + 1);
    size_t len = record->size - sizeof *record;

    must(must_be_in(row->match_id, from, len) && must_be_in(row->type, from, len));
    must(must_be_in(row->created_at, from, len) && must_be_in(row->data, from, len));
    must(row->match_id.len + row->type.len + row->created_at.len + row->data.len <= len);
}

/* Arbitrary bytes as a record. */
static void check_foreign(const uint8_t *data, size_t size)
{
    uint64_t *memory = aligned(data, size);
    struct row row;
    int64_t prev;

    if (record_plausible((struct record *)memory, size)) {
        record_sound(memory, KEY);
        record_open(memory, &row, &prev);
        check_inside(memory, &row);
    }
    free(memory);
}

static bool same(struct span a, struct span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

static void check_changed(uint64_t *memory, size_t size, uint64_t choice)
{
    size_t words = (size - CHECKED) / sizeof *memory;
    uint64_t *word = memory + CHECKED / sizeof *memory + choice % words;

    *word ^= UINT64_C(1) << (choice >> 16) % 64;
    must(!record_sound(memory, KEY));
    *word ^= UINT64_C(1) << (choice >> 16) % 64;
    must(record_sound(memory, KEY) && !record_sound(memory, KEY ^ choice << 1 ^ 1));
}

/* The bytes as a row: a word of lengths, then the texts. */
static void check_row(const uint8_t *data, size_t size)
{
    struct span rest = {(const char *)data + 4, size - 4};
    struct row row = {.id = (int64_t)must_hash(data, size)}, again;
    struct span *const parts[] = {&row.match_id, &row.type, &row.created_at};
    uint64_t memory[(ROW_MAX + sizeof(struct record) + RECORD_ALIGN) / sizeof(uint64_t)];
    int64_t prev;

    for (size_t i = 0; i < 3; i++) {
        size_t len = data[i] < rest.len ? data[i] : rest.len;
        *parts[i] = (struct span){rest.at, len};
        rest = (struct span){rest.at + len, rest.len - len};
    }
    row.data = rest;
    size_t need = record_size(&row);
    must(need > 0 && need <= sizeof memory && need % RECORD_ALIGN == 0);
    record_make(memory, RECORD_ROW, &row, row.id - data[3], KEY);
    must(record_plausible((struct record *)memory, need) && record_sound(memory, KEY));
    must(!record_plausible((struct record *)memory, need - RECORD_ALIGN));
    record_open(memory, &again, &prev);
    must(again.id == row.id && prev == row.id - data[3] && same(again.data, row.data));
    must(same(again.match_id, row.match_id) && same(again.type, row.type) &&
         same(again.created_at, row.created_at));
    check_changed(memory, need, must_hash(data + 1, size - 1));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size >= sizeof(struct record))
        check_foreign(data, size);
    if (size >= 4 && size <= ROW_MAX)
        check_row(data, size);
    return 0;
}
