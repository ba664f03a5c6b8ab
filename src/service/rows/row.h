/* A row of match_events, from the ring or the database, and what a reader of the log wants:
 * rows after a cursor that pass a filter. */
#pragma once

#include "base/text/buf.h"

#define FILTER_LIST_MAX (FILTER_NAMES_MAX * (MATCH_ID_MAX + 1))

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

/* Takes a row, borrowed for the call.  Returns false if it does not fit: reading ends, and the
 * next read begins with that row. */
typedef bool row_take(void *context, const struct row *row);

enum read_result {
    READ_MORE,   /* take returned false, or the limit was reached: read again */
    READ_DRY,    /* no more rows for now */
    READ_RESET,  /* this log can't continue from the cursor: the next reads bring the
                  * snapshot */
    READ_FAILED, /* the log can't be read now; the cursor is unchanged */
};

/* A client's position in the log. */
struct cursor {
    enum cursor_kind {
        CURSOR_NONE,   /* nothing yet: send the snapshot, then new rows */
        CURSOR_LATEST, /* send only new rows */
        CURSOR_AFTER,  /* the client has all rows up to id */
        /* from here on, only the database can resolve it */
        CURSOR_INVALID, /* the client's cursor is malformed */
        CURSOR_LAST,    /* the newest id rows, then new rows */
        CURSOR_SINCE,   /* the rows of the last id milliseconds, then new rows */
    } kind;
    int64_t id;
    uint64_t at; /* CURSOR_AFTER: the row_hash of row id; 0: unknown */
};

/* Rows of these matches and of these types; n = 0: of all.  A match that ends with '*' stands
 * for all ids with that prefix.  Names are sorted and unique. */
struct filter {
    char matches[FILTER_NAMES_MAX][MATCH_ID_MAX + 1];
    char types[FILTER_NAMES_MAX][TYPE_MAX + 1];
    size_t n_matches, n_types;
    bool prefixes; /* a match ends with '*' */
};

/* Parses a client's cursor: digits, "latest", or empty. */
struct cursor cursor_parse(struct span text);

/* Adds the names of a list.  Returns 0, or -1 if one is invalid, or one too many. */
int filter_add_matches(struct filter *f, struct span list);
int filter_add_types(struct filter *f, struct span list);

/* Leaves in f what `by` admits, too.  Returns 0, or -1 if that is nothing, or too many
 * names. */
int filter_narrow(struct filter *f, const struct filter *by);

bool filter_names_type(const struct filter *f, const char *type);

/* Writes the matches or the types, joined by commas: at most FILTER_LIST_MAX bytes. */
void filter_put(const struct filter *f, bool matches, struct buf *b);

bool filter_admits(const struct filter *f, struct span match_id, struct span type);
