/*
 * Measured durations and their percentiles in milliseconds.  Grows as needed; running
 * out of memory ends the program, since a measurement that lost samples is worthless.
 */
#ifndef BENCH_SAMPLES_H
#define BENCH_SAMPLES_H

#include <stddef.h>
#include <stdint.h>

struct samples {
    uint64_t *ns;
    size_t count;
    size_t cap;
};

struct percentiles {
    double p50, p99, max; /* milliseconds; 0 without samples */
};

uint64_t now_ns(void); /* CLOCK_MONOTONIC */

void samples_add(struct samples *s, uint64_t ns);
void samples_clear(struct samples *s);
void samples_free(struct samples *s);

/* Of the samples from number `first` on, which it reorders. */
struct percentiles samples_summary(struct samples *s, size_t first);

#endif
