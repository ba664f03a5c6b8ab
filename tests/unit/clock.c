/*
 * clock: durations as people write them, deadlines for poll(2), and jitter that stays within
 * its range and covers it.
 */
#include "base/process/clock.h"

#include <limits.h>

#include "tap.h"

static void durations(void)
{
    static const struct {
        const char *text;
        int64_t ms; /* -1: refused */
    } cases[] = {
        {"0", 0},
        {"1", 1000},
        {"0ms", 0},
        {"250ms", 250},
        {"2s", 2000},
        {"1.5m", 90000},
        {"1h", 3600000},
        {"7d", 604800000},
        {".5s", 500},
        {"5.", 5000},
        {"0.0004s", 0},
        {"0.0005s", 1},
        {"0.4ms", 0},
        {"1000d", 86400000000},
        {"24000h", 86400000000},
        {"1000.1d", -1},
        {"24001h", -1},
        {"99999999999999999999999999d", -1},
        {"", -1},
        {"s", -1},
        {"ms", -1},
        {"-1", -1},
        {"-0", -1},
        {"+1", -1},
        {" 1", -1},
        {"1 s", -1},
        {"1s ", -1},
        {"1ss", -1},
        {"1S", -1},
        {"1min", -1},
        {"1.2.3", -1},
        {".", -1},
        {"..", -1},
        {".s", -1},
        {"1e3", -1},
        {"0x10", -1},
        {"inf", -1},
        {"nan", -1},
        {"1,5s", -1},
        {"1m30s", -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t ms = -77;
        int rc = clock_parse(cases[i].text, &ms);
        if (cases[i].ms < 0)
            tap_is_int(rc, -1, "'%s' is not a duration", cases[i].text);
        else
            tap_is_int(rc == 0 ? ms : -1, cases[i].ms, "'%s' is %" PRId64 " ms", cases[i].text,
                       cases[i].ms);
    }
}

static void deadlines(void)
{
    int64_t now = clock_ms();

    tap_ok(now > 0, "the clock runs");
    tap_is_int(clock_left(CLOCK_NEVER), -1, "no deadline leaves -1, poll's word for ever");
    tap_is_int(clock_left(now - 1), 0, "a deadline that has passed leaves 0");
    tap_is_int(clock_left(0), 0, "a deadline that passed long ago leaves 0");
    tap_is_int(clock_left(now + (int64_t)INT_MAX * 2), INT_MAX,
               "the time left until a far deadline is cut to an int");
    int left = clock_left(now + 60000);
    tap_ok(left > 0 && left <= 60000,
           "the time left until a deadline is the difference to now");
}

static void jitter(void)
{
    int64_t least = INT64_MAX, most = INT64_MIN;

    for (int i = 0; i < 20000; i++) {
        int64_t ms = clock_jitter(1000, 20);
        least = ms < least ? ms : least;
        most = ms > most ? ms : most;
    }
    tap_ok(least >= 800 && most <= 1200, "20 %% of 1000 stays between 800 and 1200");
    tap_ok(least < 820 && most > 1180, "20 %% of 1000 gets near both 800 and 1200");
    tap_is_int(clock_jitter(1000, 0), 1000, "0 %% changes nothing");
    tap_is_int(clock_jitter(0, 50), 0, "a jitter of an interval of 0 is 0");
    tap_is_int(clock_jitter(1, 50), 1, "an interval of 1 ms has no jitter");
}

int main(void)
{
    durations();
    deadlines();
    jitter();
    return tap_done();
}
