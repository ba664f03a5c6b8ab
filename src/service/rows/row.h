/* A row of match_events, from the ring or the database. */
#pragma once

#include "base/buf.h"

/* The spans are borrowed from the reader. */
struct row {
    int64_t id;
    int64_t read_us; /* when the poller read it, by the monotonic clock; 0: not from the ring */
    struct span match_id;
    struct span type;
    struct span data;       /* JSON text */
    struct span created_at; /* UTC, ISO 8601 */
};

/* A row that identifies a log: logs that share it are equal up to it. */
struct landmark {
    int64_t id; /* 0: none */
    uint64_t hash;
};

/*
 * Takes a row; its bytes are borrowed for the call.  Returns false if it does not fit: reading
 * ends, and the next read begins with that row.
 */
typedef bool row_take(void *context, const struct row *row);

enum read_result {
    READ_MORE,   /* take returned false, or the limit was reached: read again */
    READ_DRY,    /* no more rows for now */
    READ_RESET,  /* this log can't continue from the cursor: the next reads bring the
                  * snapshot */
    READ_FAILED, /* the log can't be read now; the cursor is unchanged */
};
