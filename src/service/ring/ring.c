/* Maps the ring, and moves records in and out of it word by word. */
#include "service/ring/ring.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/db.h"
#include "service/ring/guard.h"

#define WORD       sizeof(uint64_t)
#define REWIND_MAX 1536 /* bytes of a record that a rewound reader can begin after */

_Static_assert(sizeof(struct ring_header) <= RING_PAGE, "the header is one page");
_Static_assert(RING_CAPACITY % RECORD_ALIGN == 0, "positions stay aligned");

static _Atomic uint64_t *words(const struct ring *r, uint64_t position)
{
    return (_Atomic uint64_t *)((char *)r->header + RING_PAGE + position % RING_CAPACITY);
}

/* Another process may be making it at this moment. */
static int make_file(const char *path, const char *db_path, int flags)
{
    struct stat db;
    int fd =
        stat(db_path, &db) < 0 ? -1 : open(path, flags | O_CREAT | O_EXCL, db.st_mode & 0666);

    if (fd >= 0)
        fchmod(fd, db.st_mode & 0666); /* whatever the umask was */
    else if (errno == EEXIST)
        fd = open(path, flags);
    return fd;
}

/* A regular file of the right length, whatever was there of it; but not one that has another
 * name as well, and so is somebody's. */
static int open_file(struct ring *r, const char *db_path)
{
    char path[RING_PATH_MAX];
    struct stat st;
    int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;

    if (db_path_beside(path, sizeof path, db_path, "-ring") < 0)
        return -1;
    r->fd = open(path, flags);
    if (r->fd < 0 && errno == ENOENT)
        r->fd = make_file(path, db_path, flags);
    if (r->fd < 0 || fstat(r->fd, &st) < 0)
        return -1;
    if (!S_ISREG(st.st_mode) || st.st_nlink > 1) {
        errno = EINVAL;
        return -1;
    }
    r->device = st.st_dev;
    r->inode = st.st_ino;
    return st.st_size == (off_t)RING_FILE_SIZE ? 0 : ftruncate(r->fd, RING_FILE_SIZE);
}

int ring_open(struct ring *r, const char *db_path)
{
    void *map;

    *r = (struct ring){.fd = -1};
    if (open_file(r, db_path) < 0)
        goto fail;
    map = mmap(NULL, RING_FILE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, 0);
    if (map == MAP_FAILED)
        goto fail;
    r->header = map;
    guard_begin(map, RING_FILE_SIZE);
    return 0;
fail:
    ring_close(r);
    return -1;
}

void ring_close(struct ring *r)
{
    int error = errno;

    if (r->header) {
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
    char path[RING_PATH_MAX];
    struct stat st;

    return !guard_torn() && db_path_beside(path, sizeof path, db_path, "-ring") == 0 &&
           lstat(path, &st) == 0 && st.st_dev == r->device && st.st_ino == r->inode &&
           st.st_size == (off_t)RING_FILE_SIZE;
}

static bool set_lock(const struct ring *r, int slot, short type)
{
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = slot, .l_len = 1};

    return fcntl(r->fd, F_SETLK, &lock) == 0;
}

bool ring_lock(struct ring *r, int slot)
{
    return set_lock(r, slot, F_WRLCK);
}

void ring_unlock(struct ring *r, int slot)
{
    set_lock(r, slot, F_UNLCK);
}

static bool is_ring(const struct ring *r)
{
    const struct ring_header *h = r->header;

    return atomic_load_explicit(&h->magic, memory_order_relaxed) == RING_MAGIC &&
           atomic_load_explicit(&h->capacity, memory_order_relaxed) == RING_CAPACITY;
}

static uint64_t generation(const struct ring *r)
{
    return atomic_load_explicit(&r->header->generation, memory_order_acquire);
}

bool ring_join(struct ring *r)
{
    r->generation = generation(r);
    r->at = atomic_load_explicit(&r->header->head, memory_order_acquire);
    return is_ring(r) && r->generation != 0 && r->at % RECORD_ALIGN == 0;
}

bool ring_has_news(const struct ring *r)
{
    return generation(r) != r->generation ||
           atomic_load_explicit(&r->header->head, memory_order_acquire) != r->at;
}

int64_t ring_silence(const struct ring *r)
{
    int64_t alive = atomic_load_explicit(&r->header->alive, memory_order_relaxed);
    int64_t now = clock_ms();

    return alive <= 0 || alive > now ? INT64_MAX
                                     : now - alive; /* later than now: another boot's */
}

int64_t ring_unwatched(const struct ring *r)
{
    int64_t watched = atomic_load_explicit(&r->header->watched, memory_order_relaxed);
    int64_t now = clock_ms();

    return watched <= 0 || watched > now ? INT64_MAX : now - watched;
}

void ring_watch(struct ring *r)
{
    atomic_store_explicit(&r->header->watched, clock_ms(), memory_order_relaxed);
}

