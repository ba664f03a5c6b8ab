/*
 * The origin of a connection: an IP address, a Unix socket, or unknown.  Pure, and never looks
 * up a name.
 *
 * Sources: RFC 4291, 2.2 (IPv6 as text) and RFC 3986, 3.2.2 (in brackets, before a port).
 */
#pragma once

#include "base/text/buf.h"

#define ADDRESS_TEXT_MAX 46 /* bytes of an address as text, NUL included */

struct sockaddr_storage;

struct address {
    enum { ADDRESS_UNKNOWN, ADDRESS_UNIX, ADDRESS_IP } kind;
    unsigned char ip[16]; /* ADDRESS_IP: IPv4 is ::ffff:a.b.c.d */
};

/* The addresses that share the first `bits` bits of base. */
struct network {
    struct address base;
    int bits; /* 0 to 128, in 16 bytes: for IPv4, 96 more than in text */
};

void address_from(struct address *a, const struct sockaddr_storage *from);

/* n: 4 or 16 bytes, in network order. */
void address_from_bytes(struct address *a, const void *ip, size_t n);

/* Parses "192.0.2.7", "192.0.2.7:80", "2001:db8::7", "[2001:db8::7]" or "[2001:db8::7]:80", and
 * drops the port.  Returns 0, or -1 for anything else, with *a unknown. */
int address_parse(struct address *a, struct span text);

/* Writes "192.0.2.7", "2001:db8::7", "unix" or "-". */
void address_text(const struct address *a, char text[ADDRESS_TEXT_MAX]);

/* The client to count an address as: one IPv4 address or one IPv6 /64.  0: not an IP address.
 * Never 1, which admission reserves. */
uint64_t address_client(const struct address *a);

/* Parses ADDRESS, ADDRESS/BITS or "unix".  Returns 0, or -1 for anything else.  Bits past the
 * prefix are ignored. */
int network_parse(struct network *network, const char *text);

/* Whether any of the networks contains the address; "unix" contains every Unix socket. */
bool network_any(const struct network *networks, size_t n, const struct address *a);
