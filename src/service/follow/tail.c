/*
 * Decides where rows are read from, and does this process's share of looking after the
 * poller.
 *
 * Joining the ring loses nothing: its position is noted, then the database is read to
 * its end, then the ring from that position; a record is skipped if the cursor is past it, and
 * if it follows on a row that the cursor has not reached, the database is read again.
 */
#include "service/follow/tail.h"

#include <malloc.h>
#include <stdlib.h>

#include "base/clock.h"

#define WATCHER_TRIES 2    /* of the 4 locks: with two processes, one of two is free */
#define SMALL_ROW     1536 /* bytes of a record that most rows fit into */

void tail_init(struct tail *t, const char *path, const struct filter *filter,
               struct cursor cursor, struct conn *conn, int64_t poll_ms)
{
    *t = (struct tail){.conn = conn, .poll_ms = poll_ms};
    catchup_init(&t->log, path, filter, cursor);
}

/* Gives up its offices: for good, or because its own client keeps it waiting. */
static void resign(void *context)
{
    struct tail *t = context;

    if (t->poller)
        poller_stop(t->poller);
    free(t->poller);
    t->poller = NULL;
    if (t->watcher)
        ring_unlock(&t->ring, t->watcher);
    t->watcher = 0;
    t->conn->stalled = NULL;
}

static void detach(struct tail *t)
{
    if (!t->attached)
        return;
    resign(t);
    conn_unwatch(t->conn);
    bell_close(&t->bell);
    ring_close(&t->ring);
    t->attached = t->live = false;
}

void tail_release(struct tail *t)
{
    detach(t);
    snapshot_free(&t->snapshot);
    catchup_close(&t->log);
}

/* Opens ring and bell, if that is possible now. */
static void attach(struct tail *t)
{
    int64_t now = clock_ms();

    if (t->attached || !t->conn || now < t->next_attach)
        return;
    t->next_attach = now + clock_jitter(TAIL_ATTACH_MS, 20);
    if (ring_open(&t->ring, t->log.path) < 0)
        return;
    if (bell_open(&t->bell, t->log.path) == 0) {
        t->attached = true;
        t->next_tick = t->last_tick = 0;
        if (conn_watch(t->conn, t->bell.fd, true) < 0)
            detach(t);
        return;
    }
    ring_close(&t->ring);
}

/* The ring is lost.  Is it still the one that others use? */
static void lose_ring(struct tail *t)
{
    t->live = false;
    if (!ring_in_place(&t->ring, t->log.path) || !bell_in_place(&t->bell, t->log.path)) {
        detach(t);
        t->next_attach = 0;
    }
}

/* Reads the ring through memory of cap bytes.  READ_RESET here means that the database
 * must be read. */
static enum read_result read_ring(struct tail *t, row_take *take, void *context,
                                  uint64_t *memory, size_t cap, bool *large)
{
    struct row row;
    int64_t prev = 0;

    for (;;) {
        uint64_t at = t->ring.at;
        switch (ring_next(&t->ring, &row, &prev, memory, cap)) {
        case RING_EMPTY: return READ_DRY;
        case RING_LOST: lose_ring(t); return READ_RESET;
        case RING_LARGE: *large = true; return READ_MORE;
        case RING_MARK: prev = row.id; break;
        case RING_ROW: break;
        }
        if (row.id <= t->log.cursor.id)
            continue;
        if (prev > t->log.cursor.id) {
            t->live = false;
            return READ_RESET;
        }
        if (filter_admits(t->log.filter, row.match_id, row.type) && !take(context, &row)) {
            t->ring.at = at;
            return READ_MORE;
        }
        t->log.cursor.id = row.id;
    }
}

/* In a frame of its own, so that only who meets a large row has so much stack. */
__attribute__((noinline)) static enum read_result read_ring_large(struct tail *t,
                                                                  row_take *take, void *context)
{
    uint64_t memory[RECORD_MAX / sizeof(uint64_t)];
    bool large;

    return read_ring(t, take, context, memory, sizeof memory, &large);
}

