/*
 * A row as a run of words, for memory that several processes share.  Pure.
 *
 * A record carries a checksum over its content and a key, which stands for where and
 * what it is part of: bytes that were torn, left over or written by somebody
 * else are not taken for a row.  It guards against accident, not malice: who can write
 * the file can as well write the database.
 */
#ifndef SERVICE_RECORD_H
#define SERVICE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "service/rows/row.h"

#define RECORD_ROW_MAX (64 * 1024) /* bytes of a row in a record, ids not counted */
#define RECORD_MAX     (RECORD_ROW_MAX + 64)
#define RECORD_ALIGN   16 /* every record's size is a multiple of it */

enum record_kind {
    RECORD_ROW = 1,
    RECORD_GAP, /* the log goes up to id; what is in it is not here */
    RECORD_PAD, /* nothing: only size, kind and back are meant */
};

struct record {
    uint32_t size; /* in bytes, this struct included */
    uint32_t kind;
    uint64_t back;     /* for the container's use; not in the checksum */
    uint64_t checksum; /* of the key and of all that follows */
    int64_t id, prev;  /* prev: the id of the row before it in the log */
    uint32_t match_len, type_len, created_len, data_len;
};

/* Bytes that the record of a row takes; 0 if it is too large for one. */
size_t record_size(const struct row *row);

/* Makes the record of a row, or a gap, in memory of record_size() bytes. */
void record_make(uint64_t *memory, enum record_kind kind, const struct row *row, int64_t prev,
                 uint64_t key);

/* Whether the size of a record whose struct was copied is one that a record of at most max
 * bytes can have. */
bool record_plausible(const struct record *record, size_t max);

/* Whether a whole record, plausible already, is what record_make made with that key. */
bool record_sound(const uint64_t *memory, uint64_t key);

/* A sound record's row; its spans point into memory. */
void record_open(const uint64_t *memory, struct row *row, int64_t *prev);

/* Copies whole words out of memory that is shared, and into it; the order is the caller's. */
void record_load(const _Atomic uint64_t *from, void *to, size_t size);
void record_store(_Atomic uint64_t *to, const void *from, size_t size);

/* A checksum of n words, which goes on from another, or from a key. */
uint64_t record_sum(const uint64_t *words, size_t n, uint64_t sum);

#endif
