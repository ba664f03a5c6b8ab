/* Watches the write-ahead log, and publishes new rows. */
#include "service/follow/poller.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/files/beside.h"
#include "base/process/clock.h"
#include "base/process/stop.h"
#include "service/follow/feed.h"
#include "service/ring/ring.h"
#include "service/rows/catchup.h"

#define LADDER_FIRST_NS 25000  /* 25 us */
#define LADDER_LAST_NS  800000 /* 0.8 ms: a look takes 8 us, 1 % of that */
#define TICK_US         10000  /* of the times of files */
#define LADDER_MS       50 /* even a commit that was synced to a slow disk is visible by then */

_Static_assert(POLLER_LOOK_MS + LADDER_MS < RING_SILENT_MS, "it is alive while it looks");
_Static_assert(POLLER_READ_MS < RING_SILENT_MS, "and while it reads");
_Static_assert(RING_SILENT_MS < RING_STALE_MS,
               "a poller that counts as stopped can be succeeded");

static const char *const suffixes[] = {"", "-wal", "-shm"};
enum { FILES = sizeof suffixes / sizeof *suffixes, WAL = 1 };

struct poller {
    const struct config *config;
    struct ring ring, snapshots;
    struct bell bell;
    struct failure failure;
    struct catchup log;
    struct filter all;
    struct stat files[FILES];        /* when the database was opened */
    int inotify, watch;              /* -1: none */
    bool ready;                      /* the ring continues from where the log is read */
    bool failing;                    /* the database can't be read */
    bool has_new;                    /* rows were appended in this read */
    bool unheard;                    /* rows were appended since the last ring */
    bool stale;                      /* the log was read since the last shared snapshot */
    int64_t appended;                /* the newest id in the ring */
    int64_t last_append, last_ring;  /* times */
    int64_t next_share;              /* of the snapshot */
    int64_t noticed_us;              /* when this look began, by the wall clock */
    int64_t next_look, next_check;   /* of the log, of the files */
    int64_t next_fresh;              /* connection */
    int64_t next_leave, last_reader; /* look for one; when there was one */
    size_t in_snapshot;              /* rows appended to the current snapshot ... */
    uint64_t begin;                  /* ... which begins here; 0: a row was too large */
};

/* Logs what was wrong with a file that was replaced.  Returns rc; if it is -1, *why is the
 * reason. */
static int accept_file(const struct config *config, const char *suffix, const char *trouble,
                       int rc, const char **why)
{
    if (rc < 0)
        *why = trouble ? trouble : strerror(errno);
    else if (trouble)
        log_line(&config->log, LOG_WARNING, "%s%s: %s; removed and created again",
                 config->db_path, suffix, trouble);
    return rc;
}

const char poller_elsewhere[] = "another process is its poller";

static int open_files(struct poller *p, const char **why)
{
    const char *trouble, *db_path = p->config->db_path;
    int rc = ring_make(&p->ring, db_path, &trouble);

    if (accept_file(p->config, "-ring", trouble, rc, why) < 0)
        return -1;
    p->snapshots = ring_snapshots(&p->ring);
    if (!ring_lock(&p->ring)) {
        *why = poller_elsewhere;
        return -1;
    }
    rc = bell_make(&p->bell, db_path, &trouble);
    return accept_file(p->config, "-bell", trouble, rc, why);
}

struct poller *poller_open(const struct config *config, const char **why)
{
    struct poller *p = calloc(1, sizeof *p);

    if (!p) {
        *why = strerror(ENOMEM);
        return NULL;
    }
    p->config = config;
    p->ring.fd = p->bell.fd = p->bell.write = p->watch = -1;
    p->last_reader = clock_ms();
    p->unheard = p->stale = true; /* wake readers that found no poller */
    p->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    prctl(PR_SET_TIMERSLACK, 1); /* by default 25 us take 75 */
    catchup_init(&p->log, config->db_path, &p->all, (struct cursor){CURSOR_LATEST, 0, 0});
    p->log.read_ms = POLLER_READ_MS;
    p->log.failure = &p->failure;
    if (open_files(p, why) == 0)
        return p;
    poller_close(p);
    return NULL;
}

void poller_close(struct poller *p)
{
    catchup_close(&p->log);
    if (p->inotify >= 0)
        close(p->inotify);
    ring_close(&p->ring);
    bell_close(&p->bell); /* last: readers that this wakes find the lock free */
    free(p);
}

void poller_wait(const struct poller *p)
{
    struct pollfd fd = {.fd = p->inotify, .events = POLLIN};
    int64_t ring = p->last_ring + POLLER_RING_MS, next = p->next_look;

    if (p->unheard && ring < next)
        next = ring;
    if (p->stale && p->ready && p->next_share < next)
        next = p->next_share;
    stop_poll(&fd, 1, next);
}

static bool append(void *context, const struct row *row)
{
    struct poller *p = context;

    ring_append(&p->ring, row, p->appended);
    p->appended = row->id;
    p->has_new = true;
    return true;
}

