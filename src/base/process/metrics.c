/* Counts, and composes facts. */
#include "base/process/metrics.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/files/beside.h"
#include "base/files/ring_file.h"
#include "base/process/clock.h"
#include "base/sqlite/db.h"

_Static_assert(sizeof(struct metrics) <= 4096, "the counters fit on a page");

static const struct counter {
    const char *name, *label, *value;
} counters[] = {
    [METRICS_CONNECTIONS] = {"connections_total", NULL, NULL},
    [METRICS_SENT_BYTES] = {"sent_bytes_total", NULL, NULL},
    [METRICS_ROWS_SENT] = {"rows_sent_total", NULL, NULL},
    [METRICS_CATCHUPS] = {"catchups_total", NULL, NULL},
    {"refused_total", "reason", "client"},
    {"refused_total", "reason", "total"},
    {"refused_total", "reason", "rate"},
    {"refused_total", "reason", "costly"},
    {"refused_total", "reason", "process"},
    {"refused_total", "reason", "unanswered"},
    {"resets_total", "reason", "gone"},
    {"resets_total", "reason", "ahead"},
    {"resets_total", "reason", "changed"},
    {"resets_total", "reason", "invalid"},
    {"streams_ended_total", "why", "client-closed"},
    {"streams_ended_total", "why", "write-timeout"},
    {"streams_ended_total", "why", "max-stream"},
    {"streams_ended_total", "why", "token"},
    {"streams_ended_total", "why", "stopped"},
    {"streams_ended_total", "why", "database"},
    {"streams_ended_total", "why", "no-memory"},
    {"streams_ended_total", "why", "killed"},
    {"streams_ended_total", "why", "other"},
};

#define COUNTERS (sizeof counters / sizeof *counters)

_Static_assert(COUNTERS <= METRICS_COUNTERS_MAX, "each counter has a place");

void histogram_add(struct histogram *h, int64_t us)
{
    uint64_t n = us > 0 ? (uint64_t)us : 0;
    size_t bucket = 0;

    while (bucket < HISTOGRAM_BUCKETS - 1 && n > (uint64_t)HISTOGRAM_FIRST_US << bucket)
        bucket++;
    atomic_fetch_add_explicit(&h->sum_us, n, memory_order_relaxed);
    atomic_fetch_add_explicit(&h->n[bucket], 1, memory_order_relaxed);
}

struct metrics *metrics_make(int fd)
{
    uint64_t version = span_hash(SPAN_HASH, span_of(LIVESCORE_VERSION));
    bool file = fd >= 0 && ftruncate(fd, sizeof(struct metrics)) == 0;
    struct metrics *m = mmap(NULL, sizeof *m, PROT_READ | PROT_WRITE,
                             file ? MAP_SHARED : MAP_SHARED | MAP_ANONYMOUS, file ? fd : -1, 0);

    if (m == MAP_FAILED)
        return NULL;
    if (m->version != 0 && m->version != version) {
        munmap(m, sizeof *m);
        return metrics_make(-1);
    }
    m->version = version;
    return m;
}

void metrics_add(struct metrics *m, size_t counter, uint64_t n)
{
    if (m)
        atomic_fetch_add_explicit(&m->counters[counter], n, memory_order_relaxed);
}

void metrics_note(struct metrics *m, const char *name, const char *value)
{
    for (size_t i = METRICS_CATCHUPS + 1; i < COUNTERS; i++) {
        if (strcmp(counters[i].name, name) == 0 && (strcmp(counters[i].value, value) == 0 ||
                                                    strcmp(counters[i].value, "other") == 0)) {
            metrics_add(m, i, 1);
            return;
        }
    }
}

void metrics_put(struct buf *b, const char *name, int64_t n)
{
    buf_printf(b, "\"%s\":%lld,", name, (long long)n);
}

static void put_histogram(struct buf *b, const char *name, const struct histogram *h)
{
    buf_printf(b, "\"%s\":[%llu", name, (unsigned long long)h->sum_us);
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
        buf_printf(b, ",%llu", (unsigned long long)h->n[i]);
    buf_puts(b, "],");
}

void metrics_put_counters(struct buf *b, const struct metrics *m)
{
    for (size_t i = 0; i < COUNTERS; i++) {
        const struct counter *c = &counters[i];
        long long n = (long long)m->counters[i];
        if (c->label)
            buf_printf(b, "\"%s{%s=\\\"%s\\\"}\":%lld,", c->name, c->label, c->value, n);
        else
            metrics_put(b, c->name, n);
    }
    put_histogram(b, "send_delay_seconds", &m->send_delay);
}

void metrics_put_common(struct buf *b, const char *db_path, const struct ring_header *ring)
{
    int64_t now = clock_ms(), alive = ring && ring->pid != 0 ? ring->alive : 0;

    buf_printf(b, "\"build_info{version=\\\"%s\\\",sqlite=\\\"%s\\\"}\":1,", LIVESCORE_VERSION,
               db_library_version());
    metrics_put(b, "wal_bytes", beside_size(db_path, "-wal"));
    if (alive > 0 && alive <= now)
        buf_printf(b, "\"poller_alive_seconds\":%.3f,", (double)(now - alive) / 1000);
    if (!ring)
        return;
    metrics_put(b, "poller_restarts_total", ring->restarts);
    put_histogram(b, "publish_delay_seconds", &ring->published);
}
