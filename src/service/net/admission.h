/*
 * Who is connected: one slot for each child of a listener, so that there are
 * at most so many in all and of one client.  A client is an IPv4 address or an
 * IPv6 /64, which is what one household or one tenant gets (address_client).
 *
 * The table lies in memory that children do not inherit: it is the
 * parent's, and costs them no page.  Behind a proxy only the child learns who its client
 * is, from the request.  For that there is a second table, which all share: the
 * child claims a place in it for its client, and counts.
 */
#ifndef SERVICE_ADMISSION_H
#define SERVICE_ADMISSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct admission {
    struct slot *table; /* max places, the first n in use */
    size_t n, max, max_per_client;
    _Atomic uint64_t *claims; /* max places, shared with the children; NULL: not needed */
    size_t next;              /* where to look for a free one */
};

struct slot {
    uint64_t client; /* 0: not known (a Unix socket, a proxy): such are only counted in all */
    pid_t pid;
    uint32_t place; /* among the claims */
};

/* A child's place among the claims.  All zero: it has none, and claims nothing. */
struct admission_claim {
    _Atomic uint64_t *claims;
    size_t place, max, max_per_client;
};

/* claims: children are to tell who their clients are.  The tables go with the process.  -1: out
 * of memory. */
int admission_init(struct admission *s, size_t max, size_t max_per_client, bool claims);

enum admission_answer {
    ADMISSION_GRANTED,
    ADMISSION_FULL,        /* all places are taken */
    ADMISSION_CLIENT_FULL, /* this client has all that one client may have */
};

/* Is there a place for one more connection of this client? */
enum admission_answer admission_check(const struct admission *s, uint64_t client);

/* The claim of a child that is about to be forked.  There must be a place for it; it is
 * taken by admission_add, and free again if that is not called. */
struct admission_claim admission_offer(struct admission *s);

/* A place must be there; it is the one last offered. */
void admission_add(struct admission *s, uint64_t client, pid_t pid);

/* A pid that has no slot is no error: 0 then, else 1. */
int admission_remove(struct admission *s, pid_t pid);

/*
 * In the child: its client is this one.  Of two that come in the same instant for the last
 * place, both may be refused.
 */
enum admission_answer admission_claim(const struct admission_claim *claim, uint64_t client);

#endif
