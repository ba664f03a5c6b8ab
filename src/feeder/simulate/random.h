/*
 * SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014): a
 * counter and a mixing function.  The same seed gives the same numbers on every machine.  Not
 * for secrets.
 */
#pragma once

#include <stdint.h>

struct random {
    uint64_t state; /* any seed will do */
};

static inline uint64_t random_next(struct random *r)
{
    uint64_t z = r->state += 0x9E3779B97F4A7C15;

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
}

/* From 0 to n - 1.  Slightly uneven, but n is small. */
static inline int random_below(struct random *r, int n)
{
    return (int)((random_next(r) >> 32) * (uint64_t)n >> 32);
}
