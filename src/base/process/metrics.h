/*
 * What both programs tell Prometheus.  Facts are members of a JSON object: a sample's name
 * (without "livescore_", with its labels) and its value, or an array for a histogram.
 * sql/base/metrics.sql makes the text of them, and describes each metric.
 *
 * The counters of a listener and its viewers are in memory that they share.  A viewer that was
 * taken over can write any number there: they are only shown.
 */
#pragma once

#include <stdatomic.h>
#include <stdint.h>

#include "base/text/buf.h"

#define METRICS_FACTS_MAX 16384 /* bytes of JSON */
#define METRICS_ROUTES    12
#define METRICS_CODES     24
#define HISTOGRAM_FIRST_US                                                                     \
    250                      /* the first bound; each is twice the one before (metrics.sql)    \
                              */
#define HISTOGRAM_BUCKETS 17 /* the last one has no bound */

/* Of durations.  Several processes may add to it. */
struct histogram {
    _Atomic uint64_t sum_us, n[HISTOGRAM_BUCKETS];
};

/* Negative durations count as 0. */
void histogram_add(struct histogram *h, int64_t us);

/* The frequent counters by their place, those with a label by name: metrics_note. */
enum { METRICS_CONNECTIONS, METRICS_SENT_BYTES, METRICS_ROWS_SENT, METRICS_CATCHUPS };
enum { METRICS_COUNTERS_MAX = 48 };

/* On one page: no process that counts touches more. */
struct metrics {
    _Atomic uint64_t version; /* a hash of the program's, by which others know the layout */
    _Atomic uint64_t counters[METRICS_COUNTERS_MAX];
    _Atomic uint64_t responses[METRICS_ROUTES][METRICS_CODES];
    struct histogram send_delay; /* from the ring to the socket */
};

/* Shared with children to be forked, and with other listeners of the same version that have the
 * file fd (-1: none).  Returns NULL if memory is exhausted. */
struct metrics *metrics_make(int fd);

/* These do nothing if m is NULL. */
void metrics_add(struct metrics *m, size_t counter, uint64_t n);

/* Adds 1 to a counter with a label, such as resets_total and gone, or to its value "other". */
void metrics_note(struct metrics *m, const char *name, const char *value);

/* These write members, each with a comma. */
void metrics_put(struct buf *b, const char *name, int64_t n);
void metrics_put_counters(struct buf *b, const struct metrics *m); /* without responses */

/* The version, the size of the database's -wal, and what the poller says in the ring's header
 * (NULL: there is none). */
struct ring_header;
void metrics_put_common(struct buf *b, const char *db_path, const struct ring_header *ring);
