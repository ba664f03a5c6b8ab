/*
 * proxy: PROXY headers of both versions, whole and cut anywhere; and the client that
 * X-Forwarded-For names, if the field can be trusted.
 */
#include "service/http/http.h"

#include "tap.h"

#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"
#define V4_BLOCK  "\xC0\0\2\7\xC0\0\2\1\xDC\4\1\xBB"
#define V6_BLOCK                                                                               \
    "\x20\1\x0D\xB8\0\0\0\0\0\0\0\0\0\0\0\7"                                                   \
    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1"                                                         \
    "\xDC\4\1\xBB"

struct example {
    const char *bytes;
    size_t len;
    const char *client; /* "-": the header names none */
    const char *what;
};

#define EXAMPLE(bytes, client, what)                                                           \
    {                                                                                          \
        bytes, sizeof bytes - 1, client, what                                                  \
    }

static const struct example good[] = {
    EXAMPLE("PROXY TCP4 192.0.2.7 192.0.2.1 56324 443\r\n", "192.0.2.7", "TCP4"),
    EXAMPLE("PROXY TCP6 2001:db8::7 ::1 65535 0\r\n", "2001:db8::7", "TCP6"),
    EXAMPLE("PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff "
            "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
            "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "the longest TCP6"),
    EXAMPLE("PROXY UNKNOWN\r\n", "-", "UNKNOWN"),
    EXAMPLE("PROXY UNKNOWN ffff::1 ffff::2 65535 65535\r\n", "-", "UNKNOWN with addresses"),
    EXAMPLE(SIGNATURE "\x21\x11\0\x0C" V4_BLOCK, "192.0.2.7", "version 2, TCP over IPv4"),
    EXAMPLE(SIGNATURE "\x21\x12\0\x0C" V4_BLOCK, "192.0.2.7", "version 2, UDP over IPv4"),
    EXAMPLE(SIGNATURE "\x21\x21\0\x24" V6_BLOCK, "2001:db8::7", "version 2, IPv6"),
    EXAMPLE(SIGNATURE "\x21\x11\0\x13" V4_BLOCK "\4\0\4abcd", "192.0.2.7",
            "version 2, with something added"),
    EXAMPLE(SIGNATURE "\x20\0\0\0", "-", "version 2, LOCAL"),
    EXAMPLE(SIGNATURE "\x20\x11\0\x0C" V4_BLOCK, "-", "version 2, LOCAL with addresses"),
    EXAMPLE(SIGNATURE "\x21\0\0\0", "-", "version 2, PROXY of nothing"),
};

static const struct example bad[] = {
    EXAMPLE("GET / HTTP/1.1\r\n", "", "a request"),
    EXAMPLE("PROXIES", "", "another word"),
    EXAMPLE("PROXY TCP4 192.0.2.7 192.0.2.1 56324 443\n", "", "a line that LF ends"),
    EXAMPLE("PROXY TCP4 192.0.2.7 192.0.2.1 56324\r\n", "", "one port"),
    EXAMPLE("PROXY TCP4 192.0.2.7 192.0.2.1 56324 65536\r\n", "", "an invalid port"),
    EXAMPLE("PROXY TCP4 192.0.2.7 192.0.2.1 56324 443 \r\n", "", "a space at the end"),
    EXAMPLE("PROXY TCP4  192.0.2.7 192.0.2.1 56324 443\r\n", "", "two spaces"),
    EXAMPLE("PROXY TCP4 192.0.2 192.0.2.1 56324 443\r\n", "", "an invalid address"),
    EXAMPLE("PROXY TCP4 192.0.2.7:1 192.0.2.1 56324 443\r\n", "", "an address with a port"),
    EXAMPLE("PROXY TCP4 2001:db8::7 ::1 56324 443\r\n", "", "IPv6 as TCP4"),
    EXAMPLE("PROXY TCP6 192.0.2.7 192.0.2.1 56324 443\r\n", "", "IPv4 as TCP6"),
    EXAMPLE("PROXY TCP6 [2001:db8::7] ::1 56324 443\r\n", "", "brackets"),
    EXAMPLE("PROXY UDP4 192.0.2.7 192.0.2.1 56324 443\r\n", "", "another protocol"),
    EXAMPLE("PROXY \r\n", "", "nothing"),
    EXAMPLE("\r\n\r\n\r\n", "", "half a signature"),
    EXAMPLE(SIGNATURE "\x11", "", "version 1 as version 2"),
    EXAMPLE(SIGNATURE "\x22", "", "an unknown command"),
    EXAMPLE(SIGNATURE "\x21\x11\0\x0B" V4_BLOCK, "", "a block that is too short for IPv4"),
    EXAMPLE(SIGNATURE "\x21\x21\0\x23" V6_BLOCK, "", "one that is too short for IPv6"),
    EXAMPLE(SIGNATURE "\x21\x31\0\x0C" V4_BLOCK, "", "one that is too short for a path"),
    EXAMPLE(SIGNATURE "\x21\x41\0\x0C" V4_BLOCK, "", "an unknown family"),
    EXAMPLE(SIGNATURE "\x21\x13\0\x0C" V4_BLOCK, "", "an unknown protocol"),
    EXAMPLE(SIGNATURE "\x21\x10\0\x0C" V4_BLOCK, "", "no protocol"),
    EXAMPLE(SIGNATURE "\x21\x01\0\x00", "", "no family"),
};

/* As proxy_parse, from bytes that end at a fence; the client goes to text. */
static int parse(const char *bytes, size_t len, char text[ADDRESS_TEXT_MAX])
{
    struct address client = {.kind = ADDRESS_UNKNOWN};
    struct fence fence;
    int n;

    fence_init(&fence, len);
    n = proxy_parse(fence_at_end(&fence, bytes, len), len, &client);
    fence_free(&fence);
    address_text(&client, text);
    return n;
}

static bool incomplete_before(const struct example *e)
{
    char text[ADDRESS_TEXT_MAX];

    for (size_t len = 0; len < e->len; len++) {
        if (parse(e->bytes, len, text) != HTTP_INCOMPLETE || strcmp(text, "-") != 0) {
            tap_diag("at %zu bytes", len);
            return false;
        }
    }
    return true;
}

static void test_good(void)
{
    char text[ADDRESS_TEXT_MAX], longer[256];

    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        const struct example *e = &good[i];
        tap_is_int(parse(e->bytes, e->len, text), (int64_t)e->len, "%s is a header", e->what);
        tap_is_text(text, e->client, "%s names %s", e->what, e->client);
        tap_ok(incomplete_before(e), "%s is incomplete wherever it is cut", e->what);
        memcpy(longer, e->bytes, e->len);
        memcpy(longer + e->len, "GET / HTTP/1.0\r\n", 16);
        tap_is_int(parse(longer, e->len + 16, text), (int64_t)e->len,
                   "%s ends where the request begins", e->what);
    }
}

