/*
 * Shared by the fuzz targets: a claim that ends the run with its text and place if it does not
 * hold (-DNDEBUG would remove assert), and choices that depend only on the input, so that
 * findings can be repeated.
 */
#ifndef FUZZ_MUST_H
#define FUZZ_MUST_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text/buf.h"

#define must(claim)                                                                            \
    do {                                                                                       \
        if (!(claim)) {                                                                        \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #claim);         \
            abort();                                                                           \
        }                                                                                      \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A hash of all bytes. */
static inline uint64_t must_hash(const void *bytes, size_t len)
{
    const unsigned char *at = bytes;
    uint64_t hash = UINT64_C(0xCBF29CE484222325);

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ at[i]) * UINT64_C(0x100000001B3);
    return hash;
}

/* The next pseudo-random number. */
static inline uint64_t must_next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

/* Whether s lies in the len bytes. */
static inline bool must_be_in(struct span s, const void *bytes, size_t len)
{
    const char *from = bytes;

    return s.len == 0 || (s.at >= from && s.len <= len && s.at <= from + len - s.len);
}

#endif
