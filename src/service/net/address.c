/* Addresses as bytes and text, and networks. */
#include "service/net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#define IPV4_BITS 96 /* length of the prefix of IPv4-mapped IPv6 addresses */

static const unsigned char ipv4_prefix[IPV4_BITS / 8] = {[10] = 0xFF, [11] = 0xFF};

static bool is_ipv4(const struct address *a)
{
    return memcmp(a->ip, ipv4_prefix, sizeof ipv4_prefix) == 0;
}

void address_from_bytes(struct address *a, const void *ip, size_t n)
{
    *a = (struct address){.kind = ADDRESS_IP};
    memcpy(a->ip, ipv4_prefix, sizeof ipv4_prefix);
    memcpy(a->ip + sizeof a->ip - n, ip, n);
}

void address_from(struct address *a, const struct sockaddr_storage *from)
{
    const struct sockaddr_in *four = (const struct sockaddr_in *)from;
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)from;

    *a = (struct address){.kind = ADDRESS_UNKNOWN};
    switch (from->ss_family) {
    case AF_INET: address_from_bytes(a, &four->sin_addr, sizeof four->sin_addr); break;
    case AF_INET6: address_from_bytes(a, &six->sin6_addr, sizeof six->sin6_addr); break;
    case AF_UNIX: a->kind = ADDRESS_UNIX; break;
    default: break;
    }
}

static bool is_port(struct span s)
{
    int64_t port;

    return s.len > 1 && s.at[0] == ':' &&
           span_to_int((struct span){s.at + 1, s.len - 1}, 65535, &port) == 0;
}

/* Removes the port from HOST[:PORT]; false if what follows the host is no port. */
static bool cut_port(struct span *host)
{
    const char *colon = memchr(host->at, ':', host->len);
    const char *end = host->at + host->len;

    if (host->at[0] == '[') {
        const char *bracket = memchr(host->at, ']', host->len);
        if (!bracket)
            return false;
        struct span rest = {bracket + 1, (size_t)(end - bracket - 1)};
        host->at++;
        host->len = (size_t)(bracket - host->at);
        /* "[192.0.2.7]" is invalid */
        return (rest.len == 0 || is_port(rest)) && memchr(host->at, ':', host->len);
    }
    if (!colon || memchr(colon + 1, ':', (size_t)(end - colon - 1)))
        return true; /* no port, or IPv6 without brackets */
    host->len = (size_t)(colon - host->at);
    return is_port((struct span){colon, (size_t)(end - colon)});
}

static int parse_bare(struct address *a, struct span text)
{
    char host[ADDRESS_TEXT_MAX];
    unsigned char ip[16];

    *a = (struct address){.kind = ADDRESS_UNKNOWN};
    if (text.len == 0 || text.len >= sizeof host || memchr(text.at, '\0', text.len))
        return -1;
    memcpy(host, text.at, text.len);
    host[text.len] = '\0';
    if (inet_pton(AF_INET, host, ip) == 1)
        address_from_bytes(a, ip, 4);
    else if (inet_pton(AF_INET6, host, ip) == 1)
        address_from_bytes(a, ip, 16);
    else
        return -1;
    return 0;
}

int address_parse(struct address *a, struct span text)
{
    *a = (struct address){.kind = ADDRESS_UNKNOWN};
    return text.len > 0 && cut_port(&text) ? parse_bare(a, text) : -1;
}

void address_text(const struct address *a, char text[ADDRESS_TEXT_MAX])
{
    struct buf b;

    buf_init(&b, text, ADDRESS_TEXT_MAX);
    if (a->kind != ADDRESS_IP)
        buf_puts(&b, a->kind == ADDRESS_UNIX ? "unix" : "-");
    else if (!is_ipv4(a))
        inet_ntop(AF_INET6, a->ip, text, ADDRESS_TEXT_MAX);
    else
        for (size_t i = sizeof ipv4_prefix; i < sizeof a->ip; i++) {
            buf_puts(&b, b.len > 0 ? "." : "");
            buf_put_int(&b, a->ip[i]);
        }
    if (b.len > 0)
        buf_putc(&b, '\0');
}

uint64_t address_client(const struct address *a)
{
    uint64_t client = 0;

    if (a->kind != ADDRESS_IP)
        return 0;
    /* IPv4: the last eight bytes begin with 0:0:ffff:ffff, as no routed /64 does */
    memcpy(&client, is_ipv4(a) ? a->ip + 8 : a->ip, sizeof client);
    return client > 1 ? client : UINT64_MAX; /* ::1 and its neighbours, and 100::/64 */
}

int network_parse(struct network *network, const char *text)
{
    const char *slash = strchr(text, '/');
    struct span host = {text, slash ? (size_t)(slash - text) : strlen(text)};
    int64_t bits = 0;

    *network = (struct network){.base = {.kind = ADDRESS_UNIX}};
    if (strcmp(text, "unix") == 0)
        return 0;
    if (parse_bare(&network->base, host) < 0)
        return -1;
    int width = is_ipv4(&network->base) ? 128 - IPV4_BITS : 128;
    if (slash && span_to_int(span_of(slash + 1), width, &bits) < 0)
        return -1;
    network->bits = slash ? 128 - width + (int)bits : 128;
    return 0;
}

static bool same_bits(const unsigned char *a, const unsigned char *b, int bits)
{
    size_t whole = (size_t)bits / 8;
    int rest = bits % 8;

    return memcmp(a, b, whole) == 0 && (rest == 0 || (a[whole] ^ b[whole]) >> (8 - rest) == 0);
}

bool network_any(const struct network *networks, size_t n, const struct address *a)
{
    for (size_t i = 0; i < n; i++)
        if (networks[i].base.kind == a->kind && a->kind != ADDRESS_UNKNOWN &&
            (a->kind == ADDRESS_UNIX ||
             same_bits(networks[i].base.ip, a->ip, networks[i].bits)))
            return true;
    return false;
}
