/*
 * sse: frames byte by byte, and as a client's parser reads them.  A frame is written whole or
 * not at all, and no row outgrows its bound.
 */
#include "service/routes/sse.h"

#include "eventsource.h"
#include "tap.h"

#define TEXT(literal)                                                                          \
    {                                                                                          \
        literal, sizeof literal - 1                                                            \
    }
#define ROW(id, type, data)                                                                    \
    {                                                                                          \
        id, 0, TEXT("m1"), TEXT(type), TEXT(data), TEXT("2025-06-10T20:00:00.000Z")            \
    }
#define AT   "\"created_at\":\"2025-06-10T20:00:00.000Z\""
#define FFFD "\xEF\xBF\xBD"

static struct fence fence;

static const struct {
    const char *name;
    struct row row;
    struct span frame;
} frames[] = {
    {"a message has no event line", ROW(1, "message", "{\"a\":1}"),
     TEXT("id: 1\ndata: {\"a\":1}\n\n")},
    {"a row of another type than message has an event line", ROW(42, "goal", "{}"),
     TEXT("id: 42\nevent: goal\ndata: {}\n\n")},
    {"all letters that the schema allows", ROW(1, "az09_-", "{}"),
     TEXT("id: 1\nevent: az09_-\ndata: {}\n\n")},
    {"an id above 2^32", ROW(9007199254740991, "message", "0"),
     TEXT("id: 9007199254740991\ndata: 0\n\n")},
    {"LF in data", ROW(1, "message", "a\nb"), TEXT("id: 1\ndata: a\ndata: b\n\n")},
    {"CR in data", ROW(1, "message", "a\rb"), TEXT("id: 1\ndata: a\ndata: b\n\n")},
    {"CR LF in data is one line end", ROW(1, "message", "a\r\nb"),
     TEXT("id: 1\ndata: a\ndata: b\n\n")},
    {"LF CR in data is two line ends", ROW(1, "message", "a\n\rb"),
     TEXT("id: 1\ndata: a\ndata: \ndata: b\n\n")},
    {"an empty line in data does not end the frame", ROW(1, "message", "a\n\nb"),
     TEXT("id: 1\ndata: a\ndata: \ndata: b\n\n")},
    {"line ends at both ends", ROW(1, "message", "\na\n"),
     TEXT("id: 1\ndata: \ndata: a\ndata: \n\n")},
    {"CR at the end", ROW(1, "message", "a\r"), TEXT("id: 1\ndata: a\ndata: \n\n")},
    {"a field's name in data is data", ROW(1, "message", "a\nid: 7\nevent: x\n: y"),
     TEXT("id: 1\ndata: a\ndata: id: 7\ndata: event: x\ndata: : y\n\n")},
    {"empty data", ROW(1, "message", ""), TEXT("id: 1\ndata: \n\n")},
    {"a space and a tab at the front", ROW(1, "message", " \ta"),
     TEXT("id: 1\ndata:  \ta\n\n")},
    {"NUL ends data", ROW(1, "message", "{}\0b\n"), TEXT("id: 1\ndata: {}\n\n")},
    {"other control characters stay", ROW(1, "message", "\x01\x1B\x7F\x0B\x0C"),
     TEXT("id: 1\ndata: \x01\x1B\x7F\x0B\x0C\n\n")},
    {"UTF-8 of 2, 3 and 4 bytes", ROW(1, "message", "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"),
     TEXT("id: 1\ndata: \xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\n\n")},
    {"NEL, LS and PS end no line", ROW(1, "message", "\xC2\x85\xE2\x80\xA8\xE2\x80\xA9"),
     TEXT("id: 1\ndata: \xC2\x85\xE2\x80\xA8\xE2\x80\xA9\n\n")},
    {"a byte order mark stays", ROW(1, "message", "\xEF\xBB\xBF{}"),
     TEXT("id: 1\ndata: \xEF\xBB\xBF{}\n\n")},
    {"a stray continuation byte", ROW(1, "message", "a\x80z"),
     TEXT("id: 1\ndata: a" FFFD "z\n\n")},
    {"a character cut short", ROW(1, "message", "a\xE2\x82"),
     TEXT("id: 1\ndata: a" FFFD "\n\n")},
    {"a character cut short by a line end", ROW(1, "message", "\xE2\x82\nb"),
     TEXT("id: 1\ndata: " FFFD "\ndata: b\n\n")},
    {"an overlong slash", ROW(1, "message", "\xC0\xAF"),
     TEXT("id: 1\ndata: " FFFD FFFD "\n\n")},
    {"an overlong newline", ROW(1, "message", "\xE0\x80\x8A"),
     TEXT("id: 1\ndata: " FFFD FFFD FFFD "\n\n")},
    {"a surrogate", ROW(1, "message", "\xED\xA0\x80"),
     TEXT("id: 1\ndata: " FFFD FFFD FFFD "\n\n")},
    {"more than U+10FFFF", ROW(1, "message", "\xF4\x90\x80\x80"),
     TEXT("id: 1\ndata: " FFFD FFFD FFFD FFFD "\n\n")},
    {"Latin-1", ROW(1, "message", "Malm\xF6 FF"), TEXT("id: 1\ndata: Malm" FFFD " FF\n\n")},
    {"a type that tries to break out", ROW(1, "a\nb\rc\0d", "{}"),
     TEXT("id: 1\nevent: a?b?c?d\ndata: {}\n\n")},
    {"a type of other characters", ROW(1, "a b:C\xC3\xA9", "{}"),
     TEXT("id: 1\nevent: a?b????\ndata: {}\n\n")},
};

