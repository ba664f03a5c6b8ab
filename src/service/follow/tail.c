/* Chooses where rows are read from.  README.md says how a reader joins the ring without missing
 * a row. */
#include "service/follow/tail.h"

#include <malloc.h>

#include "base/process/clock.h"
#include "base/text/row_hash.h"

#define SMALL_ROW 1536 /* bytes; most records fit */

void tail_init(struct tail *t, const char *path, const struct filter *filter,
               struct cursor cursor, struct feed *feed, struct conn *conn, int64_t poll_ms)
{
    *t =
        (struct tail){.feed = feed, .conn = conn, .poll_ms = poll_ms, .alone_end = CLOCK_NEVER};
    catchup_init(&t->log, path, filter, cursor);
    t->log.patient = true;
}

void tail_release(struct tail *t)
{
    if (t->watching)
        conn_unwatch(t->conn);
    catchup_close(&t->log);
}

/* Whether the bell wakes this process.  If not, tries to open ring and bell from time to
 * time. */
static bool has_feed(struct tail *t)
{
    if (t->conn && !t->watching && clock_left(t->next_open) == 0) {
        t->watching = (t->feed->ring.header || feed_open(t->feed) == 0) &&
                      conn_watch(t->conn, t->feed->bell.fd) == 0;
        t->next_open = clock_ms() + clock_jitter(TAIL_OPEN_MS, 20);
    }
    return t->watching;
}

static bool join_ring(struct tail *t)
{
    return has_feed(t) && feed_is_alive(t->feed) && ring_join(&t->feed->ring);
}

/* Falls back to the database.  If other files have replaced ring and bell, opens those. */
static void leave_ring(struct tail *t)
{
    t->source = TAIL_DATABASE;
    t->alone_end = CLOCK_NEVER;
    if (feed_is_alive(t->feed) && ring_in_place(&t->feed->ring, t->log.path))
        return;
    if (t->watching)
        conn_unwatch(t->conn);
    t->watching = false;
    t->next_open = 0;
    feed_open(t->feed);
}

static enum read_result end_snapshot(struct tail *t, int64_t last_id, int64_t at)
{
    t->log.cursor = (struct cursor){CURSOR_AFTER, last_id, 0};
    t->feed->ring.at = (uint64_t)at;
    t->source = TAIL_RING;
    return READ_MORE;
}

/* Reads the ring or the snapshot through cap bytes of stack, of which only a process that meets
 * a large row uses many.  READ_RESET: the database must be read. */
__attribute__((noinline)) static enum read_result
read_ring(struct tail *t, row_take *take, void *context, size_t cap, bool *large)
{
    uint64_t *memory = __builtin_alloca(cap);
    bool in_snapshot = t->source == TAIL_SNAPSHOT;
    struct ring *ring = in_snapshot ? &t->snapshot : &t->feed->ring;
    struct cursor *cursor = &t->log.cursor;
    struct row row;
    int64_t prev = 0;

    for (;;) {
        uint64_t at = ring->at;
        enum ring_result result = ring_next(ring, &row, &prev, memory, cap);
        if (result == RING_EMPTY && !in_snapshot)
            return READ_DRY;
        if (result == RING_EMPTY || result == RING_LOST) {
            leave_ring(t);
            return READ_RESET;
        }
        if (result == RING_LARGE) {
            *large = true;
            return READ_MORE;
        }
        if (result == RING_GAP && in_snapshot)
            return end_snapshot(t, row.id, prev);
        if (result == RING_GAP)
            prev = row.id;
        if (cursor->kind == CURSOR_LATEST && row.id >= ring->header->pruned)
            *cursor = (struct cursor){CURSOR_AFTER, row.id, 0};
        if (row.id <= cursor->id)
            continue;
        if (prev > cursor->id || ring->header->pruned > cursor->id) {
            t->source = TAIL_DATABASE;
            return READ_RESET;
        }
        if (filter_admits(t->log.filter, row.match_id, row.type) && !take(context, &row)) {
            ring->at = at;
            return READ_MORE;
        }
        *cursor =
            (struct cursor){CURSOR_AFTER, row.id,
                            t->log.hashes ? row_hash(row.id, row.match_id, row.type, row.data)
                                          : 0};
    }
}

