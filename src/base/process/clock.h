/*
 * Time in milliseconds of the monotonic clock, which clock adjustments do not affect.  A
 * deadline is such a time; CLOCK_NEVER: no deadline.
 */
#pragma once

#include <stdint.h>

#define CLOCK_NEVER INT64_MAX
#define SECOND_MS   1000

int64_t clock_ms(void);
int64_t clock_us(void); /* the same in microseconds */

/* The wall clock, for what several machines do at the same moment, and times of files. */
int64_t clock_wall_ms(void);
int64_t clock_wall_us(void);

/* Milliseconds of processor time used by this process. */
int64_t clock_cpu_ms(void);

/* Milliseconds until a deadline, as poll(2) expects them: 0 if it has passed, -1 for
 * CLOCK_NEVER. */
int clock_left(int64_t deadline);

/* ms plus or minus a random share of up to percent: clock_jitter(1000, 20) is from 800 to
 * 1200. */
int64_t clock_jitter(int64_t ms, int percent);

/*
 * Parses a duration with a unit, "250ms", "2s", "1.5m", "1h", "7d", or a bare number of
 * seconds.  Returns 0, or -1 if it is anything else, negative, or more than 1000 days.
 */
int clock_parse(const char *text, int64_t *ms);