static void rows_as_frames(void)
{
    char out[256];

    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
        struct row row = frames[i].row;
        struct buf b;
        row.data.at = fence_at_end(&fence, row.data.at, row.data.len);
        buf_init(&b, out, sizeof out);
        sse_row(&b, &row);
        tap_is_bytes(b.at, b.len, frames[i].frame.at, frames[i].frame.len, "%s",
                     frames[i].name);
    }
}

static void rows_as_json(void)
{
    static const struct {
        const char *name;
        struct row row;
        struct span json;
    } cases[] = {
        {"a row", ROW(7, "goal", "{\"a\": [1]}"),
         TEXT("{\"id\":7,\"match_id\":\"m1\",\"type\":\"goal\"," AT ",\"data\":{\"a\": [1]}}")},
        {"line ends in data", ROW(7, "message", "{\n\"a\":\r\n1\r}"),
         TEXT("{\"id\":7,\"match_id\":\"m1\",\"type\":\"message\"," AT
              ",\"data\":{ \"a\": 1 }}")},
        {"NUL ends data", ROW(7, "goal", "{}\0{"),
         TEXT("{\"id\":7,\"match_id\":\"m1\",\"type\":\"goal\"," AT ",\"data\":{}}")},
        {"a type with quotes and controls", ROW(7, "\"\\\n\xFF", "0"),
         TEXT("{\"id\":7,\"match_id\":\"m1\",\"type\":\"\\\"\\\\\\u000a" FFFD "\"," AT
              ",\"data\":0}")},
    };
    char out[256];

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf b;
        buf_init(&b, out, sizeof out);
        row_json(&b, &cases[i].row);
        tap_is_bytes(b.at, b.len, cases[i].json.at, cases[i].json.len, "as JSON: %s",
                     cases[i].name);
    }
}

/* Each writer, as a function of the buffer alone. */
static const struct row sample = ROW(12345, "goal", "{\"a\":\n\"\xC3\xA9\xFF\"}");

static void put_row(struct buf *b)
{
    sse_row(b, &sample);
}

static void put_json(struct buf *b)
{
    row_json(b, &sample);
}

static void put_batch_first(struct buf *b)
{
    sse_batch_row(b, &sample, true);
}

static void put_batch_row(struct buf *b)
{
    sse_batch_row(b, &sample, false);
}

static void put_batch_end(struct buf *b)
{
    sse_batch_end(b, 12345);
}

static void put_open(struct buf *b)
{
    sse_open(b, 3000, (struct cursor){CURSOR_AFTER, 42, 0}, true);
}

static void put_open_snapshot(struct buf *b)
{
    sse_open(b, 3000, (struct cursor){CURSOR_NONE, 0, 0}, false);
}

static void put_open_latest(struct buf *b)
{
    sse_open(b, 3000, (struct cursor){CURSOR_LATEST, 0, 0}, false);
}

static void put_cursor(struct buf *b)
{
    sse_cursor(b, 12345);
}

static void put_heartbeat(struct buf *b)
{
    sse_event_heartbeat(b, 1764270000123, -1);
}

static void put_reset(struct buf *b)
{
    sse_reset(b, "gone", 100, 12345);
}

static void put_error(struct buf *b)
{
    sse_error(b, 503, "locked by \"another\"\n");
}

static const struct signal {
    const char *name;
    void (*put)(struct buf *b);
    const char *expected; /* NULL: seen elsewhere */
} signals[] = {
    {"sse_row", put_row, NULL},
    {"row_json", put_json, NULL},
    {"sse_batch_row, the first", put_batch_first, NULL},
    {"sse_batch_row", put_batch_row, NULL},
    {"sse_batch_end", put_batch_end, "]\nid: 12345\n\n"},
    {"sse_open after a row, of a filter", put_open,
     "retry: 3000\n: livescore after=42 filtered\n\n"},
    {"sse_open with a snapshot", put_open_snapshot, "retry: 3000\n: livescore snapshot\n\n"},
    {"sse_open elsewhere", put_open_latest, "retry: 3000\n: livescore\n\n"},
    {"sse_cursor", put_cursor, "id: 12345\n\n"},
    {"sse_comment_heartbeat", sse_comment_heartbeat, ":\n\n"},
    {"sse_event_heartbeat", put_heartbeat,
     "event: heartbeat\ndata: {\"now\":1764270000123}\n\n"},
    {"sse_reset", put_reset,
     "event: reset\ndata: {\"reason\":\"gone\",\"oldest\":100,\"head\":12345}\n\n"},
    {"sse_error", put_error,
     "event: error\ndata: {\"status\":503,\"detail\":\"locked by "
     "\\\"another\\\"\\u000a\"}\n\n"},
};