static bool put(void *context, const struct row *row)
{
    struct poller *p = context;

    if (record_size(row) == 0)
        p->begin = 0;
    ring_append(&p->snapshots, row, p->in_snapshot++ > 0 ? p->log.cursor.id : 0);
    return true;
}

/* Readers continue from the ring's present end.  Rows that the database has beyond it are in
 * the snapshot, and readers skip them in the ring. */
static void share_snapshot(struct poller *p)
{
    struct cursor cursor = p->log.cursor;
    enum read_result result = READ_MORE;

    p->log.cursor = (struct cursor){CURSOR_NONE, 0, 0};
    p->in_snapshot = 0;
    p->begin = p->snapshots.head;
    do
        result = catchup_read(&p->log, put, p);
    while (result == READ_MORE && p->log.in_snapshot);
    if (result != READ_FAILED)
        ring_end_snapshot(&p->snapshots, p->begin, p->in_snapshot < CATCHUP_SNAPSHOT_MATCHES,
                          p->log.cursor.id, p->ring.head);
    p->log.in_snapshot = false;
    p->log.cursor = cursor;
}

/* Rings at once after a pause; the snapshot follows. */
static void tell_readers(struct poller *p)
{
    int64_t now = clock_ms();

    if (p->unheard && now >= p->last_ring + POLLER_RING_MS) {
        bell_ring(&p->bell);
        p->last_ring = now;
        p->unheard = false;
    }
    if (p->stale && p->ready && now >= p->next_share) {
        share_snapshot(p);
        p->next_share = now + POLLER_SHARE_MS;
        p->stale = false;
    }
}

static void stat_file(const struct poller *p, int i, struct stat *st)
{
    const char *db_path = p->config->db_path;

    if (i == 0 ? stat(db_path, st) : beside_stat(db_path, suffixes[i], st))
        *st = (struct stat){0}; /* only the database may be a link */
}

/* Right after opening the database: records the identity of its files, and when the -wal was
 * last written before; watches the -wal. */
static void remember_files(struct poller *p, struct timespec wal_written)
{
    char path[BESIDE_PATH_MAX];

    for (int i = 0; i < FILES; i++)
        stat_file(p, i, &p->files[i]);
    p->files[WAL].st_mtim = wal_written;
    p->next_fresh = clock_ms() + POLLER_FRESH_MS;
    if (p->inotify >= 0 &&
        beside_path(path, sizeof path, p->config->db_path, suffixes[WAL]) == 0)
        p->watch = inotify_add_watch(p->inotify, path, IN_MODIFY);
}

/* Starts at the end of the log, or, so that no reader needs the database, where the previous
 * poller stopped, if that is shortly before. */
static enum read_result begin(struct poller *p)
{
    enum read_result result;
    int64_t last_id = 0;

    p->log.cursor = (struct cursor){CURSOR_LATEST, 0, 0};
    result = catchup_read(&p->log, append, p);
    if (result != READ_DRY)
        return result;
    remember_files(p, (struct timespec){0}); /* check with a fresh connection soon */
    ring_format(&p->snapshots, p->log.db.file.device, p->log.db.file.inode, 0);
    if (ring_resume(&p->ring, p->log.db.file.device, p->log.db.file.inode, &last_id) &&
        last_id <= p->log.head && last_id >= p->log.head - POLLER_RESUME_MAX &&
        last_id >= p->log.oldest - 1)
        p->log.cursor.id = last_id;
    else
        ring_format(&p->ring, p->log.db.file.device, p->log.db.file.inode, p->log.cursor.id);
    p->appended = p->log.cursor.id;
    p->ready = true;
    return READ_MORE;
}

static bool is_intact(const struct poller *p)
{
    return ring_intact(&p->ring) && ring_intact(&p->snapshots);
}

/* The age of the newest commit: from when this poller noticed, unless the -wal was written
 * earlier than a tick before. */
static void note_delay(const struct poller *p)
{
    struct stat wal;

    stat_file(p, WAL, &wal);
    int64_t written = (int64_t)wal.st_mtim.tv_sec * 1000000 + wal.st_mtim.tv_nsec / 1000;
    if (wal.st_ino == 0 || written + TICK_US > p->noticed_us)
        written = p->noticed_us;
    else
        written += TICK_US;
    histogram_add(&p->ring.header->published, clock_wall_us() - written);
}

static enum read_result append_new(struct poller *p)
{
    enum read_result result = READ_MORE;

    if (p->ready && db_replaced(&p->log.db))
        log_line(&p->config->log, LOG_NOTICE, "%s: replaced; reading the new file",
                 p->config->db_path);
    while (result == READ_MORE || (result == READ_RESET && p->ready)) {
        if (result == READ_RESET || db_replaced(&p->log.db) || !is_intact(p))
            p->ready = false;
        p->log.read_us = clock_us();
        result = p->ready ? catchup_read(&p->log, append, p) : begin(p);
        ring_beat(&p->ring, p->log.oldest - 1);
    }
    return result;
}