bool ring_stale(const struct ring *r)
{
    int64_t alive = atomic_load_explicit(&r->header->alive, memory_order_relaxed);
    int64_t now = clock_ms(), last = alive < 0 ? -alive : alive;

    return last > now || last < now - RING_STALE_MS;
}

bool ring_left(const struct ring *r)
{
    return atomic_load_explicit(&r->header->alive, memory_order_relaxed) < 0;
}

void *ring_area(const struct ring *r)
{
    return (char *)r->header + RING_PAGE + RING_CAPACITY;
}

bool ring_is_of(const struct ring *r, const char *db_path)
{
    struct stat st;

    return stat(db_path, &st) == 0 &&
           atomic_load_explicit(&r->header->db_device, memory_order_relaxed) == st.st_dev &&
           atomic_load_explicit(&r->header->db_inode, memory_order_relaxed) == st.st_ino;
}

static void copy_out(const struct ring *r, uint64_t position, void *memory, size_t size)
{
    const _Atomic uint64_t *from = words(r, position);
    uint64_t *to = memory;

    for (size_t i = 0; i < size / WORD; i++)
        to[i] = atomic_load_explicit(&from[i], memory_order_relaxed);
}

/* Copies a record's struct, as far as there is room for it up to the end of the area. */
static void copy_struct(const struct ring *r, uint64_t position, struct record *record)
{
    uint64_t room = RING_CAPACITY - position % RING_CAPACITY;

    memset(record, 0, sizeof *record);
    copy_out(r, position, record, sizeof *record < room ? sizeof *record : room);
}

/* Whether what was copied from there was still in place at the end of copying. */
static bool still_there(const struct ring *r, uint64_t position)
{
    atomic_thread_fence(memory_order_acquire);
    return generation(r) == r->generation &&
           atomic_load_explicit(&r->header->reserved, memory_order_relaxed) - position <=
               RING_CAPACITY;
}

/* What checksums are keyed with: a record of another place or another ring is none. */
static uint64_t key(uint64_t ring_generation, uint64_t position)
{
    return ring_generation ^ position * UINT64_C(0x9E3779B97F4A7C15);
}

/* Copies the record at the reader's position.  RING_ROW: it is a whole one, or padding. */
static enum ring_result copy_record(const struct ring *r, uint64_t *memory, size_t cap)
{
    struct record *record = (void *)memory;
    uint64_t room = RING_CAPACITY - r->at % RING_CAPACITY;

    copy_struct(r, r->at, record);
    if (record->kind == RECORD_PAD)
        return record->size == room ? RING_ROW : RING_LOST;
    if (!record_plausible(record, room < RECORD_MAX ? room : RECORD_MAX))
        return RING_LOST;
    if (record->size > cap)
        return RING_LARGE;
    copy_out(r, r->at + sizeof *record, record + 1, record->size - sizeof *record);
    return record_sound(memory, key(r->generation, r->at)) ? RING_ROW : RING_LOST;
}

enum ring_result ring_next(struct ring *r, struct row *row, int64_t *prev, uint64_t *memory,
                           size_t cap)
{
    const struct record *record = (const void *)memory;

    for (;;) {
        uint64_t head = atomic_load_explicit(&r->header->head, memory_order_acquire);
        enum ring_result result;
        if (generation(r) != r->generation || !is_ring(r) || head < r->at ||
            head % RECORD_ALIGN != 0)
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
        return record->kind == RECORD_MARK ? RING_MARK : RING_ROW;
    }
}

/* Whether a sound record of that size, small enough to be looked at, begins there. */
static bool begins_at(const struct ring *r, uint64_t position, uint64_t size)
{
    uint64_t memory[REWIND_MAX / WORD];
    struct ring at = *r;

    at.at = position;
    return copy_record(&at, memory, sizeof memory) == RING_ROW && still_there(r, position) &&
           ((struct record *)memory)->size == size;
}

/* Each record says how long the one before it is.  Nothing of that is trusted: the row
 * that is found last must be sound, and reading on from there checks the rest. */
bool ring_rewind(struct ring *r, int64_t id)
{
    uint64_t at = r->at;
    uint64_t back = atomic_load_explicit(&r->header->last_size, memory_order_relaxed);
    struct record record = {0};

    while (back > 0 && back <= at && back % RECORD_ALIGN == 0) {
        copy_struct(r, at - back, &record);
        if (!still_there(r, at - back))
            return false;
        if (record.kind != RECORD_PAD && record.id <= id) {
            r->at = at;
            return begins_at(r, at - back, back);
        }
        at -= back;
        back = record.back;
        if (record.kind != RECORD_PAD && record.prev <= id) {
            r->at = at;
            return true;
        }
    }
    return false;
}

