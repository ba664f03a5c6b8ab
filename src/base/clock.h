/*
 * Time as the programs count it: milliseconds of the monotonic clock, which
 * no clock adjustment moves.  A deadline is such a time; CLOCK_NEVER is none.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

#define CLOCK_NEVER INT64_MAX

int64_t clock_ms(void);

/* Milliseconds of the wall clock, for what several machines do at the same moment. */
int64_t clock_wall_ms(void);

/* Milliseconds of processor time that this process has taken. */
int64_t clock_cpu_ms(void);

/* Milliseconds from now to a deadline, as poll(2) wants them: 0 if it has
 * passed, -1 for CLOCK_NEVER. */
int clock_left(int64_t deadline);

/* ms more or less by up to the given share of it, drawn anew at each call:
 * clock_jitter(1000, 20) is from 800 to 1200. */
int64_t clock_jitter(int64_t ms, int percent);

/*
 * Reads a duration with a unit, "250ms", "2s", "1.5m", "1h", "7d", or a bare
 * number of seconds.  Returns 0, or -1 if it is anything else, negative, or
 * longer than 1000 days.
 */
int clock_parse(const char *text, int64_t *ms);

#endif
