/*
 * The header and the lock of DB-ring, which livescore maintains and feeder status inspects.
 * service/ring/ring.h explains them.
 */
#pragma once

#include <stdatomic.h>
#include <stdint.h>

#include "base/process/metrics.h"

/* "LSVRING6": the last letter is the format's version. */
#define RING_MAGIC UINT64_C(0x36474E495256534C)
#define RING_PAGE  4096 /* bytes before the records, with the headers */

/* Bytes of records, and of snapshots.  The file stays below 2 MiB: a larger mapping is aligned
 * to 2 MiB, and takes 8 KiB more of page tables per process. */
#define RING_CAPACITY  (UINT64_C(768) * 1024)
#define RING_AREA      (UINT64_C(257) * 4096)
#define RING_FILE_SIZE (RING_PAGE + RING_CAPACITY + RING_AREA)

#define RING_POLLER    0    /* the byte that the poller write-locks */
#define RING_SILENT_MS 2500 /* a poller without a stamp for so long counts as stopped */

struct ring_header {
    _Atomic uint64_t magic, capacity;
    _Atomic uint64_t db_device, db_inode; /* the rows' database */
    _Atomic uint64_t generation;          /* random; 0: invalid */
    _Atomic int64_t pid;        /* the writer's; 0: it has left; read it before `alive` */
    _Atomic int64_t last_id;    /* the newest row appended, as far as known */
    _Atomic uint64_t last_size; /* of the newest record; 0: readers can't go back */
    _Atomic int64_t alive;      /* the writer's last stamp, by the monotonic clock */
    _Atomic int64_t pruned;     /* the newest deleted row: older cursors are lost */
    _Atomic uint64_t reserved;
    _Atomic uint64_t head;
    _Atomic uint64_t latest, whole; /* snapshots: latest, latest whole; 0: none */

    /* for the metrics */
    _Atomic int64_t restarts;   /* writers whose predecessor died, since the file was made */
    struct histogram published; /* delays from the commit to the ring */
};
