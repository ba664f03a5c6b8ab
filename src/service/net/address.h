/*
 * Whom a connection comes from: an IP address, a Unix socket, or nobody knows.  Pure:
 * addresses are parsed, printed and compared here, and no name is ever looked up.
 *
 * Sources: RFC 4291, 2.2 (IPv6 as text) and RFC 3986, 3.2.2 (in brackets, before a port).
 */
#ifndef SERVICE_ADDRESS_H
#define SERVICE_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define ADDRESS_TEXT_MAX 46 /* bytes of an address as text, NUL included */

struct sockaddr_storage;

struct address {
    enum { ADDRESS_UNKNOWN, ADDRESS_UNIX, ADDRESS_IP } kind;
    unsigned char ip[16]; /* ADDRESS_IP: IPv4 is ::ffff:a.b.c.d */
};

/* The addresses whose first so many bits are those of base. */
struct network {
    struct address base;
    int bits; /* 0 to 128; of the 16 bytes, so 96 more than are written for IPv4 */
};

void address_from(struct address *a, const struct sockaddr_storage *from);

/* n is 4 or 16 bytes in network order. */
void address_from_bytes(struct address *a, const void *ip, size_t n);

/*
 * Reads "192.0.2.7", "192.0.2.7:80", "2001:db8::7", "[2001:db8::7]" or "[2001:db8::7]:80";
 * the port is dropped.  Returns 0, or -1 if it is anything else, with *a unknown.
 */
int address_parse(struct address *a, struct span text);

/* "192.0.2.7", "2001:db8::7", "unix" or "-". */
void address_text(const struct address *a, char text[ADDRESS_TEXT_MAX]);

/* The client that an address stands for where clients are counted: one IPv4 address, one
 * IPv6 /64.  0: nobody in particular, for what is no IP address.  Never 1, which is admission's
 * own. */
uint64_t address_client(const struct address *a);

/* Reads ADDRESS, ADDRESS/BITS or "unix": 0, or -1 if it is anything else.  Bits behind
 * the network's own are ignored. */
int network_parse(struct network *network, const char *text);

/* Whether one of the networks has that address.  "unix" has every Unix socket. */
bool network_any(const struct network *networks, size_t n, const struct address *a);

#endif
