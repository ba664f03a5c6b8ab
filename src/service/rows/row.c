/* Hashes rows. */
#include "service/rows/row.h"

static uint64_t add(uint64_t hash, struct span s)
{
    return span_hash(span_hash(hash, s), (struct span){"", 1});
}

uint64_t row_hash(const struct row *row)
{
    char memory[24];
    struct buf id;

    buf_init(&id, memory, sizeof memory);
    buf_put_int(&id, row->id);
    return add(add(add(add(SPAN_HASH, (struct span){id.at, id.len}), row->match_id), row->type),
               row->data);
}

struct landmark row_landmark(const struct row *row)
{
    return (struct landmark){row->id, add(row_hash(row), row->created_at)};
}
