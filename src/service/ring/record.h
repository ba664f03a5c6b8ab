/*
 * A row as a sequence of words, for memory that processes share.  Pure.
 *
 * A record's checksum covers its content and a key for its place and its container, so that
 * torn, stale or foreign bytes are not taken for a row.  It guards against accidents, not
 * malice: a process that can write the file can also write the database.
 */
#pragma once

#include "service/rows/row.h"

#define RECORD_ROW_MAX (64 * 1024) /* bytes of a row in a record, not counting ids */
#define RECORD_MAX     (RECORD_ROW_MAX + 64)
#define RECORD_ALIGN   16 /* sizes are multiples of it */

enum record_kind {
    RECORD_ROW = 1,
    RECORD_GAP, /* the log goes up to id; the rows in between are not here */
    RECORD_PAD, /* no content: only size, kind and back are valid */
};

struct record {
    uint32_t size; /* bytes, including this struct */
    uint32_t kind;
    uint64_t back;     /* for the container; not in the checksum */
    uint64_t checksum; /* of the key and all that follows */
    int64_t id, prev;  /* prev: the id of the preceding row in the log */
    int64_t read_us;   /* of the row */
    uint32_t match_len, type_len, created_len, data_len;
};

/* Bytes that a row's record takes; 0 if the row is too large. */
size_t record_size(const struct row *row);

/* Writes a row or a gap as a record into memory of record_size() bytes. */
void record_make(uint64_t *memory, enum record_kind kind, const struct row *row, int64_t prev,
                 uint64_t key);

/* Whether a struct copied from shared memory has the size of a record of at most max bytes. */
bool record_plausible(const struct record *record, size_t max);

/* Whether a whole, plausible record was made by record_make with this key. */
bool record_sound(const uint64_t *memory, uint64_t key);

/* Unpacks a sound record; the row's spans point into memory. */
void record_open(const uint64_t *memory, struct row *row, int64_t *prev);

/* Copy whole words from and to shared memory; ordering is up to the caller. */
void record_load(const _Atomic uint64_t *from, void *to, size_t size);
void record_store(_Atomic uint64_t *to, const void *from, size_t size);
