/* Hashes rows. */
#include "service/rows/row.h"

#include "base/json.h"

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
    uint64_t hash =
        add(add(add(SPAN_HASH, (struct span){id.at, id.len}), row->match_id), row->type);
    /* a replica has line ends of data as blanks */
    return add(json_hash(hash, row->data.at, row->data.len), (struct span){"", 0});
}

struct landmark row_landmark(const struct row *row)
{
    return (struct landmark){row->id, add(row_hash(row), row->created_at)};
}
