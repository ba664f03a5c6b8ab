/* Collects durations and finds their percentiles, by sorting. */
#include "samples.h"

#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <time.h>

#define FIRST_CAP 4096

uint64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

void samples_add(struct samples *s, uint64_t ns)
{
    if (s->count == s->cap) {
        size_t cap = s->cap ? s->cap * 2 : FIRST_CAP;
        uint64_t *more = realloc(s->ns, cap * sizeof *more);
        if (!more) {
            perror("samples");
            exit(EX_OSERR);
        }
        s->ns = more;
        s->cap = cap;
    }
    s->ns[s->count++] = ns;
}

void samples_clear(struct samples *s)
{
    s->count = 0;
}

void samples_free(struct samples *s)
{
    free(s->ns);
    *s = (struct samples){0};
}

static int by_size(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

struct percentiles samples_summary(struct samples *s, size_t first)
{
    struct percentiles p = {0, 0, 0};

    if (first >= s->count)
        return p;
    uint64_t *ns = s->ns + first;
    size_t count = s->count - first;
    qsort(ns, count, sizeof *ns, by_size);
    size_t half = (count - 1) / 2, most = (count - 1) * 99 / 100;
    p.p50 = (double)ns[half] / 1e6;
    p.p99 = (double)ns[most] / 1e6;
    p.max = (double)ns[count - 1] / 1e6;
    return p;
}
