/*
 * Limits connections, in all and per client: an IPv4 address or an IPv6 /64, which is what a
 * household or a tenant gets (address_client).  Each child of a listener has a slot.
 *
 * Children do not inherit the tables' memory, so it costs them no page.  They see only how many
 * places are in use, in a page that they can't make writable.  Behind a proxy, only the child
 * learns its client, from each request: then children share the table of places, and each
 * claims its place for its client and counts.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct admission {
    struct slot *table; /* of the children, the first n in use */
    size_t n, max, max_per_client;
    struct places *places;       /* max, shared by listeners */
    _Atomic uint64_t *claims;    /* the same, shared with children; NULL: not needed */
    pid_t self;                  /* the listener */
    size_t next;                 /* where to start looking for a free place */
    _Atomic size_t *count;       /* places in use: hidden, or a page of its own */
    const _Atomic size_t *shown; /* that page, as children see it; NULL: they don't */
    _Atomic size_t hidden;
};

struct slot {
    pid_t pid;
    uint32_t place;
};

/* A child's place among the claims.  All zero: it has none, and every claim is granted. */
struct admission_claim {
    const _Atomic size_t *count;
    _Atomic uint64_t *claims;
    size_t place, max, max_per_client;
};

/* claims: children report their clients.  fd: a file for the places, empty or of another
 * listener; -1: they are only for this one.  s must not move.  Returns 0, or -1 if memory is
 * exhausted. */
int admission_init(struct admission *s, size_t max, size_t max_per_client, bool claims, int fd);

/* One listener replaces another: it takes over, which the other learns from admission_is_over,
 * and their parent from the file.  admission_take_over returns the one before, or 0;
 * admission_current the one that accepts, or 0. */
pid_t admission_take_over(struct admission *s);
bool admission_is_over(const struct admission *s);
pid_t admission_current(int fd);

/* The connections of all listeners, which children see from now on. */
size_t admission_count(const struct admission *s);

/* Shows children how many slots are in use.  Returns as admission_init does. */
int admission_show(struct admission *s);

enum admission_answer {
    ADMISSION_GRANTED,
    ADMISSION_SCARCE,      /* granted, but three quarters of the places are in use */
    ADMISSION_FULL,        /* every slot is in use */
    ADMISSION_CLIENT_FULL, /* the client has reached its limit */
};

/* Whether this client may have one more connection. */
enum admission_answer admission_check(const struct admission *s, uint64_t client);

/* The claim for the child to be forked next; a place must be free.  It remains free unless
 * admission_add, called next, takes it. */
struct admission_claim admission_offer(struct admission *s);

/* Records a forked child, at the place last offered.  client: 0 if unknown: it counts only
 * towards the total. */
void admission_add(struct admission *s, uint64_t client, pid_t pid);

/* Returns 1, or 0 if the pid has no slot, which is no error. */
int admission_remove(struct admission *s, pid_t pid);

/* In the child, once it knows the client of a request (0: none).  When two children claim the
 * last place at once, both may be refused. */
enum admission_answer admission_claim(const struct admission_claim *claim, uint64_t client);
