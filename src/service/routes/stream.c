/*
 * The stream: a snapshot or the rows after a cursor, then new rows as they come and heartbeats
 * in between, until the client leaves, the stream's time is over or the process is asked to
 * stop.
 *
 * The client's cursor never lags behind: if a filter skipped rows, a block with only an id
 * moves it.
 */
#include "base/process/clock.h"
#include "base/process/stack.h"
#include "base/process/stop.h"
#include "service/follow/tail.h"
#include "service/routes/routes.h"
#include "service/routes/sse.h"

#define FRAME_END_MAX  64   /* bytes that end a batch ("]", the id, a blank line) and a chunk */
#define ROW_DEPTH      2048 /* bytes of stack to send a row that is not large */
#define SIGNAL_MAX     512  /* bytes of a frame without a row */
#define HEARTBEAT_GRID 32   /* slots per heartbeat interval in which heartbeats are sent */
#define GRACE_MS       5000 /* for a database that disappears: a restore takes a moment */
#define SHARED_PARTS   4    /* minimum part of its time that a shared stream lasts */
#define SHARED_RETRY   10 /* its clients reconnect to a cache, so they wait a part of --retry */

struct stream {
    struct exchange *x;
    struct tail tail;
    int64_t end;              /* deadline of the stream */
    bool shared;              /* a cache may let others join, until its end */
    int64_t heartbeat;        /* deadline of the next heartbeat */
    int64_t heartbeat_spread; /* ms by which it comes earlier after a row, to spread clients */
    int64_t next_look;        /* at the file of tokens */
    int64_t failing;          /* since when the database can't be read; 0: it can be */
    bool opened;              /* the database was read, so the head is final */
    bool settled;             /* the client has the cursor of all that was sent */
    int64_t told;             /* the client's cursor; -1: none */
    int batched;              /* rows in the open batch */
    bool full;                /* a row did not fit: flush before reading on */
};

static void end_batch(struct stream *s)
{
    if (s->batched > 0)
        sse_batch_end(&s->x->out, s->told);
    s->batched = 0;
}

/* Puts a row into a frame, leaving room for its end.  Each frame is a chunk of its own: some
 * clients decode each chunk's text separately, and would spoil a character that spans two. */
static void put(struct stream *s, const struct row *row)
{
    struct buf *out = &s->x->out;

    if (s->batched == 0)
        exchange_begin_chunk(s->x);
    if (s->x->query.batch == 0)
        sse_row(out, row);
    else
        sse_batch_row(out, row, s->batched == 0);
    out->full |= out->cap - out->len < FRAME_END_MAX;
}

/* Takes a row.  One that does not fit waits for the next flush. */
static bool take(void *context, const struct row *row)
{
    struct stream *s = context;
    struct buf *out = &s->x->out;

    if (s->batched == 0)
        exchange_end_chunk(s->x);
    size_t len = out->len;
    put(s, row);
    while (out->full) {
        exchange_cut(s->x, len);
        s->full = !exchange_grow(s->x, sse_row_bound(row) + FRAME_END_MAX);
        if (s->full && out->len == 0)
            exchange_no_memory(s->x);
        if (s->full)
            return false;
        put(s, row);
    }
    s->told = row->id;
    s->x->events++;
    if (s->settled && s->x->oldest_us == 0)
        s->x->oldest_us = row->read_us;
    if (s->x->query.batch > 0 && ++s->batched == s->x->query.batch)
        end_batch(s);
    return true;
}

/* Rounds to a grid shared by all processes: ten thousand that wake in bursts find warm caches
 * and use a quarter less CPU.  The spread puts those that a row has reached at the same instant
 * into different slots. */
static int64_t heartbeat_after(const struct stream *s, int64_t now)
{
    int64_t grain = s->x->config->heartbeat_ms / HEARTBEAT_GRID + 1;

    return (now + s->x->config->heartbeat_ms - s->heartbeat_spread) / grain * grain;
}

static int flush(struct stream *s)
{
    end_batch(s);
    s->full = false;
    if (s->x->out.len == 0)
        return s->x->conn->why ? -1 : 0;
    s->heartbeat = heartbeat_after(s, clock_ms());
    s->x->last_id = s->told > 0 ? s->told : 0;
    return exchange_flush(s->x);
}

/* Flushes the end of the stream.  A shared stream that ends early omits its last chunk: caches
 * drop such a response, and would replay a complete one. */
static void finish(struct stream *s)
{
    s->x->last_id = s->told > 0 ? s->told : 0;
    if (s->shared && clock_left(s->end) > 0)
        exchange_flush(s->x);
    else
        exchange_finish(s->x);
}

