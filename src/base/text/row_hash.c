/* Hashes the columns one after the other, each ended by a NUL. */
#include "base/text/row_hash.h"

#include "base/text/json.h"

uint64_t row_hash_add(uint64_t hash, struct span s)
{
    return span_hash(span_hash(hash, s), (struct span){"", 1});
}

uint64_t row_hash(int64_t id, struct span match_id, struct span type, struct span data)
{
    char memory[24];
    struct buf text;
    uint64_t hash;

    buf_init(&text, memory, sizeof memory);
    buf_put_int(&text, id);
    hash = row_hash_add(SPAN_HASH, (struct span){text.at, text.len});
    hash = row_hash_add(row_hash_add(hash, match_id), type);
    return row_hash_add(json_hash(hash, data.at, data.len), (struct span){"", 0});
}