/* The database can't be read: readers find out why for themselves. */
static void fail(struct poller *p)
{
    if (!p->failing)
        log_line(&p->config->log, LOG_ERR, "%s", p->log.failure->text);
    p->failing = true;
    p->ready = false;
    ring_void(&p->ring);
}

/* Reads all new rows.  If the log is not a continuation, every reader is lost. */
static void read_log(struct poller *p)
{
    int64_t appended = p->appended;
    uint64_t writing = p->ring.writing;

    p->stale = true; /* even without new rows: matches may be written to by hand */
    if (append_new(p) == READ_DRY)
        p->failing = false;
    else if (stop_requested())
        return; /* the next poller continues from here */
    else
        fail(p);
    if (p->appended == appended && p->ring.writing == writing)
        return;
    p->unheard = true;
    p->last_append = clock_ms();
    if (p->has_new)
        note_delay(p);
    p->has_new = false;
}

static bool heard(struct poller *p)
{
    char events[4096];
    bool any = false;

    while (p->inotify >= 0 && read(p->inotify, events, sizeof events) > 0)
        any = true;
    return any;
}

/*
 * After an event, which comes when frames are written, shortly before the commit is visible:
 * looks again after 25, 50, 100 us ... until it is visible or must have been none.  Listens
 * for the next event only at the longest step; otherwise a busy writer would keep the poller
 * looking.
 */
static void climb_ladder(struct poller *p)
{
    struct pollfd fd = {.fd = p->inotify, .events = POLLIN};
    int64_t end = clock_ms() + LADDER_MS;
    struct timespec step = {.tv_nsec = LADDER_FIRST_NS};

    while (!catchup_changed(&p->log) && clock_ms() < end) {
        if (step.tv_nsec < LADDER_LAST_NS) {
            nanosleep(&step, NULL);
            step.tv_nsec *= 2;
        } else if (ppoll(&fd, 1, &step, NULL) > 0 && heard(p)) {
            step.tv_nsec = LADDER_FIRST_NS;
        }
    }
}

static int misplaced(const struct poller *p, const char *suffix)
{
    log_line(&p->config->log, LOG_WARNING,
             "%s%s: removed, replaced or truncated; starting over", p->config->db_path, suffix);
    return -1;
}

static void compare(struct poller *p)
{
    bool quiet = clock_ms() - p->last_append > POLLER_QUIET_MS;
    int64_t appended = p->appended;
    struct stat wal;

    stat_file(p, WAL, &wal);
    catchup_close(&p->log);
    read_log(p);
    remember_files(p, wal.st_mtim);
    if (quiet && p->appended > appended)
        log_line(&p->config->log, LOG_WARNING,
                 "%s: rows up to %lld were found only by a new connection", p->config->db_path,
                 (long long)p->appended);
}

/* A connection whose -shm was removed sees no new commits, and a new one may miss those of a
 * process that still uses the old -shm.  So if the -wal was written to, a fresh connection
 * reads the log now and then. */
static int check_files(struct poller *p)
{
    const char *db_path = p->config->db_path;
    struct stat st;

    if (!ring_in_place(&p->ring, db_path))
        return misplaced(p, "-ring");
    if (!beside_in_place(p->bell.fd, db_path, "-bell"))
        return misplaced(p, "-bell");
    for (int i = 0; p->ready && i < FILES; i++) {
        stat_file(p, i, &st);
        if (!file_is_same(&st, &p->files[i]))
            return misplaced(p, suffixes[i]);
    }
    stat_file(p, WAL, &st);
    if (p->ready && clock_left(p->next_fresh) == 0 &&
        memcmp(&st.st_mtim, &p->files[WAL].st_mtim, sizeof st.st_mtim) != 0)
        compare(p);
    return 0;
}

int poller_look(struct poller *p)
{
    int64_t now = clock_ms();
    int rc = 0;

    p->noticed_us = clock_wall_us();
    if (heard(p))
        climb_ladder(p);
    if (!p->ready || !is_intact(p) || p->log.cursor.id != p->log.head ||
        catchup_changed(&p->log))
        read_log(p);
    if (now >= p->next_check) {
        p->next_check = now + POLLER_CHECK_MS;
        rc = check_files(p);
    }
    p->next_look = now + (p->watch >= 0 || p->failing ? POLLER_LOOK_MS : POLLER_BLIND_MS);
    tell_readers(p);
    if (p->ready && p->log.cursor.id != p->log.head) /* a commit arrived meanwhile */
        p->next_look = now;
    ring_beat(&p->ring, p->log.oldest - 1);
    return rc;
}

bool poller_has_left(struct poller *p)
{
    int64_t now = clock_ms();

    if (now < p->next_leave)
        return false;
    p->next_leave = now + POLLER_CHECK_MS;
    if (!bell_is_alone(&p->bell, p->config->db_path)) {
        p->last_reader = now;
        return false;
    }
    if (now - p->last_reader < POLLER_LEAVE_MS)
        return false;
    ring_unlock(&p->ring);
    return bell_is_alone(&p->bell, p->config->db_path) || !ring_lock(&p->ring);
}
