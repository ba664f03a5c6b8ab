/*
 * address: which texts are addresses, who counts as one client, which networks an address
 * is in.
 */
#include "service/net/address.h"

#include <netinet/in.h>
#include <sys/un.h>

#include "tap.h"

/* The address as it is printed, or "" if it is none.  The bytes end at a fence. */
static const char *reread(const char *text, size_t len, char out[ADDRESS_TEXT_MAX])
{
    struct fence fence;
    struct address a;

    fence_init(&fence, len);
    if (address_parse(&a, (struct span){fence_at_end(&fence, text, len), len}) < 0)
        out[0] = '\0';
    else
        address_text(&a, out);
    fence_free(&fence);
    return out;
}

static void test_parse(void)
{
    static const struct {
        const char *text, *address;
    } cases[] = {
        {"192.0.2.7", "192.0.2.7"},
        {"192.0.2.7:80", "192.0.2.7"},
        {"2001:db8::7", "2001:db8::7"},
        {"2001:DB8:0:0:0:0:0:7", "2001:db8::7"},
        {"[2001:db8::7]", "2001:db8::7"},
        {"[2001:db8::7]:65535", "2001:db8::7"},
        {"::ffff:192.0.2.7", "192.0.2.7"},
        {"::1", "::1"},
        {"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255",
         "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
        {"", ""},
        {"unknown", ""},
        {"_hidden", ""},
        {"192.0.2", ""},
        {"192.0.2.256", ""},
        {"192.0.2.7:", ""},
        {"192.0.2.7:65536", ""},
        {"192.0.2.7:8o", ""},
        {" 192.0.2.7", ""},
        {"192.0.2.7 ", ""},
        {"[192.0.2.7]", ""},
        {"[2001:db8::7", ""},
        {"[2001:db8::7]80", ""},
        {"[2001:db8::7]:", ""},
        {"2001:db8::7]", ""},
        {"[]", ""},
        {"[", ""},
        {":", ""},
        {"::g", ""},
        {"fe80::1%eth0", ""},
        {"fffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", ""},
        {"\"192.0.2.7\"", ""},
    };
    char out[ADDRESS_TEXT_MAX];

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        tap_is_text(reread(cases[i].text, strlen(cases[i].text), out), cases[i].address,
                    "'%s' is %s", cases[i].text,
                    *cases[i].address ? cases[i].address : "no address");
    tap_is_text(reread("1.2.3.4\0.5", 10, out), "", "a NUL ends no address");
}

static void test_kinds(void)
{
    struct sockaddr_storage from = {.ss_family = AF_UNIX};
    char out[ADDRESS_TEXT_MAX];
    struct address a;

    address_from(&a, &from);
    address_text(&a, out);
    tap_is_text(out, "unix", "a Unix socket is 'unix'");
    from.ss_family = AF_UNSPEC;
    address_from(&a, &from);
    address_text(&a, out);
    tap_is_text(out, "-", "an unknown address is shown as '-'");
    struct sockaddr_in6 *six = (void *)&from;
    six->sin6_family = AF_INET6;
    six->sin6_addr = in6addr_loopback;
    address_from(&a, &from);
    address_text(&a, out);
    tap_is_text(out, "::1", "an IPv6 socket has its address");
}

static uint64_t client(const char *text)
{
    struct address a;

    address_parse(&a, span_of(text));
    return address_client(&a);
}

static void test_clients(void)
{
    struct address socket = {.kind = ADDRESS_UNIX}, unknown = {.kind = ADDRESS_UNKNOWN};

    tap_ok(client("192.0.2.1") != client("192.0.2.2"), "two IPv4 addresses are two clients");
    tap_ok(client("192.0.2.1") == client("::ffff:192.0.2.1"),
           "an IPv4 address mapped into IPv6 is the same client");
    tap_ok(client("2001:db8::1") == client("2001:db8::ffff:ffff:ffff:ffff"),
           "an IPv6 /64 is one client");
    tap_ok(client("2001:db8::1") != client("2001:db8:0:1::1"),
           "the next IPv6 /64 is another client");
    tap_ok(client("192.0.2.1") != client("2001:db8::c000:201"),
           "an IPv4 client differs from the IPv6 client with the same bytes");
    tap_is_int((int64_t)address_client(&socket), 0, "a Unix socket has no client address");
    tap_is_int((int64_t)address_client(&unknown), 0,
               "an address of an unknown family has no client address");
    tap_ok(client("0.0.0.0") > 1 && client("::1") > 1 && client("::") > 1,
           "any IP address is a client address");
    tap_ok(client("100::7") > 1,
           "an address of the discard prefix, whose first byte is 1, is a client address");
}

static bool in(const char *network, const char *text)
{
    struct network networks[2];
    struct address a;

    if (network_parse(&networks[0], "198.51.100.1") < 0 ||
        network_parse(&networks[1], network) < 0)
        return false;
    address_parse(&a, span_of(text));
    return network_any(networks, 2, &a);
}

static void test_networks(void)
{
    static const char *const bad[] = {"",           "/8",           "192.0.2.1/33",
                                      "::1/129",    "192.0.2.1/",   "192.0.2.1/-1",
                                      "192.0.2/24", "192.0.2.1:80", "[::1]/128",
                                      "localhost",  "unix/8",       "::1/ 8"};
    struct address socket = {.kind = ADDRESS_UNIX}, unknown = {.kind = ADDRESS_UNKNOWN};
    struct network network;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        tap_is_int(network_parse(&network, bad[i]), -1, "'%s' is not a network", bad[i]);
    tap_ok(in("192.0.2.1", "192.0.2.1") && !in("192.0.2.1", "192.0.2.2"),
           "an address is a network of one");
    tap_ok(in("192.0.2.1", "198.51.100.1"), "an address in one of several networks is found");
    tap_ok(in("192.0.2.77/24", "192.0.2.255") && !in("192.0.2.77/24", "192.0.3.0"),
           "a network /24 goes by the first three bytes");
    tap_ok(in("10.0.0.0/9", "10.127.0.1") && !in("10.0.0.0/9", "10.128.0.1"),
           "a network /9 goes by eight bits and one of the second byte");
    tap_ok(in("0.0.0.0/0", "255.1.2.3") && !in("0.0.0.0/0", "2001:db8::1"),
           "0.0.0.0/0 is all of IPv4 and nothing else");
    tap_ok(in("::/0", "2001:db8::1") && in("::/0", "192.0.2.1"),
           "::/0 contains every IP address");
    tap_ok(in("2001:db8::/32", "2001:db8:ffff::1") && !in("2001:db8::/32", "2001:db9::1"),
           "an IPv6 address is found in its network");
    tap_ok(in("::1/128", "::1") && !in("::1/128", "::2"),
           "a network /128 contains a single address");
    tap_is_int(network_parse(&network, "unix"), 0, "'unix' is a network");
    tap_ok(network_any(&network, 1, &socket), "the network 'unix' has Unix sockets");
    tap_ok(!network_any(&network, 1, &unknown),
           "the network 'unix' has no address of an unknown family");
    network_parse(&network, "::/0");
    tap_ok(!network_any(&network, 1, &socket) && !network_any(&network, 1, &unknown),
           "::/0 contains neither Unix sockets nor unknown addresses");
    tap_ok(!network_any(&network, 0, &socket), "an empty list of networks contains no address");
}

int main(void)
{
    test_parse();
    test_kinds();
    test_clients();
    test_networks();
    return tap_done();
}
