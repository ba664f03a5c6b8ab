/*
 * The file DB-ring: its header and its lock, as livescore keeps them and feeder
 * status looks at them.  What they mean for readers and the writer, service/ring/ring.h says.
 */
#ifndef BASE_RING_FILE_H
#define BASE_RING_FILE_H

#include <stdatomic.h>
#include <stdint.h>

/* "LSVRING5": the format's version is its last letter. */
#define RING_MAGIC UINT64_C(0x35474E495256534C)
#define RING_PAGE  4096 /* bytes before the records, which the header is in */

/* Bytes of records, and of the area.  The whole file is below 2 MiB: a larger mapping is
 * aligned to 2 MiB, and takes 8 KiB more of page tables in each process. */
#define RING_CAPACITY  (UINT64_C(768) * 1024)
#define RING_AREA      (UINT64_C(257) * 4096)
#define RING_FILE_SIZE (RING_PAGE + RING_CAPACITY + RING_AREA)

#define RING_POLLER    0    /* the byte of the file that the poller has a write lock on */
#define RING_SILENT_MS 2500 /* a poller that was not alive for so long is taken for stopped */

struct ring_header {
    _Atomic uint64_t magic, capacity;
    _Atomic uint64_t db_device, db_inode; /* of the database that the rows are from */
    _Atomic uint64_t generation;          /* random; 0: not a ring */
    _Atomic int64_t pid;                  /* of the writer: read before its `alive` */
    _Atomic int64_t last_id;    /* the newest row that was appended, as far as known */
    _Atomic uint64_t last_size; /* of the newest record; 0: there is none to go back to */
    _Atomic int64_t alive;      /* when the writer last was, by the monotonic clock */
    _Atomic int64_t pruned;     /* the newest row that was deleted: older cursors are lost */
    _Atomic uint64_t reserved;
    _Atomic uint64_t head;
    _Atomic uint64_t latest, whole; /* of snapshots: where the latest begins, and the latest
                                     * that has every match; 0: there is none */
};

#endif
