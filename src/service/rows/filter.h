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
#define FILTER_LIST_MAX  (FILTER_NAMES_MAX * (MATCH_ID_MAX + 1))

/* Where in the log a client is. */
struct cursor {
    enum cursor_kind {
        CURSOR_NONE,   /* it has nothing yet: the snapshot, then what comes */
        CURSOR_LATEST, /* it wants only what comes */
        CURSOR_AFTER,  /* it has all rows up to id */
        /* from here on, only the database can tell what it means */
        CURSOR_INVALID, /* it sent something that is no cursor */
        CURSOR_LAST,    /* it wants the newest id rows, then what comes */
        CURSOR_SINCE,   /* it wants the rows of the last id milliseconds, then what comes */
    } kind;
    int64_t id;
    uint64_t
        at; /* CURSOR_AFTER: the hash of the row id, as row_hash says; 0: it is not known */
};

/*
 * Which rows a client wants: of these matches (all, if none is named) and of these types (the
 * same).  A match that ends with '*' stands for all whose ids begin like that.  Names are
 * sorted, each once.
 */
struct filter {
    size_t n_matches, n_types;
    bool prefixes; /* a match ends with '*' */
    char matches[FILTER_NAMES_MAX][MATCH_ID_MAX + 1];
    char types[FILTER_NAMES_MAX][TYPE_MAX + 1];
};

/* A cursor as a client sends it: digits, "latest", or nothing. */
struct cursor cursor_parse(struct span text);

/* Adds one of the names: 0, or -1 if it is empty or too long, or one too many. */
int filter_add_match(struct filter *f, struct span name);
int filter_add_type(struct filter *f, struct span name);

bool filter_names_type(const struct filter *f, const char *type);

/* The names, joined by commas: at most FILTER_LIST_MAX bytes. */
void filter_put_matches(const struct filter *f, struct buf *b);
void filter_put_types(const struct filter *f, struct buf *b);

bool filter_admits(const struct filter *f, struct span match_id, struct span type);

#endif
