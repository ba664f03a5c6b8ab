/* Maps the ring, and moves records in and out of it word by word. */
#include "service/ring/ring.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files/beside.h"
#include "base/process/clock.h"

_Static_assert(sizeof(struct ring_header) <= RING_PAGE / 2, "two headers are one page");
_Static_assert(RING_CAPACITY % RECORD_ALIGN == 0 && RING_AREA % RECORD_ALIGN == 0,
               "positions stay aligned");

static _Atomic uint64_t *words(const struct ring *r, uint64_t position)
{
    return (_Atomic uint64_t *)(r->records + position % r->capacity);
}

/* Takes ownership of fd, unless it is -1.  Rejects a file of any other size. */
static int map(struct ring *r, int fd, int protection)
{
    struct stat st;
    void *memory = MAP_FAILED;

    *r = (struct ring){.fd = fd};
    if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size == (off_t)RING_FILE_SIZE)
        memory = mmap(NULL, RING_FILE_SIZE, protection, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED) {
        ring_close(r);
        return -1;
    }
    r->file = file_id(&st);
    r->header = memory;
    r->records = (char *)memory + RING_PAGE;
    r->capacity = RING_CAPACITY;
    guard_begin(memory, RING_FILE_SIZE);
    return 0;
}

int ring_open(struct ring *r, const char *db_path)
{
    const char *trouble;

    return map(r, beside_open(db_path, "-ring", S_IFREG, O_RDONLY, &trouble), PROT_READ);
}

/* Allocates the whole file: on a full disk, a later store would raise SIGBUS. */
int ring_make(struct ring *r, const char *db_path, const char **trouble)
{
    int fd = beside_make(db_path, "-ring", S_IFREG, O_RDWR, trouble);

    if (fd >= 0 && (ftruncate(fd, RING_FILE_SIZE) < 0 ||
                    (errno = posix_fallocate(fd, 0, RING_FILE_SIZE)) != 0)) {
        close(fd);
        fd = -1;
    }
    return map(r, fd, PROT_READ | PROT_WRITE);
}

void ring_close(struct ring *r)
{
    int error = errno;

    if (r->header) {
        ring_unlock(r);
        guard_end();
        munmap(r->header, RING_FILE_SIZE);
    }
    if (r->fd >= 0)
        close(r->fd);
    r->header = NULL;
    r->fd = -1;
    errno = error;
}

bool ring_in_place(const struct ring *r, const char *db_path)
{
    struct stat st;

    return !guard_torn() && beside_stat(db_path, "-ring", &st) == 0 && file_is(r->file, &st) &&
           st.st_size == (off_t)RING_FILE_SIZE;
}

static const struct flock taken = {.l_type = F_WRLCK, .l_start = RING_POLLER, .l_len = 1};
static const struct flock given = {.l_type = F_UNLCK, .l_start = RING_POLLER, .l_len = 1};

static bool is_ring(const struct ring *r)
{
    const struct ring_header *h = r->header;

    return h->magic == RING_MAGIC && h->capacity == r->capacity;
}

bool ring_lock(struct ring *r)
{
    struct ring_header *h = r->header;

    r->locked = fcntl(r->fd, F_SETLK, &taken) == 0;
    if (r->locked && !is_ring(r))
        memset(h, 0, sizeof *h);
    if (r->locked && h->pid != 0 && h->pid != getpid())
        h->restarts++;
    return r->locked;
}

void ring_unlock(struct ring *r)
{
    if (!r->locked)
        return;
    r->header->pid = 0;
    fcntl(r->fd, F_SETLK, &given);
    r->locked = false;
}