static void test_bad(void)
{
    char text[ADDRESS_TEXT_MAX];

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const struct example *e = &bad[i];
        bool hopeless = false;
        for (size_t len = 0; len <= e->len; len++) {
            int n = parse(e->bytes, len, text);
            if (n >= 0 || (hopeless && n == HTTP_INCOMPLETE)) {
                tap_diag("%d at %zu bytes", n, len);
                hopeless = false;
                break;
            }
            hopeless = n == HTTP_BAD;
        }
        tap_ok(hopeless, "%s is refused, and stays so", e->what);
    }
}

static void test_bounds(void)
{
    char bytes[PROXY_V2_MAX + 1] = "PROXY UNKNOWN ", text[ADDRESS_TEXT_MAX];

    memset(bytes + 14, 'x', PROXY_V1_MAX);
    memcpy(bytes + PROXY_V1_MAX - 2, "\r\n", 2);
    tap_is_int(parse(bytes, PROXY_V1_MAX, text), PROXY_V1_MAX, "a line of 107 bytes is whole");
    memcpy(bytes + PROXY_V1_MAX - 2, "x\r\n", 3);
    tap_is_int(parse(bytes, PROXY_V1_MAX - 1, text), HTTP_INCOMPLETE,
               "a line without an end is incomplete up to 106 bytes");
    tap_is_int(parse(bytes, PROXY_V1_MAX, text), HTTP_BAD,
               "a header without an end is wrong at 107 bytes");
    tap_is_int(parse(bytes, PROXY_V1_MAX + 1, text), HTTP_BAD,
               "a line of 108 bytes is refused");

    memset(bytes, 0, sizeof bytes);
    memcpy(bytes, SIGNATURE "\x21\0", 14);
    bytes[14] = (char)((PROXY_V2_MAX - 16) >> 8);
    bytes[15] = (char)((PROXY_V2_MAX - 16) & 255);
    tap_is_int(parse(bytes, PROXY_V2_MAX, text), PROXY_V2_MAX,
               "4096 bytes of version 2 are whole");
    bytes[15]++;
    tap_is_int(parse(bytes, 16, text), HTTP_BAD,
               "4097 bytes of version 2 are refused as soon as they are announced");
}

