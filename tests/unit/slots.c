/* Who is connected: how many in all, how many of one client, and who counts as one. */
#include "service/slots.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "tap.h"

static uint64_t client(const char *text)
{
    struct sockaddr_storage address = {0};
    struct sockaddr_in *four = (void *)&address;
    struct sockaddr_in6 *six = (void *)&address;

    address.ss_family = AF_UNIX;
    if (inet_pton(AF_INET, text, &four->sin_addr) == 1)
        address.ss_family = AF_INET;
    else if (inet_pton(AF_INET6, text, &six->sin6_addr) == 1)
        address.ss_family = AF_INET6;
    return slots_client(&address);
}

static void test_clients(void)
{
    tap_ok(client("192.0.2.1") != client("192.0.2.2"), "two IPv4 addresses are two clients");
    tap_ok(client("192.0.2.1") == client("::ffff:192.0.2.1"),
           "mapped into IPv6 it is the same");
    tap_ok(client("2001:db8::1") == client("2001:db8::ffff:ffff:ffff:ffff"),
           "an IPv6 /64 is one client");
    tap_ok(client("2001:db8::1") != client("2001:db8:0:1::1"), "the next one is another");
    tap_ok(client("192.0.2.1") != client("2001:db8::c000:201"), "IPv4 is not IPv6");
    tap_is_int((int64_t)client("a socket"), 0, "a Unix socket is nobody in particular");
    tap_ok(client("0.0.0.0") != 0, "any IPv4 address is somebody");
}

static void test_limits(void)
{
    uint64_t a = client("192.0.2.1"), b = client("192.0.2.2");
    struct slots s;

    tap_is_int(slots_init(&s, 5, 3), 0, "a table of five, three of one client");
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

    slots_init(&s, 3, 1);
    slots_add(&s, 0, 1);
    tap_is_int(slots_refusal(&s, 0), 0, "who has no address is only counted in all");
    slots_add(&s, 0, 2);
    slots_add(&s, 0, 3);
    tap_is_int(slots_refusal(&s, 0), 503, "up to that limit");
    slots_release(&s);
}

int main(void)
{
    test_clients();
    test_limits();
    test_nobody();
    return tap_done();
}