bool ring_is_locked(const struct ring *r)
{
    struct flock lock = taken;

    return fcntl(r->fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

bool ring_join(struct ring *r)
{
    r->generation = r->header->generation;
    r->at = r->header->head;
    return is_ring(r) && r->generation != 0 && r->at % RECORD_ALIGN == 0;
}

struct ring ring_snapshots(const struct ring *r)
{
    char *file = (char *)r->header;

    return (struct ring){.fd = -1,
                         .header = (struct ring_header *)(file + RING_PAGE / 2),
                         .records = file + RING_PAGE + RING_CAPACITY,
                         .capacity = RING_AREA};
}

bool ring_join_snapshot(struct ring *s, const struct ring *r, bool whole)
{
    *s = ring_snapshots(r);
    if (!ring_join(s))
        return false;
    s->at = whole ? s->header->whole : s->header->latest;
    return s->at > 0;
}

bool ring_has_news(const struct ring *r)
{
    return r->header->generation != r->generation || r->header->head != r->at;
}

int64_t ring_silence(const struct ring *r)
{
    int64_t alive = r->header->alive, now = clock_ms();

    /* in the future: from before a reboot */
    return alive <= 0 || alive > now ? INT64_MAX : now - alive;
}

/* Copies a record's struct, or as much of it as there is before the end of the area. */
static void copy_struct(const struct ring *r, uint64_t position, struct record *record)
{
    uint64_t room = r->capacity - position % r->capacity;

    memset(record, 0, sizeof *record);
    record_load(words(r, position), record, sizeof *record < room ? sizeof *record : room);
}

/* Whether the bytes copied from position had not been overwritten when copying ended. */
static bool still_there(const struct ring *r, uint64_t position)
{
    atomic_thread_fence(memory_order_acquire);
    return r->header->generation == r->generation &&
           r->header->reserved - position <= r->capacity;
}

/* The key of checksums: a record of another place or another ring does not match. */
static uint64_t key(uint64_t ring_generation, uint64_t position)
{
    return ring_generation ^ position * UINT64_C(0x9E3779B97F4A7C15);
}

/* Copies the record at the reader's position.  RING_ROW: it is whole, or padding. */
static enum ring_result copy_record(const struct ring *r, uint64_t *memory, size_t cap)
{
    struct record *record = (void *)memory;
    uint64_t room = r->capacity - r->at % r->capacity;

    copy_struct(r, r->at, record);
    if (record->kind == RECORD_PAD)
        return record->size == room ? RING_ROW : RING_LOST;
    if (!record_plausible(record, room < RECORD_MAX ? room : RECORD_MAX))
        return RING_LOST;
    if (record->size > cap)
        return RING_LARGE;
    record_load(words(r, r->at + sizeof *record), record + 1, record->size - sizeof *record);
    return record_sound(memory, key(r->generation, r->at)) ? RING_ROW : RING_LOST;
}

enum ring_result ring_next(struct ring *r, struct row *row, int64_t *prev, uint64_t *memory,
                           size_t cap)
{
    const struct record *record = (const void *)memory;

    for (;;) {
        uint64_t head = r->header->head;
        enum ring_result result;
        if (r->header->generation != r->generation || !is_ring(r) || head < r->at ||
            (head | r->at) % RECORD_ALIGN != 0)
            return RING_LOST;
        if (head == r->at)
            return RING_EMPTY;
        result = copy_record(r, memory, cap);
        if (!still_there(r, r->at))
            return RING_LOST;
        if (result != RING_ROW)
            return result;
        if (record->size > head - r->at)
            return RING_LOST;
        r->at += record->size;
        if (record->kind == RECORD_PAD)
            continue;
        record_open(memory, row, prev);
        return record->kind == RECORD_GAP ? RING_GAP : RING_ROW;
    }
}

/* Follows `back` from record to record without trusting it: reading on from there checks. */
bool ring_rewind(struct ring *r, int64_t id)
{
    uint64_t at = r->at, back = r->header->last_size;
    struct record record = {0};

    while (back > 0 && back <= at && back % RECORD_ALIGN == 0) {
        at -= back;
        copy_struct(r, at, &record);
        if (!still_there(r, at))
            return false;
        back = record.back;
        if (record.kind != RECORD_PAD && (id == RING_NEWEST || record.prev <= id)) {
            r->at = at;
            return id <= record.id;
        }
    }
    return false;
}

bool ring_intact(const struct ring *r)
{
    return is_ring(r) && r->header->generation == r->writing && r->header->head == r->head &&
           r->header->reserved - r->head <= r->capacity;
}

static void reserve(struct ring *r, uint64_t end)
{
    _Atomic uint64_t *reserved = &r->header->reserved;

    if (*reserved < end)
        atomic_store_explicit(reserved, end, memory_order_relaxed);
    atomic_thread_fence(memory_order_release);
}

static void publish(struct ring *r, uint64_t *memory, size_t len, uint64_t size)
{
    struct ring_header *h = r->header;
    struct record *record = (void *)memory;

    record->back = h->last_size;
    reserve(r, r->head + size);
    record_store(words(r, r->head), memory, len);
    r->head += size;
    atomic_store_explicit(&h->head, r->head, memory_order_release);
    atomic_store_explicit(&h->last_size, size, memory_order_relaxed);
}

static void pad_for(struct ring *r, size_t size)
{
    uint64_t room = r->capacity - r->head % r->capacity;
    uint64_t pad[RECORD_ALIGN / sizeof(uint64_t)];

    if (size <= room)
        return;
    memcpy(pad, &(struct record){.size = (uint32_t)room, .kind = RECORD_PAD}, sizeof pad);
    publish(r, pad, sizeof pad, room);
}

static void append(struct ring *r, enum record_kind kind, const struct row *row, int64_t prev)
{
    uint64_t memory[RECORD_MAX / sizeof(uint64_t)];
    size_t size = record_size(row);

    pad_for(r, size);
    record_make(memory, kind, row, prev, key(r->writing, r->head));
    publish(r, memory, size, size);
    atomic_store_explicit(&r->header->last_id, row->id, memory_order_release);
}

void ring_append(struct ring *r, const struct row *row, int64_t prev)
{
    if (record_size(row) == 0)
        append(r, RECORD_GAP, &(struct row){.id = row->id}, row->id);
    else
        append(r, RECORD_ROW, row, prev);
}

void ring_end_snapshot(struct ring *s, uint64_t begin, bool whole, int64_t last_id, uint64_t at)
{
    append(s, RECORD_GAP, &(struct row){.id = last_id}, (int64_t)at);
    s->header->whole = whole ? begin : 0;
    s->header->latest = begin;
}

void ring_void(struct ring *r)
{
    r->writing = 0;
    r->header->generation = 0;
}

/* The first record, a gap, tells readers which row the ring continues from. */
void ring_format(struct ring *r, uint64_t db_device, uint64_t db_inode, int64_t last_id)
{
    struct ring_header *h = r->header;
    uint64_t random = 0;

    if (getrandom(&random, sizeof random, GRND_NONBLOCK) != sizeof random)
        random = (uint64_t)clock_ms() ^ (uint64_t)getpid() << 40;
    ring_void(r); /* invalid until the last line */
    h->magic = RING_MAGIC;
    h->capacity = r->capacity;
    h->db_device = db_device;
    h->db_inode = db_inode;
    h->pruned = 0;
    h->reserved = h->head = h->last_size = h->latest = h->whole = r->head = 0;
    r->writing = random | 1;
    append(r, RECORD_GAP, &(struct row){.id = last_id}, last_id);
    h->generation = r->writing;
}

/* The gap tells readers how far the ring goes, in case last_id was not stored in time. */
bool ring_resume(struct ring *r, uint64_t db_device, uint64_t db_inode, int64_t *last_id)
{
    struct ring_header *h = r->header;

    r->writing = h->generation;
    r->head = h->head;
    *last_id = h->last_id;
    h->last_size = 0; /* the last writer may have been killed before storing it */
    if (!ring_intact(r) || r->writing == 0 || r->head % RECORD_ALIGN != 0 || *last_id <= 0 ||
        ring_silence(r) > RING_STALE_MS || h->db_device != db_device || h->db_inode != db_inode)
        return false;
    append(r, RECORD_GAP, &(struct row){.id = *last_id}, *last_id);
    return true;
}

void ring_beat(struct ring *r, int64_t pruned)
{
    r->header->pruned = pruned;
    r->header->alive = clock_ms();
    r->header->pid = getpid();
}
