/*
 * Limits what a client may ask for: requests and bytes in a minute, and answers that cost much
 * at the same time.
 *
 * A listener and its children share a table of buckets, in which each client has one by a keyed
 * hash.  Clients whose hashes collide share one, and so the limits of one client; as the key is
 * random and secret, none can choose with which.  A child that was taken over can write any
 * number there, and so refuse clients or admit them; nothing else depends on it.  Children
 * touch it only for what a listener can't count.
 */
#pragma once

#include <stdatomic.h>

#include "service/config.h"

#define RATE_BUCKETS 8192
#define RATE_TURNS   4          /* answers that cost much, of one client at a time */
#define RATE_TURN_MS 10000      /* one that takes longer waits for its client */
#define RATE_FREE    (64 << 10) /* bytes of a connection that are not counted */

/* The defaults, for each connection that a client may have. */
#define RATE_REQUESTS_EACH 60
#define RATE_BYTES_EACH    INT64_C(10000000)

enum rate_kind { RATE_REQUESTS, RATE_BYTES, RATE_KINDS };

struct rates;

/* Shared with children to be forked; NULL if memory is exhausted. */
struct rates *rates_make(void);

/*
 * Whether the client may use n more: 0, which counts them, or the milliseconds until it may.  A
 * client that used nothing for a minute may use a minute's share at once.  limit: in a minute;
 * 0: no limit.  client: 0 has no limits; so has every client if r is NULL.
 */
int64_t rate_use(struct rates *r, enum rate_kind kind, uint64_t client, int64_t n,
                 int64_t limit);

/* Whether the client may ask for something once more, which counts that. */
bool rate_ask(struct rates *r, uint64_t client, const struct config *config);

/* Whether the client is 50 requests ahead of the pace at which its limit lasts: others come
 * first. */
bool rate_hastens(struct rates *r, uint64_t client, int64_t limit);

/* Counts what was used over the last ms, beyond what the limit gives in that time. */
void rate_spent(struct rates *r, enum rate_kind kind, uint64_t client, int64_t n, int64_t ms,
                int64_t limit);

/* A turn for an answer that costs much, to be ended by rate_end_turn; 0: all are taken. */
int64_t rate_turn(struct rates *r, uint64_t client);

/* Ends it, if *turn is one, and sets it to 0. */
void rate_end_turn(struct rates *r, uint64_t client, int64_t *turn);
