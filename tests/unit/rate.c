/* Rates: how much a client may request in a minute, and how many costly answers at a time. */
#include "service/net/rate.h"

#include <stddef.h>

#include "tap.h"

#define A UINT64_C(0x0102030405060708)
#define B UINT64_C(0x0102030405060709)

static void test_minute(void)
{
    struct rates *r = rates_make();
    int admitted = 0;

    while (admitted < 1000 && rate_use(r, RATE_REQUESTS, A, 1, 10) == 0)
        admitted++;
    tap_ok(admitted == 10 || admitted == 11,
           "a minute's share may be used at once, and no more");
    int64_t wait = rate_use(r, RATE_REQUESTS, A, 1, 10);
    tap_ok(wait > 0 && wait <= 6001, "a client that used its share may ask again in 60 s / 10");
    tap_is_int(rate_use(r, RATE_REQUESTS, B, 1, 10), 0,
               "another client has a share of its own");
    tap_is_int(rate_use(r, RATE_BYTES, A, 0, 10), 0, "requests and bytes are counted apart");
    tap_is_int(rate_use(r, RATE_REQUESTS, A, 1, 0), 0, "0 is no limit");
    tap_is_int(rate_use(r, RATE_REQUESTS, 0, 1, 1), 0,
               "a client without an address has no limit");
    tap_is_int(rate_use(NULL, RATE_REQUESTS, A, 1, 1), 0,
               "without a listener there is no limit");
}

static void test_haste(void)
{
    struct rates *r = rates_make();

    rate_use(r, RATE_REQUESTS, A, 49, 6000);
    tap_ok(!rate_hastens(r, A, 6000), "a client with 49 requests at once is not hasty");
    rate_use(r, RATE_REQUESTS, A, 100, 6000);
    tap_ok(rate_hastens(r, A, 6000), "a client with more requests is hasty");
    tap_ok(!rate_hastens(r, B, 6000), "another client is not hasty because of it");
    rate_use(r, RATE_REQUESTS, B, 1000, 0);
    tap_ok(!rate_hastens(r, B, 0) && !rate_hastens(r, 0, 6000) && !rate_hastens(NULL, A, 6000),
           "without a limit no client is hasty");
}

static void test_spent(void)
{
    struct rates *r = rates_make();

    rate_spent(r, RATE_BYTES, A, 500, 60000, 1000);
    tap_is_int(rate_use(r, RATE_BYTES, A, 0, 1000), 0, "what was read slowly costs nothing");
    rate_spent(r, RATE_BYTES, A, 900, 0, 1000);
    tap_is_int(rate_use(r, RATE_BYTES, A, 0, 1000), 0,
               "less than a minute's share is admitted");
    rate_spent(r, RATE_BYTES, A, 900, 0, 1000);
    tap_ok(rate_use(r, RATE_BYTES, A, 0, 1000) > 0, "more than a minute's share is not");
    rate_spent(r, RATE_BYTES, A, INT64_MAX / 2, 0, 1000);
    int64_t wait = rate_use(r, RATE_BYTES, A, 0, 1000);
    tap_ok(wait > 0 && wait <= 60001,
           "however much was read, a minute later the client may ask");
}

static void test_turns(void)
{
    struct rates *r = rates_make();
    int64_t turns[RATE_TURNS], late;

    for (int i = 0; i < RATE_TURNS; i++) {
        turns[i] = rate_turn(r, A);
        tap_ok(turns[i] > 0, "turn %d of a client is free", i + 1);
    }
    tap_ok(rate_turn(r, A) == 0, "there is no fifth turn");
    tap_ok(rate_turn(r, B) > 0, "another client has turns of its own");
    rate_end_turn(r, A, &turns[2]);
    tap_ok(turns[2] == 0 && rate_turn(r, A) > 0, "a turn that ended is free again");
    rate_end_turn(r, A, &turns[2]);
    tap_ok(rate_turn(r, A) == 0, "a turn ends only once");
    late = turns[0] - RATE_TURN_MS * 1000; /* one before, which took too long */
    rate_end_turn(r, A, &late);
    tap_ok(late == 0 && rate_turn(r, A) == 0,
           "a turn that took too long does not end the one that followed it");
}

int main(void)
{
    test_minute();
    test_haste();
    test_spent();
    test_turns();
    return tap_done();
}
