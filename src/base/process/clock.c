/* The monotonic clock, and durations as people write them. */
#include "base/process/clock.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DAY_MS      (INT64_C(86400) * SECOND_MS)
#define DURATION_MS (1000 * DAY_MS)

static int64_t read_us(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_us(void)
{
    return read_us(CLOCK_MONOTONIC);
}

int64_t clock_ms(void)
{
    return clock_us() / 1000;
}

int64_t clock_wall_us(void)
{
    return read_us(CLOCK_REALTIME);
}

int64_t clock_wall_ms(void)
{
    return clock_wall_us() / 1000;
}

int64_t clock_cpu_ms(void)
{
    return read_us(CLOCK_PROCESS_CPUTIME_ID) / 1000;
}

int clock_left(int64_t deadline)
{
    if (deadline == CLOCK_NEVER)
        return -1;
    int64_t left = deadline - clock_ms();
    return left <= 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

/* The nanoseconds of the present time, mixed (the last steps of SplitMix64): spreads well
 * enough, without a system call. */
static uint64_t scatter(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    uint64_t z = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

int64_t clock_jitter(int64_t ms, int percent)
{
    int64_t reach = ms * percent / 100;

    return reach <= 0 ? ms : ms - reach + (int64_t)(scatter() % (uint64_t)(2 * reach + 1));
}

static double unit_ms(const char *unit)
{
    static const struct {
        const char *name;
        double ms;
    } units[] = {{"", 1e3}, {"ms", 1}, {"s", 1e3}, {"m", 6e4}, {"h", 36e5}, {"d", 864e5}};

    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(unit, units[i].name) == 0)
            return units[i].ms;
    return -1;
}

int clock_parse(const char *text, int64_t *ms)
{
    size_t digits = strspn(text, "0123456789.");
    double scale = unit_ms(text + digits);
    char *end;

    if (digits == 0 || scale < 0) /* strtod alone would accept "inf", "-1", "0x1p3" */
        return -1;
    double value = strtod(text, &end) * scale;
    if (end != text + digits || value > (double)DURATION_MS)
        return -1;
    *ms = (int64_t)(value + 0.5);
    return 0;
}
