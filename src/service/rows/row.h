/* A row of match_events, wherever it was read from. */
#ifndef SERVICE_ROW_H
#define SERVICE_ROW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* The spans are borrowed from whoever read it. */
struct row {
    int64_t id;
    struct span match_id;
    struct span type;
    struct span data;       /* JSON text */
    struct span created_at; /* UTC, ISO 8601 */
};

/* A row that a log is known by: logs that have the same one are the same up to it. */
struct landmark {
    int64_t id; /* 0: none */
    uint64_t hash;
};

/* Of all but created_at, which may differ where rows were copied; and of that, too. */
uint64_t row_hash(const struct row *row);
struct landmark row_landmark(const struct row *row);

/*
 * Takes one row; its bytes are borrowed for the call.  Returns false if there is
 * no room for it: then reading ends, and the next read begins with it.
 */
typedef bool row_take(void *context, const struct row *row);

/* What a read of rows came to. */
enum read_result {
    READ_MORE,   /* take said stop, or enough was looked at: read again */
    READ_DRY,    /* that was all, for now */
    READ_RESET,  /* this log can't continue from the cursor: the next reads bring the
                  * snapshot */
    READ_FAILED, /* the log can't be read now; the cursor is as it was */
};

#endif
