/* Who is connected: how many in all, how many of one client, and who counts as one. */
#include "service/net/admission.h"

#include <sys/mman.h>

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
    struct admission s;

    tap_is_int(admission_init(&s, 5, 3, false, -1), 0, "a table of five, three of one client");
    for (pid_t pid = 1; pid <= 3; pid++) {
        tap_ok(admission_check(&s, a) <= ADMISSION_SCARCE,
               "connection %d of a client has a place", (int)pid);
        admission_add(&s, a, pid);
    }
    tap_is_int(admission_check(&s, a), ADMISSION_CLIENT_FULL,
               "a fourth connection of a client is refused because of the client");
    tap_ok(admission_check(&s, b) <= ADMISSION_SCARCE, "another client has a place");
    admission_add(&s, b, 4);
    tap_is_int(admission_remove(&s, 2), 1, "a connection that ends is removed");
    tap_is_int(admission_remove(&s, 2), 0, "a connection is removed only once");
    tap_ok(admission_check(&s, a) <= ADMISSION_SCARCE,
           "a connection that ends leaves its place to its client");
    admission_add(&s, a, 5);
    admission_add(&s, b, 6);
    tap_is_int(admission_check(&s, b), ADMISSION_FULL,
               "a sixth connection in all is refused because of the total");
    tap_is_int(admission_check(&s, a), ADMISSION_CLIENT_FULL,
               "a client with its share is told so also when the table is full");
    for (pid_t pid = 1; pid <= 6; pid++)
        admission_remove(&s, pid);
    tap_is_int((int64_t)s.n, 0, "all connections can be removed");
}

/* Otherwise clients without an address would be one client, and shut each other out. */
static void test_nobody(void)
{
    struct admission s;

    admission_init(&s, 3, 1, false, -1);
    admission_add(&s, 0, 1);
    tap_ok(admission_check(&s, 0) <= ADMISSION_SCARCE,
           "a client without an address is counted only in the total");
    admission_add(&s, 0, 2);
    admission_add(&s, 0, 3);
    tap_is_int(admission_check(&s, 0), ADMISSION_FULL,
               "a client without an address is refused at the total limit");
}

/* What children do behind a proxy, all in one process: claims are shared memory. */
static void test_claims(void)
{
    uint64_t a = client("192.0.2.1"), b = client("192.0.2.2");
    struct admission_claim claims[5], none = {0};
    struct admission s;

    admission_init(&s, 5, 2, true, -1);
    for (pid_t pid = 1; pid <= 5; pid++) {
        claims[pid - 1] = admission_offer(&s);
        admission_add(&s, 0, pid);
    }
    tap_ok(admission_claim(&claims[0], a) <= ADMISSION_SCARCE,
           "a child claims its place for its client");
    tap_ok(admission_claim(&claims[1], a) <= ADMISSION_SCARCE,
           "a second connection of the same client is admitted up to its limit");
    tap_is_int(admission_claim(&claims[2], a), ADMISSION_CLIENT_FULL,
               "a client at its limit gets no further place");
    tap_is_int(admission_claim(&claims[2], a), ADMISSION_CLIENT_FULL,
               "a client that was refused has no share in the count");
    tap_ok(admission_claim(&claims[3], b) <= ADMISSION_SCARCE,
           "another client may connect when one has its share");
    tap_ok(admission_claim(&claims[4], 0) <= ADMISSION_SCARCE,
           "a client without an address is admitted below the total limit");
    admission_remove(&s, 1);
    tap_ok(admission_claim(&claims[2], a) <= ADMISSION_SCARCE,
           "a child that ends leaves its claim");
    struct admission_claim sixth = admission_offer(&s);
    tap_is_int((int64_t)sixth.place, (int64_t)claims[0].place,
               "a new child gets the place of one that has ended");
    tap_is_int(admission_claim(&sixth, a), ADMISSION_CLIENT_FULL,
               "a new child keeps the limit of a client before its parent has added it");
    tap_ok(admission_claim(&sixth, b) <= ADMISSION_SCARCE,
           "a new child gets a place for another client before its parent has added it");
    admission_add(&s, 0, 6);
    admission_remove(&s, 4);
    struct admission_claim seventh = admission_offer(&s);
    tap_ok(admission_claim(&seventh, b) <= ADMISSION_SCARCE,
           "a new child gets a place after its parent has removed another");
    tap_is_int(admission_claim(&seventh, a), ADMISSION_CLIENT_FULL,
               "a removal by the parent leaves the claims of other children counted");
    tap_ok(admission_claim(&none, a) <= ADMISSION_SCARCE, "without a table nothing is counted");
}

/* A connection counts itself. */
static void test_scarcity(void)
{
    uint64_t a = client("192.0.2.1");
    struct admission_claim claims[8], claim;
    struct admission s, few;

    admission_init(&s, 8, 4, true, -1);
    admission_show(&s);
    tap_is_int(admission_check(&s, a), ADMISSION_GRANTED, "places are not scarce at first");
    for (pid_t pid = 1; pid <= 2; pid++) {
        claims[pid] = admission_offer(&s);
        admission_add(&s, a, pid);
        admission_claim(&claims[pid], a);
    }
    tap_is_int(admission_claim(&claims[2], a), ADMISSION_GRANTED,
               "to a child, half of its client's places are not scarce");
    tap_is_int(admission_check(&s, a), ADMISSION_SCARCE,
               "the third of a client's four places is scarce");
    tap_is_int(admission_check(&s, 0), ADMISSION_GRANTED,
               "a client's places are not scarce to others");
    claims[3] = admission_offer(&s);
    tap_is_int(admission_claim(&claims[3], a), ADMISSION_SCARCE,
               "a child finds the third of its client's places scarce");
    tap_is_int(admission_claim(&claims[3], 0), ADMISSION_GRANTED,
               "a child without a client finds no client's places scarce");
    tap_is_int(admission_claim(&claims[2], a), ADMISSION_GRANTED,
               "a child that has no client any more leaves its share to the client");
    for (pid_t pid = 3; pid <= 5; pid++)
        admission_add(&s, 0, pid);
    tap_is_int(admission_claim(&claims[3], 0), ADMISSION_GRANTED,
               "to a child, five of eight places are not scarce");
    tap_is_int(admission_check(&s, 0), ADMISSION_SCARCE, "the sixth of eight places is scarce");
    claim = admission_offer(&s);
    tap_is_int(admission_claim(&claims[3], 0), ADMISSION_SCARCE,
               "a child finds places scarce before its parent has added the next");
    admission_add(&s, 0, 6);
    admission_remove(&s, 4);
    tap_is_int(admission_claim(&claims[3], 0), ADMISSION_GRANTED,
               "a place that is given back is not scarce any more");
    void *page = (void *)(uintptr_t)claim.count;
    tap_is_int(mprotect(page, sizeof *claim.count, PROT_READ | PROT_WRITE), -1,
               "a child can't make the count of places writable");

    admission_init(&few, 1, 1, false, -1);
    tap_is_int(admission_check(&few, a), ADMISSION_SCARCE, "the only place is scarce");
}

int main(void)
{
    test_scarcity();
    test_claims();
    test_limits();
    test_nobody();
    return tap_done();
}