/* Closes the database once it is read to its end.  Switches to the ring only if that has no
 * newer row: a connection sees no new commits once its -shm was removed, but the next one
 * will. */
static enum read_result read_database(struct tail *t, row_take *take, void *context)
{
    bool joined = join_ring(t);
    int64_t newest = joined ? t->feed->ring.header->last_id : 0;
    enum read_result result = catchup_read(&t->log, take, context);

    if (result != READ_DRY || !joined)
        return result;
    catchup_close(&t->log);
    if (t->log.cursor.id >= newest) {
        t->source = TAIL_RING;
        malloc_trim(0); /* returns what SQLite used, a fifth of the process, to the system */
    }
    return READ_DRY;
}

/* Where to begin for a cursor: the ring or the shared snapshot if they suffice, else the
 * database. */
static enum tail_source choose_source(struct tail *t)
{
    const struct cursor *cursor = &t->log.cursor;
    int64_t id = cursor->kind == CURSOR_AFTER ? cursor->id : RING_NEWEST;
    struct ring *ring = &t->feed->ring;
    bool named = t->log.filter->n_matches > 0; /* may not be among the latest matches */

    if (t->source != TAIL_DATABASE || t->log.db.handle || t->log.in_snapshot || t->log.hashes)
        return t->source;
    if (cursor->kind > CURSOR_AFTER || cursor->at != 0 || !join_ring(t))
        return TAIL_DATABASE;
    if (cursor->kind == CURSOR_NONE)
        return ring_join_snapshot(&t->snapshot, ring, named) ? TAIL_SNAPSHOT : TAIL_DATABASE;
    if (id != RING_NEWEST && id < ring->header->pruned)
        return TAIL_DATABASE;
    return ring_rewind(ring, id) ? TAIL_RING : TAIL_DATABASE;
}

enum read_result tail_read(struct tail *t, row_take *take, void *context)
{
    enum read_result result;
    bool large = false;

    t->source = choose_source(t);
    if (t->source != TAIL_DATABASE) {
        result = read_ring(t, take, context, SMALL_ROW, &large);
        if (large)
            result = read_ring(t, take, context, RECORD_MAX, &large);
        if (t->source != TAIL_DATABASE)
            return result;
    }
    return read_database(t, take, context);
}

/* Whether there may be rows in the ring, after the bell rang, the poller died (its successor
 * usually rings within milliseconds), or a deadline passed. */
static bool look_at_ring(struct tail *t, enum conn_event event)
{
    if (event == CONN_OTHER && !t->conn->hung_up)
        t->alone_end = CLOCK_NEVER;
    else if (event == CONN_OTHER && t->alone_end == CLOCK_NEVER)
        t->alone_end = clock_ms() + clock_jitter(TAIL_ALONE_MS, 20);
    if (ring_has_news(&t->feed->ring))
        return true;
    if (event == CONN_OTHER && !t->conn->hung_up &&
        !ring_in_place(&t->feed->ring, t->log.path)) { /* it rang for another ring */
        leave_ring(t);
        return true;
    }
    bool died = t->alone_end != CLOCK_NEVER;
    if (event == CONN_OTHER || (died && clock_left(t->alone_end) > 0))
        return false;
    t->alone_end = CLOCK_NEVER;
    if (died ? feed_is_alive(t->feed) : ring_silence(&t->feed->ring) <= RING_SILENT_MS)
        return false;
    leave_ring(t);
    return true;
}

enum conn_event tail_wait(struct tail *t, int64_t deadline)
{
    for (;;) {
        int64_t look =
            t->source == TAIL_RING ? t->alone_end : clock_ms() + clock_jitter(t->poll_ms, 20);
        enum conn_event event = conn_wait(t->conn, look < deadline ? look : deadline);

        if (event == CONN_GONE || event == CONN_STOP)
            return event;
        if (t->source == TAIL_RING ? look_at_ring(t, event)
                                   : catchup_changed(&t->log) || join_ring(t))
            return CONN_OTHER;
        if (clock_left(deadline) > 0)
            continue;
        if (t->source == TAIL_DATABASE) /* the next connection may see what this one can't */
            catchup_close(&t->log);
        return CONN_QUIET;
    }
}
