/* Who is connected: how many in all, how many of one client, and who counts as one. */
#include "service/net/admission.h"

#include "service/net/address.h"

#include "tap.h"

static uint64_t client(const char *text)
{
    struct address address;

    address_parse(&address, span_of(text));
    return address_client(&address);
}

static void test_limits(void)
{
    uint64_t a = client("192.0.2.1"), b = client("192.0.2.2");
    struct slots s;

    tap_is_int(slots_init(&s, 5, 3, false), 0, "a table of five, three of one client");
    for (pid_t pid = 1; pid <= 3; pid++) {
        tap_is_int(slots_refusal(&s, a), 0, "connection %d of a client has a place", (int)pid);
        slots_add(&s, a, pid);
    }
    tap_is_int(slots_refusal(&s, a), 429, "a fourth has none: its own doing");
    tap_is_int(slots_refusal(&s, b), 0, "another client has");
    slots_add(&s, b, 4);
    tap_is_int(slots_remove(&s, 2), 1, "one goes");
    tap_is_int(slots_remove(&s, 2), 0, "once");
    tap_is_int(slots_refusal(&s, a), 0, "and leaves its place");
    slots_add(&s, a, 5);
    slots_add(&s, b, 6);
    tap_is_int(slots_refusal(&s, b), 503, "a sixth in all has none: nobody's doing");
    tap_is_int(slots_refusal(&s, a), 429, "unless it has had its share as well");
    for (pid_t pid = 1; pid <= 6; pid++)
        slots_remove(&s, pid);
    tap_is_int((int64_t)s.n, 0, "all of them go");
    slots_release(&s);
}

/* Those of no address would else be one client, and shut each other out. */
static void test_nobody(void)
{
    struct slots s;

    slots_init(&s, 3, 1, false);
    slots_add(&s, 0, 1);
    tap_is_int(slots_refusal(&s, 0), 0, "who has no address is only counted in all");
    slots_add(&s, 0, 2);
    slots_add(&s, 0, 3);
    tap_is_int(slots_refusal(&s, 0), 503, "up to that limit");
    slots_release(&s);
}

/* What children do behind a proxy, all in one process: claims are shared memory. */
static void test_claims(void)
{
    uint64_t a = client("192.0.2.1"), b = client("192.0.2.2");
    struct slots_claim claims[5], none = {0};
    struct slots s;

    slots_init(&s, 5, 2, true);
    for (pid_t pid = 1; pid <= 5; pid++) {
        claims[pid - 1] = slots_offer(&s);
        slots_add(&s, 0, pid);
    }
    tap_is_int(slots_claim(&claims[0], a), 0, "a child claims its place for its client");
    tap_is_int(slots_claim(&claims[1], a), 0, "another may for the same, up to the limit");
    tap_is_int(slots_claim(&claims[2], a), 429, "one more may not");
    tap_is_int(slots_claim(&claims[2], a), 429, "and has no share in the count");
    tap_is_int(slots_claim(&claims[3], b), 0, "another client may");
    tap_is_int(slots_claim(&claims[4], 0), 0, "nobody in particular may");
    slots_remove(&s, 1);
    tap_is_int(slots_claim(&claims[2], a), 0, "a child that ends leaves its claim");
    struct slots_claim sixth = slots_offer(&s);
    tap_is_int((int64_t)sixth.place, (int64_t)claims[0].place, "to the next one");
    tap_is_int(slots_claim(&sixth, a), 429, "which may be faster with it than its parent");
    tap_is_int(slots_claim(&sixth, b), 0, "and have it");
    slots_add(&s, 0, 6);
    slots_remove(&s, 4);
    struct slots_claim seventh = slots_offer(&s);
    tap_is_int(slots_claim(&seventh, b), 0, "without the parent forgetting it");
    tap_is_int(slots_claim(&seventh, a), 429, "nor the others");
    tap_is_int(slots_claim(&none, a), 0, "without a table nothing is counted");
    slots_release(&s);
}

int main(void)
{
    test_claims();
    test_limits();
    test_nobody();
    return tap_done();
}
