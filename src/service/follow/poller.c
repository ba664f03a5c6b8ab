/* Watches the write-ahead log, reads what is new, and passes it on. */
#include "service/follow/poller.h"

#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/stop.h"

#define LADDER_FIRST_NS 25000  /* 25 us */
#define LADDER_LAST_NS  800000 /* 0.8 ms: a look takes 8 us, 1 % of that */
#define LADDER_MS       50     /* a commit that was synced to a slow disk is seen by then */
#define CHECK_MS        500    /* between looks at the files' places */
#define ELECTION_MS     1000   /* between tries of a poller that was not elected */

/* Watches the -wal file that is there now. */
static void watch_wal(struct poller *p)
{
    char path[RING_PATH_MAX];
    struct stat st;

    if (p->inotify < 0 || db_path_beside(path, sizeof path, p->db_path, "-wal") < 0 ||
        stat(path, &st) < 0 || (p->watch >= 0 && st.st_ino == p->wal_inode))
        return;
    if (p->watch >= 0)
        inotify_rm_watch(p->inotify, p->watch);
    p->watch = inotify_add_watch(p->inotify, path, IN_MODIFY | IN_DELETE_SELF | IN_MOVE_SELF);
    p->wal_inode = st.st_ino;
}

void poller_start(struct poller *p, const char *db_path, struct ring *ring, struct bell *bell)
{
    memset(p, 0, offsetof(struct poller, snapshot));
    p->db_path = db_path;
    p->ring = ring;
    p->bell = bell;
    p->watch = -1;
    snapshot_init(&p->snapshot, ring);
    p->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    prctl(PR_SET_TIMERSLACK, 1); /* or 25 us would be 75 */
    if (ring_stale(ring))
        ring_format(ring, 0, 0, 0);
    ring_beat(ring);
    catchup_init(&p->log, db_path, &p->all, (struct cursor){CURSOR_LATEST, 0});
}

void poller_stop(struct poller *p)
{
    catchup_close(&p->log);
    if (p->inotify >= 0)
        close(p->inotify);
    p->inotify = -1;
    ring_rest(p->ring);
    ring_unlock(p->ring, RING_POLLER);
    bell_ring(p->bell);
}

int64_t poller_deadline(const struct poller *p)
{
    int64_t ring = p->last_ring + POLLER_RING_MS;

    return p->unheard && ring < p->next_look ? ring : p->next_look;
}

/* A bell that was silent rings at once. */
static void ring_bell(struct poller *p)
{
    int64_t now = clock_ms();

    if (!p->unheard || now < p->last_ring + POLLER_RING_MS)
        return;
    p->unheard = false;
    p->last_ring = now;
    bell_ring(p->bell);
    ring_announce(p->ring, p->appended);
}

static bool append(void *context, const struct row *row)
{
    struct poller *p = context;

    ring_append(p->ring, row, p->appended);
    snapshot_put(&p->snapshot, row);
    p->appended = row->id;
    return true;
}

static bool put(void *context, const struct row *row)
{
    struct poller *p = context;

    snapshot_put(&p->snapshot, row);
    return true;
}

/* Fills the snapshot from the database: then the log's cursor is at its end. */
static enum read_result fill_snapshot(struct poller *p)
{
    enum read_result result = READ_MORE;

    p->log.cursor = (struct cursor){CURSOR_NONE, 0};
    snapshot_clear(&p->snapshot);
    while (result == READ_MORE)
        result = catchup_read(&p->log, put, p);
    p->next_fill = clock_ms() + POLLER_FILL_MS;
    return result;
}

/*
 * Begins at the end of the log, or, if the ring goes on nearly up to there, where
 * the poller before this one stopped: then nobody needs to read the database.
 */
static enum read_result begin(struct poller *p)
{
    enum read_result result = fill_snapshot(p);
    int64_t last_id = 0;

    if (result != READ_DRY)
        return result;
    if (ring_resume(p->ring, p->log.db.device, p->log.db.inode, &last_id) &&
        last_id <= p->log.head && last_id >= p->log.head - POLLER_RESUME_MAX &&
        last_id >= p->log.oldest - 1)
        p->log.cursor.id = last_id;
    else
        ring_format(p->ring, p->log.db.device, p->log.db.inode, p->log.cursor.id);
    p->appended = p->log.cursor.id;
    p->ready = true;
    return READ_MORE;
}

/* Nobody can go on from this ring: they read the database, and see what is wrong there. */
static void give_up_ring(struct poller *p)
{
    ring_format(p->ring, 0, 0, 0);
    p->ready = false;
}

static enum read_result append_new(struct poller *p)
{
    enum read_result result = READ_MORE;