static enum read_result read_ring_small(struct tail *t, row_take *take, void *context)
{
    uint64_t memory[SMALL_ROW / sizeof(uint64_t)];
    bool large = false;
    enum read_result result = read_ring(t, take, context, memory, sizeof memory, &large);

    return large ? read_ring_large(t, take, context) : result;
}

/* Up to date: from now on the ring is enough, and the database is not held open. */
static void go_live(struct tail *t)
{
    t->live = true;
    catchup_close(&t->log);
    malloc_trim(0); /* what SQLite had, a fifth of the process, goes back to the system */
}

/* The rows of a copied snapshot; then the ring goes on. */
static enum read_result read_snapshot(struct tail *t, row_take *take, void *context)
{
    struct row row;

    for (; t->snapshot_at < t->snapshot.n; t->snapshot_at++) {
        snapshot_row(&t->snapshot, t->snapshot_at, &row);
        if (filter_admits(t->log.filter, row.match_id, row.type) && !take(context, &row))
            return READ_MORE;
        t->log.cursor = (struct cursor){CURSOR_AFTER, row.id};
    }
    t->log.cursor = (struct cursor){CURSOR_AFTER, t->snapshot.last_id};
    snapshot_free(&t->snapshot);
    t->live = true;
    return READ_MORE;
}

/* The shared snapshot, unless the filter names a match and it has no room for all of them:
 * the one that is asked for may be another. */
static bool join_snapshot(struct tail *t)
{
    t->snapshot_at = 0;
    if (snapshot_copy(&t->snapshot, &t->ring) < 0)
        return false;
    if (t->log.filter->n_matches == 0 || t->snapshot.n < CATCHUP_SNAPSHOT_MATCHES)
        return true;
    snapshot_free(&t->snapshot);
    return false;
}

/* Begins from what the poller shares, without a look at the database.  False: read that. */
static bool join(struct tail *t)
{
    int64_t last_id = 0;

    if (!t->attached || t->log.in_snapshot || ring_silence(&t->ring) > RING_SILENT_MS ||
        !ring_is_of(&t->ring, t->log.path))
        return false;
    switch (t->log.cursor.kind) {
    case CURSOR_NONE: return join_snapshot(t);
    case CURSOR_LATEST:
        t->live = snapshot_join(&t->ring, &last_id) == 0;
        if (t->live)
            t->log.cursor = (struct cursor){CURSOR_AFTER, last_id};
        return t->live;
    case CURSOR_AFTER:
        t->live = snapshot_join(&t->ring, &last_id) == 0 &&
                  (t->log.cursor.id == last_id ||
                   (t->log.cursor.id < last_id && ring_join(&t->ring) &&
                    ring_rewind(&t->ring, t->log.cursor.id)));
        return t->live;
    default: return false;
    }
}

static enum read_result read_database(struct tail *t, row_take *take, void *context)
{
    bool joined = t->attached && ring_join(&t->ring);
    enum read_result result = catchup_read(&t->log, take, context);

    if (t->deputy && t->attached && !ring_announced(&t->ring, t->log.cursor.id)) {
        bell_ring(&t->bell);
        ring_announce(&t->ring, t->log.cursor.id);
    }
    t->deputy = false;
    if (result == READ_DRY && joined)
        go_live(t);
    return result;
}

enum read_result tail_read(struct tail *t, row_take *take, void *context)
{
    enum read_result result;

    attach(t);
    if (!t->live && !t->snapshot.memory && !t->log.db.handle)
        join(t);
    if (t->snapshot.memory)
        return read_snapshot(t, take, context);
    if (t->live) {
        result = read_ring_small(t, take, context);
        if (t->live)
            return result;
    }
    return read_database(t, take, context);
}

static void run_for_poller(struct tail *t)
{
    if (t->poller || !ring_lock(&t->ring, RING_POLLER))
        return;
    t->poller = malloc(sizeof *t->poller);
    if (!t->poller) {
        ring_unlock(&t->ring, RING_POLLER);
        return;
    }
    poller_start(t->poller, t->log.path, &t->ring, &t->bell);
    if (t->poller->inotify >= 0)
        conn_watch(t->conn, t->poller->inotify, false);
}

