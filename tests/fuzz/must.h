/*
 * What the fuzz targets share: a claim that ends the run with its text and place
 * when it does not hold (assert would be gone with -DNDEBUG), and choices that depend
 * on the input alone, so that a finding can be repeated.
 */
#ifndef FUZZ_MUST_H
#define FUZZ_MUST_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"

#define must(claim)                                                                            \
    do {                                                                                       \
        if (!(claim)) {                                                                        \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #claim);         \
            abort();                                                                           \
        }                                                                                      \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A number that every byte of the input has a part in. */
static inline uint64_t must_hash(const void *bytes, size_t len)
{
    const unsigned char *at = bytes;
    uint64_t hash = UINT64_C(0xCBF29CE484222325);

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ at[i]) * UINT64_C(0x100000001B3);
    return hash;
}

/* The next of a sequence of numbers. */
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
