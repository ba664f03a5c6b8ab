/* Buckets hold times of the monotonic clock in microseconds, which all processes share. */
#include "service/net/rate.h"

#include <sys/mman.h>
#include <sys/random.h>

#include "base/process/clock.h"

#define MINUTE INT64_C(60000000)
#define HASTE  50 /* requests at once: a first visit of the page has 40 */

/* A bucket is full when what its client used would take until `paid` at the limit's pace, and
 * that is a minute away. */
struct bucket {
    _Atomic int64_t paid[RATE_KINDS];
    _Atomic int64_t turns[RATE_TURNS]; /* when each ends, whatever became of its process */
};

struct rates {
    uint64_t key;
    struct bucket buckets[RATE_BUCKETS];
};

struct rates *rates_make(void)
{
    struct rates *r =
        mmap(NULL, sizeof *r, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (r == MAP_FAILED || getrandom(&r->key, sizeof r->key, 0) != sizeof r->key)
        return NULL;
    return r;
}

/* Mixes as splitmix64 does. */
static struct bucket *bucket_of(struct rates *r, uint64_t client)
{
    uint64_t h = client ^ r->key;

    h = (h ^ (h >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    h = (h ^ (h >> 27)) * UINT64_C(0x94D049BB133111EB);
    return &r->buckets[(h ^ (h >> 31)) % RATE_BUCKETS];
}

static int64_t now_us(void)
{
    return clock_ms() * 1000;
}

/* From now to two minutes ahead, whatever a child has written there. */
static int64_t read_paid(const _Atomic int64_t *paid, int64_t now)
{
    int64_t at = *paid, most = now + 2 * MINUTE;

    return at < now ? now : at < most ? at : most;
}

/* A load and a store: of two processes that count at once, one may be lost. */
int64_t rate_use(struct rates *r, enum rate_kind kind, uint64_t client, int64_t n,
                 int64_t limit)
{
    if (!r || client == 0 || limit == 0)
        return 0;
    _Atomic int64_t *paid = &bucket_of(r, client)->paid[kind];
    int64_t now = now_us(), then = read_paid(paid, now);

    then += n * MINUTE / limit;
    if (then - now > MINUTE)
        return (then - now - MINUTE) / 1000 + 1;
    if (n > 0)
        *paid = then;
    return 0;
}

bool rate_ask(struct rates *r, uint64_t client, const struct config *config)
{
    return rate_use(r, RATE_BYTES, client, 0, config->bytes_per_minute) == 0 &&
           rate_use(r, RATE_REQUESTS, client, 1, config->requests_per_minute) == 0;
}

bool rate_hastens(struct rates *r, uint64_t client, int64_t limit)
{
    int64_t now = now_us();

    return r && client > 0 && limit > 0 &&
           read_paid(&bucket_of(r, client)->paid[RATE_REQUESTS], now) - now >
               HASTE * MINUTE / limit;
}

void rate_spent(struct rates *r, enum rate_kind kind, uint64_t client, int64_t n, int64_t ms,
                int64_t limit)
{
    n -= limit * ms / 60000;
    if (!r || client == 0 || limit == 0 || n <= 0)
        return;
    _Atomic int64_t *paid = &bucket_of(r, client)->paid[kind];
    int64_t now = now_us(), then = read_paid(paid, now);
    int64_t more = n / limit >= 2 ? 2 * MINUTE : n * MINUTE / limit; /* at most: not for ever */

    *paid = then + more < now + 2 * MINUTE ? then + more : now + 2 * MINUTE;
}

int64_t rate_turn(struct rates *r, uint64_t client)
{
    _Atomic int64_t *turns = bucket_of(r, client)->turns;
    int64_t now = now_us(), turn = now + RATE_TURN_MS * 1000;

    for (int i = 0; i < RATE_TURNS; i++) {
        int64_t end = turns[i];
        if (end <= now && atomic_compare_exchange_strong(&turns[i], &end, turn))
            return turn;
    }
    return 0;
}

/* By then, another request may have the place of one that took too long. */
void rate_end_turn(struct rates *r, uint64_t client, int64_t *turn)
{
    int64_t end = *turn;

    for (int i = 0; *turn > 0 && i < RATE_TURNS; i++, end = *turn)
        if (atomic_compare_exchange_strong(&bucket_of(r, client)->turns[i], &end, 0))
            break;
    *turn = 0;
}
