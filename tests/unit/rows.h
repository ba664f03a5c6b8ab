/*
 * Rows whose content follows from their id, so that a reader can check them without anything
 * else; and a scratch folder for a ring.
 *
 * Used by the tests of shared memory: record, ring, snapshot, ring_stress.
 */
#ifndef UNIT_ROWS_H
#define UNIT_ROWS_H

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "service/ring/record.h"
#include "service/rows/row.h"

#define ROWS_MATCHES 40
#define ROWS_SECOND  "2025-06-10T20:00:00.000Z"

/* The same on every machine. */
static inline uint64_t rows_random(uint64_t *state)
{
    *state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = (*state ^ (*state >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

struct rows_row {
    struct row row;
    char match_id[16];
    char data[RECORD_ROW_MAX + 2];
};

/* A row with len bytes of data. */
static inline const struct row *rows_sized(struct rows_row *r, int64_t id, size_t len)
{
    uint64_t state = (uint64_t)id;

    snprintf(r->match_id, sizeof r->match_id, "m%d", (int)(id % ROWS_MATCHES));
    for (size_t i = 0; i < len; i++)
        r->data[i] = (char)(i % 8 == 0 ? rows_random(&state) : state >> i % 8);
    r->row = (struct row){.id = id,
                          .match_id = {r->match_id, strlen(r->match_id)},
                          .type = {"message", 7},
                          .created_at = {ROWS_SECOND, sizeof ROWS_SECOND - 1},
                          .data = {r->data, len}};
    return &r->row;
}

/* Mostly short, now and then long. */
static inline size_t rows_len(int64_t id)
{
    uint64_t state = (uint64_t)id * 31;
    uint64_t random = rows_random(&state);

    return random % 50 == 0 ? random / 50 % 9000 : random % 400;
}

static inline const struct row *rows_make(struct rows_row *r, int64_t id)
{
    return rows_sized(r, id, rows_len(id));
}

static inline bool rows_same_span(struct span a, struct span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

static inline bool rows_same(const struct row *a, const struct row *b)
{
    return a->id == b->id && rows_same_span(a->match_id, b->match_id) &&
           rows_same_span(a->type, b->type) && rows_same_span(a->created_at, b->created_at) &&
           rows_same_span(a->data, b->data);
}

/* Whether a row is what rows_make makes of its id. */
static inline bool rows_is_right(const struct row *row)
{
    static struct rows_row expected;

    return rows_same(row, rows_make(&expected, row->id));
}

/* An empty database in a new folder; path takes 64 bytes.  Ends the program on failure. */
static inline void rows_scratch(char *path)
{
    char folder[] = P_tmpdir "/livescore-unit.XXXXXX";
    int fd = -1;

    if (mkdtemp(folder)) {
        snprintf(path, 64, "%s/live.db", folder);
        fd = open(path, O_CREAT | O_WRONLY, 0640);
    }
    if (fd < 0) {
        puts("Bail out! no scratch folder");
        exit(1);
    }
    close(fd);
}

static inline void rows_scratch_free(const char *path)
{
    static const char *const ends[] = {"", "-ring", "-bell", "-other"};
    char name[80];

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
    snprintf(name, sizeof name, "%s", path);
    *strrchr(name, '/') = '\0';
    rmdir(name);
}

#endif
