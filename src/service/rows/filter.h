/*
 * Which rows a reader of the log wants: those after a cursor, that a filter admits.  Pure.
 */
#ifndef SERVICE_FILTER_H
#define SERVICE_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define FILTER_NAMES_MAX 32 /* ids or types in one filter */
#define MATCH_ID_MAX     64 /* bytes, as in sql/schema.sql */
#define TYPE_MAX         32 /* bytes, as in sql/schema.sql */

/* Where in the log a client is. */
struct cursor {
    enum cursor_kind {
        CURSOR_NONE,    /* it has nothing yet: the snapshot, then what comes */
        CURSOR_LATEST,  /* it wants only what comes */
        CURSOR_AFTER,   /* it has all rows up to id */
        CURSOR_INVALID, /* it sent something that is no cursor */
    } kind;
    int64_t id;
};

/* Which rows a client wants: of these matches (all, if none is named) and of
 * these types (the same). */
struct filter {
    size_t n_matches, n_types;
    char matches[FILTER_NAMES_MAX][MATCH_ID_MAX + 1];
    char types[FILTER_NAMES_MAX][TYPE_MAX + 1];
};

/* A cursor as a client sends it: digits, "latest", or nothing. */
struct cursor cursor_parse(struct span text);

bool filter_admits(const struct filter *f, struct span match_id, struct span type);

#endif
