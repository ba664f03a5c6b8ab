/*
 * Records: every size of a row, one byte past the largest, and every flipped bit.
 */
#include "service/ring/record.h"

#include "rows.h"
#include "tap.h"

#define KEY UINT64_C(0xFEEDFACE12345678)

static struct rows_row made;

/* The bytes of a row beside its data. */
static size_t overhead(void)
{
    const struct row *row = rows_sized(&made, 4711, 0);

    return row->match_id.len + row->type.len + row->created_at.len;
}

/* Makes the record right before a fence, and reads it. */
static bool survives(struct fence *f, size_t len)
{
    const struct row *row = rows_sized(&made, 4711, len);
    size_t size = record_size(row);
    uint64_t *memory = (void *)(f->end - size);
    struct row got;
    int64_t prev;

    if (size == 0 || size % RECORD_ALIGN != 0)
        return false;
    record_make(memory, RECORD_ROW, row, 4710, KEY);
    if (!record_plausible((void *)memory, size) || !record_sound(memory, KEY))
        return false;
    record_open(memory, &got, &prev);
    return rows_same(row, &got) && prev == 4710;
}

static void test_sizes(void)
{
    size_t len = 0, most = RECORD_ROW_MAX - overhead();
    struct fence f;

    fence_init(&f, RECORD_MAX);
    while (len <= most && survives(&f, len))
        len += len < 2000 || len > most - 200 ? 1 : 37;
    if (!tap_ok(len > most, "a row of any size up to the bound survives being packed"))
        tap_diag("%zu bytes of data do not", len);
    tap_ok(survives(&f, most), "a row at the bound survives being packed");
    tap_is_int((int64_t)record_size(rows_sized(&made, 4711, most)), RECORD_MAX,
               "a row at the bound takes the most that a record can");
    tap_is_int((int64_t)record_size(rows_sized(&made, 4711, most + 1)), 0,
               "a row one byte larger than the bound does not fit in a record");
    fence_free(&f);
}

static void test_bits(void)
{
    const struct row *row = rows_sized(&made, 99, 100);
    size_t size = record_size(row), bit, back = offsetof(struct record, back);
    uint64_t memory[RECORD_MAX / sizeof(uint64_t)];
    unsigned char *bytes = (void *)memory;

    record_make(memory, RECORD_ROW, row, 98, KEY);
    for (bit = 0; bit < size * 8; bit++) {
        bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
        bool taken = record_plausible((void *)memory, size) && record_sound(memory, KEY);
        bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
        if (taken != (bit / 64 == back / 8))
            break;
    }
    if (!tap_ok(bit == size * 8, "a record with one wrong bit is not sound, except in back"))
        tap_diag("bit %zu of %zu", bit, size * 8);
    tap_ok(!record_sound(memory, KEY + 1), "a record under another key is not sound");
    tap_ok(record_sound(memory, KEY), "a record under its own key is sound");
}

static void test_plausible(void)
{
    const struct row *row = rows_sized(&made, 99, 100);
    uint64_t memory[RECORD_MAX / sizeof(uint64_t)];
    struct record *record = (void *)memory;

    record_make(memory, RECORD_ROW, row, 98, KEY);
    tap_ok(record_plausible(record, record->size), "a record fits into its own size");
    tap_ok(!record_plausible(record, record->size - 1),
           "a record is not plausible in one byte less");
    record->data_len = record->match_len = UINT32_MAX;
    tap_ok(!record_plausible(record, RECORD_MAX), "lengths that overflow are not plausible");
    memset(memory, 0, sizeof memory);
    tap_ok(!record_plausible(record, RECORD_MAX), "a record of zeros is not plausible");
    memset(memory, 0xFF, sizeof memory);
    tap_ok(!record_plausible(record, RECORD_MAX), "a record of ones is not plausible");
}

int main(void)
{
    test_sizes();
    test_bits();
    test_plausible();
    return tap_done();
}