/* With too little room after other bytes: the partial output is cut off. */
static bool leaves_alone(const struct signal *s, size_t room)
{
    struct buf b;

    buf_init(&b, fence.end - 4 - room, 4 + room);
    buf_puts(&b, "kept");
    s->put(&b);
    if (!b.full || b.len < 4)
        return false;
    buf_cut(&b, 4);
    return !b.full && memcmp(b.at, "kept", 4) == 0;
}

static void whole_or_not_at_all(const struct signal *s)
{
    struct buf b;
    size_t room = 0;

    buf_init(&b, fence.front, 512);
    s->put(&b);
    if (s->expected)
        tap_is_bytes(b.at, b.len, s->expected, strlen(s->expected), "%s writes what it should",
                     s->name);
    while (room < b.len && leaves_alone(s, room))
        room++;
    tap_ok(room == b.len,
           "%s with less room than it needs is told by a full buffer, and can be cut off",
           s->name);
    if (room < b.len)
        tap_diag("of %zu bytes needed there were %zu", b.len, room);
}

/* The frame of a row and the row as JSON, with data that repeats one byte. */
static bool fits_bound(unsigned char byte, size_t len)
{
    static char data[4096], out[64 * 1024];
    struct row row = {INT64_MIN,       0,           {data, len / 4},
                      {data, len / 2}, {data, len}, {data, len / 8}};
    struct buf b;

    memset(data, byte, sizeof data);
    buf_init(&b, out, sse_row_bound(&row));
    if (b.cap > sizeof out)
        return false;
    sse_row(&b, &row);
    bool fits = !b.full;
    buf_clear(&b);
    row_json(&b, &row);
    return fits && !b.full;
}

static void the_bound_holds(void)
{
    bool holds = true;

    for (unsigned byte = 0; byte < 256 && holds; byte++)
        for (size_t len = 0; len <= 2048 && holds; len = len * 2 + 1)
            holds = fits_bound((unsigned char)byte, len);
    tap_ok(holds, "no row outgrows sse_row_bound, whatever it is made of");
}

/* A stream with all kinds of frames, as a client reads it. */
static void as_a_client_reads_it(void)
{
    static struct eventsource es;
    char out[2048];
    struct buf b;

    buf_init(&b, out, sizeof out);
    sse_open(&b, 2750, (struct cursor){CURSOR_AFTER, 12344, 0}, false);
    sse_row(&b, &sample);
    sse_comment_heartbeat(&b);
    sse_event_heartbeat(&b, 1764270000123, -1);
    sse_cursor(&b, 99999);
    sse_reset(&b, "ahead", 1, 5);
    eventsource_init(&es, b.at, b.len);

    tap_ok(eventsource_next(&es) && strcmp(es.type, "goal") == 0 &&
               strcmp(es.last_id, "12345") == 0,
           "a client's first event is the row, not the opening of the stream");
    tap_is_int(es.retry, 2750, "the reconnection time has come with it");
    tap_ok(eventsource_next(&es) && strcmp(es.type, "heartbeat") == 0 &&
               strcmp(es.last_id, "12345") == 0,
           "a heartbeat is an event, a comment is not; the cursor stays");
    tap_ok(eventsource_next(&es) && strcmp(es.type, "reset") == 0 &&
               strcmp(es.last_id, "99999") == 0,
           "an id alone is not an event, but moves the cursor");
    tap_ok(!eventsource_next(&es), "no event follows the last one");
}

static void batches(void)
{
    static struct eventsource es;
    static const char expected[] =
        "[{\"id\":1,\"match_id\":\"m1\",\"type\":\"message\"," AT ",\"data\":{ }},"
        "{\"id\":2,\"match_id\":\"m1\",\"type\":\"goal\"," AT ",\"data\":[]}]";
    const struct row rows[] = {ROW(1, "message", "{\n}"), ROW(2, "goal", "[]")};
    char out[2048];
    struct buf b;

    buf_init(&b, out, sizeof out);
    sse_batch_row(&b, &rows[0], true);
    sse_batch_row(&b, &rows[1], false);
    sse_batch_end(&b, 2);
    eventsource_init(&es, b.at, b.len);
    tap_ok(eventsource_next(&es) && strcmp(es.type, "message") == 0, "a batch is a message");
    tap_is_bytes(es.data, es.data_len, expected, sizeof expected - 1,
                 "a batch is an array of rows");
    tap_is_text(es.last_id, "2", "a batch has the id of its last row");
    tap_ok(!eventsource_next(&es), "a batch is one event");
}

int main(void)
{
    fence_init(&fence, 4096);
    rows_as_frames();
    rows_as_json();
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        whole_or_not_at_all(&signals[i]);
    the_bound_holds();
    as_a_client_reads_it();
    batches();
    fence_free(&fence);
    return tap_done();
}