/* The client of a request through 10.0.0.1, if 10.0.0.0/8 and 2001:db8::/32 are trusted. */
static void forwarded(const char *fields, const char *expected, const char *what)
{
    char head[512], text[ADDRESS_TEXT_MAX];
    struct http_request req;
    struct network trusted[2];
    struct address client;

    snprintf(head, sizeof head, "GET / HTTP/1.0\r\n%s\r\n", fields);
    http_parse(head, strlen(head), &req);
    network_parse(&trusted[0], "10.0.0.0/8");
    network_parse(&trusted[1], "2001:db8::/32");
    address_parse(&client, span_of("10.0.0.1"));
    proxy_forwarded(&req, trusted, 2, &client);
    address_text(&client, text);
    tap_is_text(text, expected, "%s", what);
}

static void test_forwarded(void)
{
    forwarded("", "10.0.0.1", "the client is the proxy where there is no field");
    forwarded("X-Forwarded-For: 192.0.2.7\r\n", "192.0.2.7",
              "the client is the one that the field names");
    forwarded("x-forwarded-for: [2001:db9::7]:80\r\n", "2001:db9::7", "IPv6 and a port, too");
    forwarded("X-Forwarded-For: 203.0.113.9, 192.0.2.7\r\n", "192.0.2.7",
              "the field of an untrusted client is ignored");
    forwarded("X-Forwarded-For: 192.0.2.7, 10.1.1.1,2001:db8::1\r\n", "192.0.2.7",
              "behind several trusted proxies the client is the address before the first");
    forwarded("X-Forwarded-For: 10.1.1.1, 10.2.2.2\r\n", "10.1.1.1",
              "if all addresses are trusted, the client is the left-most");
    forwarded("X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-For: 10.2.2.2\r\n", "192.0.2.7",
              "several forwarding fields are read as one list");
    forwarded("X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-For: 192.0.2.8\r\n", "192.0.2.8",
              "the last of several fields counts first");
    forwarded("X-Forwarded-For: garbage\r\n", "10.0.0.1",
              "if the field is garbage, the client is the proxy");
    forwarded("X-Forwarded-For: 192.0.2.7, unknown\r\n", "10.0.0.1",
              "an address to the left of garbage is ignored");
    forwarded("X-Forwarded-For: 192.0.2.7, unknown, 10.3.3.3\r\n", "10.3.3.3",
              "an address to the right of garbage counts");
    forwarded("X-Forwarded-For: ,, 192.0.2.7 ,\t, \r\n", "192.0.2.7",
              "empty elements are ignored");
    forwarded("X-Forwarded-For: \r\n", "10.0.0.1", "an empty field is ignored");
    forwarded("Forwarded: for=192.0.2.7\r\n", "10.0.0.1",
              "the field that is not configured is not read");
}

int main(void)
{
    test_good();
    test_bad();
    test_bounds();
    test_forwarded();
    return tap_done();
}
