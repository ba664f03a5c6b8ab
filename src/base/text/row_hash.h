/* The hash by which a row is recognised in another copy of its log. */
#pragma once

#include <stdint.h>

#include "base/text/buf.h"

/* Leaves out created_at and the blanks of data (JSON), which may differ between copies. */
uint64_t row_hash(int64_t id, struct span match_id, struct span type, struct span data);

/* Adds one more span to such a hash. */
uint64_t row_hash_add(uint64_t hash, struct span s);