    while (result == READ_MORE || (result == READ_RESET && p->ready)) {
        if (result == READ_RESET || db_replaced(&p->log.db) || !ring_intact(p->ring))
            p->ready = false;
        result = p->ready ? catchup_read(&p->log, append, p) : begin(p);
        ring_beat(p->ring);
    }
    return result;
}

/* Somebody has been at the table of matches, or may have: reads it again, and then what
 * came meanwhile, so that no message is ahead of the ring. */
static enum read_result refill(struct poller *p)
{
    enum read_result result = fill_snapshot(p);

    p->log.cursor = (struct cursor){CURSOR_AFTER, p->appended};
    return result == READ_DRY ? append_new(p) : result;
}

/* Reads all that is new.  If the log is not what it was, everybody finds themselves lost. */
static void read_log(struct poller *p)
{
    int64_t appended = p->appended;
    uint64_t writing = p->ring->writing;
    enum read_result result;

    snapshot_begin(&p->snapshot, p->ring);
    result = append_new(p);
    if (result == READ_DRY && p->ring->writing == writing &&
        (p->appended == appended || clock_ms() >= p->next_fill))
        result = refill(p);
    if (result == READ_DRY)
        snapshot_end(&p->snapshot, p->appended);
    else if (stop_requested())
        return; /* the next one goes on from here */
    else if (!p->failing)
        give_up_ring(p);
    p->failing = result != READ_DRY;
    p->unheard |= p->appended != appended || p->ring->writing != writing;
}

/* Reads events away; true if there were any.  A watch that ended is forgotten: the next file
 * may have the number of the one that is gone. */
static bool heard(struct poller *p)
{
    union {
        struct inotify_event event;
        char bytes[4096];
    } events;
    bool any = false;
    ssize_t n;

    while (p->inotify >= 0 && (n = read(p->inotify, &events, sizeof events)) > 0) {
        const struct inotify_event *event;
        for (ssize_t at = 0; at < n; at += (ssize_t)(sizeof *event + event->len)) {
            event = (const void *)(events.bytes + at);
            if (event->mask & IN_IGNORED && event->wd == p->watch)
                p->watch = -1;
        }
        any = true;
    }
    return any;
}

/* After an event: looks again after 25, 50, 100 us ... until the commit can be seen, or it
 * was none.  Only at the top is the next event listened for: who writes all the time
 * shall not have us look all the time. */
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

static bool in_place(const struct poller *p)
{
    return ring_in_place(p->ring, p->db_path) && bell_in_place(p->bell, p->db_path);
}

int poller_look(struct poller *p)
{
    int64_t now = clock_ms();

    if (heard(p))
        climb_ladder(p);
    if (!p->ready || !ring_intact(p->ring) || catchup_changed(&p->log))
        read_log(p);
    ring_bell(p);
    ring_beat(p->ring);
    p->next_look = now + (p->watch >= 0 || p->failing ? POLLER_LOOK_MS : POLLER_BLIND_MS);
    if (now < p->next_check)
        return 0;
    p->next_check = now + CHECK_MS;
    watch_wal(p);
    if (in_place(p))
        return 0;
    give_up_ring(p); /* whoever is still there comes along */
    return -1;
}

/* Polls until it is told to stop, or the files are elsewhere. */
static void poll_for_all(const char *db_path, struct ring *ring, struct bell *bell)
{
    struct poller *poller = malloc(sizeof *poller);

    if (!poller)
        return;
    poller_start(poller, db_path, ring, bell);
    while (!stop_requested() && poller_look(poller) == 0) {
        struct pollfd fd = {.fd = poller->inotify, .events = POLLIN};
        stop_poll(&fd, 1, poller_deadline(poller));
    }
    poller_stop(poller);
    free(poller);
}

int poller_run(const struct config *config)
{
    struct ring ring;
    struct bell bell;

    while (!stop_requested()) {
        if (ring_open(&ring, config->db_path) == 0) {
            if (bell_open(&bell, config->db_path) == 0) {
                while (!ring_lock(&ring, RING_POLLER) && !stop_requested() &&
                       ring_in_place(&ring, config->db_path))
                    stop_poll(NULL, 0, clock_ms() + ELECTION_MS);
                if (!stop_requested() && ring_lock(&ring, RING_POLLER))
                    poll_for_all(config->db_path, &ring, &bell);
                bell_close(&bell);
            }
            ring_close(&ring);
        }
        if (!stop_requested()) /* no database yet, a read-only folder: all do without */
            stop_poll(NULL, 0, clock_ms() + ELECTION_MS);
    }
    return EX_OK;
}