void ring_format(struct ring *r, uint64_t db_device, uint64_t db_inode, int64_t last_id)
{
    struct ring_header *h = r->header;
    uint64_t random = 0;

    if (getrandom(&random, sizeof random, GRND_NONBLOCK) != sizeof random)
        random = (uint64_t)clock_ms() ^ (uint64_t)getpid() << 40;
    atomic_store(&h->generation, 0); /* from here to the last line this is no ring */
    atomic_store(&h->magic, RING_MAGIC);
    atomic_store(&h->capacity, RING_CAPACITY);
    atomic_store(&h->db_device, db_device);
    atomic_store(&h->db_inode, db_inode);
    atomic_store(&h->pid, (uint64_t)getpid());
    atomic_store(&h->last_id, last_id);
    atomic_store(&h->announced, 0);
    atomic_store(&h->reserved, 0);
    atomic_store(&h->head, 0);
    atomic_store(&h->last_size, 0);
    r->head = 0;
    r->writing = random | 1;
    atomic_store(&h->generation, r->writing);
    ring_beat(r);
}

bool ring_intact(const struct ring *r)
{
    return is_ring(r) && generation(r) == r->writing &&
           atomic_load_explicit(&r->header->head, memory_order_relaxed) == r->head &&
           atomic_load_explicit(&r->header->reserved, memory_order_relaxed) - r->head <=
               RING_CAPACITY;
}

/* Announces that everything up to end is about to be written over. */
static void reserve(struct ring *r, uint64_t end)
{
    _Atomic uint64_t *reserved = &r->header->reserved;

    if (atomic_load_explicit(reserved, memory_order_relaxed) < end)
        atomic_store_explicit(reserved, end, memory_order_relaxed);
    atomic_thread_fence(memory_order_release);
}

/* Writes the first len bytes of a record that takes size bytes. */
static void publish(struct ring *r, uint64_t *memory, size_t len, uint64_t size)
{
    struct ring_header *h = r->header;
    struct record *record = (void *)memory;
    _Atomic uint64_t *to = words(r, r->head);

    record->back = atomic_load_explicit(&h->last_size, memory_order_relaxed);
    reserve(r, r->head + size);
    for (size_t i = 0; i < len / WORD; i++)
        atomic_store_explicit(&to[i], memory[i], memory_order_relaxed);
    r->head += size;
    atomic_store_explicit(&h->head, r->head, memory_order_release);
    atomic_store_explicit(&h->last_size, size, memory_order_relaxed);
}

/* Fills the rest of the area, if a record of that size does not fit there. */
static void pad_for(struct ring *r, size_t size)
{
    uint64_t room = RING_CAPACITY - r->head % RING_CAPACITY;
    uint64_t pad[RECORD_ALIGN / WORD];

    if (size <= room)
        return;
    memcpy(pad, &(struct record){.size = (uint32_t)room, .kind = RECORD_PAD}, sizeof pad);
    publish(r, pad, sizeof pad, room);
}

static void append(struct ring *r, enum record_kind kind, const struct row *row, int64_t prev)
{
    uint64_t memory[RECORD_MAX / WORD];
    size_t size = record_size(row);

    pad_for(r, size);
    record_make(memory, kind, row, prev, key(r->writing, r->head));
    publish(r, memory, size, size);
    atomic_store_explicit(&r->header->last_id, row->id, memory_order_release);
}

/* The mark tells readers how far the ring goes, in case last_id is not what was written. */
bool ring_resume(struct ring *r, uint64_t db_device, uint64_t db_inode, int64_t *last_id)
{
    struct ring_header *h = r->header;

    r->writing = generation(r);
    r->head = atomic_load(&h->head);
    *last_id = atomic_load(&h->last_id);
    atomic_store(&h->pid, (uint64_t)getpid());
    atomic_store(&h->last_size, 0); /* whoever wrote it may have been killed in between */
    if (!ring_intact(r) || r->writing == 0 || r->head % RECORD_ALIGN != 0 || *last_id <= 0 ||
        atomic_load(&h->db_device) != db_device || atomic_load(&h->db_inode) != db_inode)
        return false;
    append(r, RECORD_MARK, &(struct row){.id = *last_id}, *last_id);
    return true;
}

void ring_append(struct ring *r, const struct row *row, int64_t prev)
{
    if (record_size(row) == 0)
        append(r, RECORD_MARK, &(struct row){.id = row->id}, row->id);
    else
        append(r, RECORD_ROW, row, prev);
}

void ring_beat(struct ring *r)
{
    atomic_store_explicit(&r->header->alive, clock_ms(), memory_order_relaxed);
}

bool ring_announced(const struct ring *r, int64_t id)
{
    return atomic_load_explicit(&r->header->announced, memory_order_acquire) >= id;
}

void ring_announce(struct ring *r, int64_t id)
{
    atomic_store_explicit(&r->header->announced, id, memory_order_release);
}

void ring_rest(struct ring *r)
{
    atomic_store_explicit(&r->header->alive, -clock_ms(), memory_order_relaxed);
}