/* Makes room for a frame without a row.  Returns 0, or -1 if the client is gone. */
static int make_room(struct stream *s)
{
    end_batch(s);
    if (s->x->out.cap - s->x->out.len < SIGNAL_MAX && flush(s) < 0)
        return -1;
    exchange_begin_chunk(s->x);
    return 0;
}

static int tell_cursor(struct stream *s)
{
    const struct cursor *cursor = &s->tail.log.cursor;

    if (cursor->kind != CURSOR_AFTER || s->told == cursor->id)
        return 0;
    if (make_room(s) < 0)
        return -1;
    s->told = cursor->id;
    sse_cursor(&s->x->out, s->told);
    return 0;
}

static int tell_reset(struct stream *s)
{
    if (make_room(s) < 0)
        return -1;
    sse_reset(&s->x->out, s->tail.log.reset_reason, s->tail.log.oldest, s->tail.log.head);
    metrics_note(s->x->metrics, "resets_total", s->tail.log.reset_reason);
    s->told = -1;
    s->settled = false;
    return 0;
}

static void begin(struct stream *s)
{
    struct exchange *x = s->x;

    x->persists = false; /* it takes the connection over */
    exchange_begin(x, 200, "text/event-stream");
    if (s->shared) { /* not for a browser's cache, whose key omits the cursor */
        buf_printf(&x->out, "Cache-Control: public, max-age=0, s-maxage=%d, no-transform\r\n",
                   clock_left(s->end) / 1000);
        http_header(&x->out, "Vary",
                    x->query.stream ? "Last-Event-ID" : "Accept, Last-Event-ID");
    } else {
        http_header(&x->out, "Cache-Control", "no-store, no-transform");
    }
    http_header(&x->out, "X-Accel-Buffering", "no");
    exchange_end_chunked(x);
    exchange_begin_chunk(x);
    sse_open(&x->out, clock_jitter(x->config->retry_ms, 50), x->query.cursor,
             x->query.filter.n_matches + x->query.filter.n_types > 0);
}

/* Handles a database failure.  Returns 0 to retry, or -1 after GRACE_MS. */
static int bear_failure(struct stream *s)
{
    const struct failure *failure = s->tail.log.failure;

    if (!s->opened) {
        s->batched = 0;
        exchange_database_problem(s->x, failure);
        return -1;
    }
    if (s->failing == 0)
        s->failing = clock_ms();
    if (flush(s) < 0 || clock_ms() - s->failing < GRACE_MS)
        return s->x->conn->why ? -1 : 0;
    s->x->exit_status = failure_log(failure, &s->x->config->log);
    exchange_begin_chunk(s->x);
    sse_error(&s->x->out, 503, exchange_database_detail(failure));
    finish(s);
    s->x->conn->why = "database";
    return -1;
}

/* Only a listener knows the number of viewers. */
static void put_heartbeat(struct stream *s)
{
    const struct exchange *x = s->x;
    bool known = x->config->show_viewers && x->visit->claim.count;

    sse_event_heartbeat(&s->x->out, clock_wall_ms(),
                        known ? (int64_t)*x->visit->claim.count : -1);
}

/* The client has everything.  Sends its cursor and the first heartbeat, from which scripts,
 * which see no comments, learn that they are up to date and that their network passes
 * frames. */
static int settle(struct stream *s)
{
    if (tell_cursor(s) < 0)
        return -1;
    if (s->x->query.heartbeat_events) {
        if (make_room(s) < 0)
            return -1;
        put_heartbeat(s);
    }
    s->settled = true;
    return 0;
}

/* Whether a long read ended after rows that the filter hides.  Telling the client the cursor
 * also reveals whether it is gone. */
static bool passed_over(const struct stream *s)
{
    const struct catchup *log = &s->tail.log;

    return log->db.handle && !log->in_snapshot && log->cursor.id > s->told;
}

static int catch_up(struct stream *s)
{
    enum read_result result = READ_MORE;

    while (result != READ_DRY && clock_left(s->end) > 0 && !stop_requested()) {
        result = tail_read(&s->tail, take, s);
        if (result == READ_FAILED)
            return stop_requested() ? 0 : bear_failure(s);
        s->opened = true;
        s->failing = 0;
        bool long_read = result == READ_MORE && !s->full;
        if (s->full)
            routes_give_way(s->x);
        if ((result == READ_RESET && tell_reset(s) < 0) || (s->full && flush(s) < 0))
            return -1;
        if (long_read && passed_over(s) && (tell_cursor(s) < 0 || flush(s) < 0))
            return -1;
    }
    if (stop_requested()) /* the wait that follows says goodbye */
        return 0;
    if (!s->settled && settle(s) < 0)
        return -1;
    return flush(s);
}