static void run_for_watcher(struct tail *t)
{
    int first = (int)clock_jitter(RING_WATCHERS * 1000, 100) % RING_WATCHERS;
    for (int i = 0; i < WATCHER_TRIES && !t->watcher; i++) {
        int slot = 1 + (first + i) % RING_WATCHERS;
        if (ring_lock(&t->ring, slot))
            t->watcher = slot;
    }
}

/* The poller was heard of lately, and so were those who look after it: of many thousand
 * processes that wake for a heartbeat, none needs to try for a lock. */
static bool looked_after(const struct tail *t)
{
    return t->live && !t->watcher && t->last_tick > 0 &&
           ring_silence(&t->ring) <= RING_SILENT_MS &&
           ring_unwatched(&t->ring) <= TAIL_UNWATCHED_MS;
}

/* Is there a poller, and is it alive? */
static void look_after_poller(struct tail *t, bool tick)
{
    bool others = looked_after(t);

    t->last_tick = clock_ms();
    if (others)
        return;
    t->next_tick = t->last_tick + clock_jitter(TAIL_TICK_MS, 20);
    if (!t->watcher)
        run_for_watcher(t);
    if (t->watcher)
        ring_watch(&t->ring);
    run_for_poller(t);
    if (t->watcher || t->poller) {
        t->conn->stalled = resign;
        t->conn->stalled_context = t;
    }
    if (!tick && ring_left(&t->ring)) /* another was faster, and is about to begin */
        return;
    if (!t->poller && t->live && ring_silence(&t->ring) > RING_SILENT_MS) {
        t->live = false;
        t->deputy = tick && t->watcher; /* or deputies would ring for each other */
    }
}

/* When this process has something to do, whether or not anything happens. */
static int64_t next_duty(const struct tail *t)
{
    int64_t next = CLOCK_NEVER;

    if (t->attached && t->last_tick == 0) /* it has yet to see whether there is a poller */
        return 0;
    if (t->attached)
        next = t->watcher ? t->next_tick : t->last_tick + TAIL_LATE_MS;
    if (t->poller)
        next = poller_deadline(t->poller);
    if (!t->live && clock_ms() + t->poll_ms < next)
        next = clock_ms() + clock_jitter(t->poll_ms, 20);
    return next;
}

/* Is it time to look after the poller? */
static bool tick_due(const struct tail *t)
{
    int64_t now = clock_ms();

    return t->attached && now >= t->next_tick &&
           (t->watcher || t->last_tick == 0 || now >= t->last_tick + TAIL_SLOW_MS);
}

/* The bell was rung by one who is no poller: a poller that leaves, or a deputy.  What a poller
 * that is stopped left in the ring is not what a deputy rings for. */
static bool called(const struct tail *t, enum conn_event event)
{
    return t->live && event == CONN_OTHER && ring_silence(&t->ring) > RING_SILENT_MS &&
           !(ring_left(&t->ring) && ring_has_news(&t->ring));
}

/* Does what is due; true if there may be rows. */
static bool do_duty(struct tail *t, enum conn_event event)
{
    if (t->poller && poller_look(t->poller) < 0) {
        lose_ring(t);
        return true;
    }
    if (!t->poller && tick_due(t))
        look_after_poller(t, true);
    else if (!t->poller && called(t, event))
        look_after_poller(t, false);
    if (t->live)
        return ring_has_news(&t->ring);
    return catchup_changed(&t->log) || (t->attached && ring_join(&t->ring));
}

enum conn_event tail_wait(struct tail *t, int64_t deadline)
{
    for (;;) {
        int64_t duty = next_duty(t);
        enum conn_event event = conn_wait(t->conn, duty < deadline ? duty : deadline);

        if (event != CONN_QUIET && event != CONN_OTHER)
            return event;
        if (do_duty(t, event))
            return CONN_OTHER;
        if (clock_left(deadline) == 0)
            return CONN_QUIET;
    }
}