static void answer_head(struct stream *s)
{
    if (tail_read(&s->tail, take, s) == READ_FAILED) {
        bear_failure(s);
    } else {
        s->x->events = 0;
        exchange_flush(s->x);
    }
}

static int beat(struct stream *s)
{
    int64_t due = s->heartbeat + s->x->config->heartbeat_ms, told = s->told;

    if (!conn_answers(s->x->conn) || tell_cursor(s) < 0 || make_room(s) < 0)
        return -1;
    if (s->x->query.heartbeat_events)
        put_heartbeat(s);
    else if (s->told == told)
        sse_comment_heartbeat(&s->x->out);
    if (flush(s) < 0)
        return -1;
    if (due > s->heartbeat) /* keep the interval during silence */
        s->heartbeat = due;
    if (s->tail.log.ahead == 0)
        return 0;
    s->tail.source = TAIL_DATABASE; /* only the database tells whether the row may arrive */
    return catch_up(s);
}

/* Ends the stream: the client's cursor, and when to reconnect. */
static void say_goodbye(struct stream *s)
{
    bool on_time = s->shared && clock_left(s->end) == 0;

    if (tell_cursor(s) < 0 || make_room(s) < 0)
        return;
    sse_retry(&s->x->out,
              clock_jitter(s->x->config->retry_ms, 50) / (on_time ? SHARED_RETRY : 1));
    finish(s);
}

static bool is_authorized(struct stream *s)
{
    if (!s->x->grant)
        return true;
    if (clock_left(s->x->grant->end) == 0)
        return false;
    if (clock_left(s->next_look) > 0 && clock_left(s->heartbeat) > 0)
        return true;
    s->next_look = clock_ms() + s->x->config->heartbeat_ms;
    return authorize_again(s->x);
}

static void follow(struct stream *s)
{
    int64_t until = 0; /* first heed the bell, whose last stroke wakes every newcomer */

    for (;;) {
        exchange_shrink(s->x);
        enum conn_event event = tail_wait(&s->tail, until);

        if (until == 0) /* parsing and joining used it: three of eight private pages */
            stack_release(ROW_DEPTH);
        if (event == CONN_GONE)
            return;
        bool authorized = is_authorized(s);
        if (event == CONN_STOP || clock_left(s->end) == 0 || !authorized) {
            say_goodbye(s);
            if (!s->x->conn->why)
                s->x->conn->why = authorized ? "max-stream" : "token";
            return;
        }
        bool due = until > 0 && clock_left(s->heartbeat) == 0;
        if (event == CONN_OTHER ? catch_up(s) < 0 : due && beat(s) < 0)
            return;
        until = s->heartbeat < s->end ? s->heartbeat : s->end;
        if (s->x->grant && s->next_look < until)
            until = s->next_look;
    }
}

/* Shared streams end at multiples of their time: those that began at different cursors end
 * together, at the same row, and continue as one. */
static int64_t time_left(const struct stream *s)
{
    int64_t all = s->x->config->stream_ms;

    if (!s->shared)
        return clock_jitter(all, 20);
    int64_t left = all - clock_wall_ms() % all;
    return left < all / SHARED_PARTS ? left + all : left;
}

void route_stream(struct exchange *x)
{
    struct stream s = {.x = x, .told = -1};

    s.heartbeat_spread = clock_jitter(x->config->heartbeat_ms / 8, 100);
    /* A client that wants only new rows would get older ones from a stream that others
     * began. */
    s.shared = x->config->shared_ms > 0 && x->query.cursor.kind != CURSOR_LATEST &&
               x->query.cursor.kind <= CURSOR_INVALID && x->req.minor > 0 && !x->visit->cgi;
    s.end = clock_ms() + time_left(&s);
    s.end = x->grant && x->grant->end < s.end ? x->grant->end : s.end;
    conn_set_end(x->conn, s.end);
    tail_init(&s.tail, x->config->db_path, &x->query.filter, x->query.cursor, x->visit->feed,
              x->conn, x->config->poll_ms);
    s.tail.log.failure = x->failure;
    s.tail.log.metrics = x->metrics;
    s.tail.log.brief = x->query.batch == 0;
    /* the poller's snapshot costs little */
    if (x->query.cursor.kind > CURSOR_LATEST && !routes_take_turn(x))
        return;
    begin(&s);
    if (x->req.method == HTTP_HEAD)
        answer_head(&s);
    else if (catch_up(&s) == 0 && (routes_end_turn(x), true))
        follow(&s);
    if (x->req.method == HTTP_GET && x->conn->why)
        metrics_note(x->metrics, "streams_ended_total", x->conn->why);
    tail_release(&s.tail);
}
