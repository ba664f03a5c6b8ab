/*
 * buf: what fits is written whole, what does not fit is not written at all.
 * Every buffer here ends at a fence, so one byte too many is a crash.
 */
#include "base/text/buf.h"

#include "tap.h"

static void is_buf(const struct buf *b, const char *expected, const char *name)
{
    tap_is_bytes(b->at, b->len, expected, strlen(expected), "%s", name);
}

/* Each way of adding five bytes or so. */
static void add_put(struct buf *b)
{
    buf_put(b, "a\0b\nc", 5);
}

static void add_puts(struct buf *b)
{
    buf_puts(b, "hello");
}

static void add_putc(struct buf *b)
{
    buf_putc(b, 'x');
}

static void add_int(struct buf *b)
{
    buf_put_int(b, -1234);
}

static void add_printf(struct buf *b)
{
    buf_printf(b, "%s=%d", "n", 123);
}

static void add_json(struct buf *b)
{
    buf_put_json(b, "\"\n\xFF\xC3\xA9", 5);
}

static void add_take(struct buf *b)
{
    char *at = buf_take(b, 5);

    if (at)
        memset(at, 'T', 5);
}

static const struct writer {
    const char *name;
    void (*add)(struct buf *b);
    size_t len;
    bool whole; /* one call is all or nothing (JSON is composed of several) */
    size_t spare;
} writers[] = {
    {"buf_put", add_put, 5, true, 0},       {"buf_puts", add_puts, 5, true, 0},
    {"buf_putc", add_putc, 1, true, 0},     {"buf_put_int", add_int, 5, true, 0},
    {"buf_printf", add_printf, 5, true, 1}, {"buf_put_json", add_json, 15, false, 0},
    {"buf_take", add_take, 5, true, 0},
};

static void room_is_kept(const struct writer *w, struct fence *f)
{
    size_t need = w->len + w->spare; /* vsnprintf needs room for its NUL */
    struct buf b;

    buf_init(&b, f->end - need, need);
    w->add(&b);
    tap_ok(!b.full && b.len == w->len, "%s fills %zu bytes exactly", w->name, need);

    buf_init(&b, f->end - (need - 1), need - 1);
    w->add(&b);
    tap_ok(b.full && (!w->whole || b.len == 0), "%s leaves a buffer of %zu as it was, but full",
           w->name, need - 1);

    size_t before = b.len;
    buf_puts(&b, "");
    w->add(&b);
    tap_ok(b.full && b.len == before, "%s adds nothing to a buffer that is full", w->name);

    buf_init(&b, f->end - 100, 100);
    buf_take(&b, 101);
    w->add(&b);
    tap_ok(b.full && b.len == 0, "%s adds nothing even if it would fit", w->name);

    buf_init(&b, f->end, 0);
    w->add(&b);
    tap_ok(b.full && b.len == 0, "%s takes a buffer without room", w->name);
}

static void full_lasts_until_cut(struct fence *f)
{
    struct buf b;

    buf_init(&b, f->end - 8, 8);
    buf_puts(&b, "12345");
    buf_puts(&b, "6789");
    tap_ok(b.full, "a buffer is full when something did not fit");
    buf_putc(&b, 'x');
    is_buf(&b, "12345", "a full buffer takes nothing more, not even what would fit");
    buf_cut(&b, 3);
    buf_puts(&b, "abcde");
    tap_ok(!b.full, "buf_cut makes a full buffer usable again");
    is_buf(&b, "123abcde", "buf_cut keeps the bytes in front of the cut");
    buf_putc(&b, '!');
    buf_clear(&b);
    tap_ok(!b.full && b.len == 0, "buf_clear empties a buffer and forgets that it was full");
    buf_put(&b, NULL, 0);
    buf_puts(&b, "");
    tap_ok(!b.full && b.len == 0, "adding nothing changes nothing");
    tap_ok(buf_take(&b, SIZE_MAX) == NULL && b.full, "more than any memory does not fit");
}

static void numbers(struct fence *f)
{
    static const struct {
        int64_t n;
        const char *text;
    } cases[] = {
        {0, "0"},
        {7, "7"},
        {-1, "-1"},
        {10, "10"},
        {9007199254740991, "9007199254740991"},
        {INT64_MAX, "9223372036854775807"},
        {INT64_MIN, "-9223372036854775808"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf b;
        buf_init(&b, f->front, 64);
        buf_put_int(&b, cases[i].n);
        is_buf(&b, cases[i].text, cases[i].text);
    }
}

static void json_strings(struct fence *f)
{
    static const struct {
        const char *in;
        size_t len;
        const char *out;
    } cases[] = {
        {"", 0, "\"\""},
        {"plain", 5, "\"plain\""},
        {"\"\\", 2, "\"\\\"\\\\\""},
        {"\b\f\n\r\t", 5, "\"\\u0008\\u000c\\u000a\\u000d\\u0009\""},
        {"\0\x1F\x7F", 3, "\"\\u0000\\u001f\x7F\""},
        {"/<>&'", 5, "\"/<>&'\""},
        {"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", 9, "\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\""},
        {"a\xC3", 2, "\"a\xEF\xBF\xBD\""},
        {"\xED\xA0\x80", 3, "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
        {"\xC0\xAF", 2, "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},
        {"\xF0\x9F\x98!", 4, "\"\xEF\xBF\xBD!\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf b;
        buf_init(&b, f->front, 64);
        buf_put_json(&b, fence_at_end(f, cases[i].in, cases[i].len), cases[i].len);
        is_buf(&b, cases[i].out, "text as a JSON string");
    }
}

static void spans(struct fence *f)
{
    struct span s = {fence_at_end(f, "Host", 4), 4};

    tap_ok(span_is(s, "Host"), "span_is accepts the same bytes");
    tap_ok(!span_is(s, "host") && !span_is(s, "Hos") && !span_is(s, "Hosts"),
           "span_is refuses another case, a prefix and a longer text");
    tap_ok(span_is_nocase(s, "hOST"), "span_is_nocase accepts another case");
    tap_ok(!span_is_nocase(s, "hos") && !span_is_nocase(s, "hosts"),
           "span_is_nocase refuses a prefix and a longer text");
    s = span_of("");
    tap_ok(s.len == 0 && span_is(s, "") && !span_is(s, "x"), "an empty span is only empty");
    s = (struct span){fence_at_end(f, "a\0b", 3), 3};
    tap_ok(!span_is(s, "a"), "a NUL does not end a span");

    s = span_trim(span_of(" \ta b\t "));
    tap_ok(span_is(s, "a b"),
           "span_trim takes white space off both ends, and none from the middle");
    tap_ok(span_trim(span_of(" \t")).len == 0, "span_trim leaves nothing of white space alone");
    s = span_of("a,,b");
    tap_ok(span_is(span_cut(&s, ','), "a") && span_is(s, ",b"),
           "span_cut takes what stands before the first comma, and the comma");
    tap_ok(span_is(span_cut(&s, ','), "") && span_is(span_cut(&s, ','), "b") && s.len == 0,
           "span_cut may take nothing, or everything");
}

static void decimal_numbers(struct fence *f)
{
    static const struct {
        const char *text;
        int64_t max;
        int64_t n; /* -1: refused */
    } cases[] = {
        {"0", 10, 0},
        {"10", 10, 10},
        {"11", 10, -1},
        {"9", 10, 9},
        {"100", 10, -1},
        {"007", 10, 7},
        {"", 10, -1},
        {"-1", 10, -1},
        {"+1", 10, -1},
        {" 1", 10, -1},
        {"1 ", 10, -1},
        {"1x", 10, -1},
        {"0x1", 10, -1},
        {"1.0", 10, -1},
        {"1e3", 10000, -1},
        {"0", 0, 0},
        {"1", 0, -1},
        {"9223372036854775807", INT64_MAX, INT64_MAX},
        {"9223372036854775808", INT64_MAX, -1},
        {"18446744073709551616", INT64_MAX, -1},
        {"99999999999999999999999999999999999999", INT64_MAX, -1},
        {"00000000000000000000000000000000000042", INT64_MAX, 42},
        {"\xD9\xA1", 10, -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t len = strlen(cases[i].text);
        struct span s = {fence_at_end(f, cases[i].text, len), len};
        int64_t n = -77;
        int rc = span_to_int(s, cases[i].max, &n);
        if (cases[i].n < 0)
            tap_ok(rc == -1, "'%s' is not a number up to %" PRId64, cases[i].text,
                   cases[i].max);
        else
            tap_is_int(rc == 0 ? n : -1, cases[i].n, "'%s' is a number up to %" PRId64,
                       cases[i].text, cases[i].max);
    }
}

int main(void)
{
    struct fence f;

    fence_init(&f, 256);
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++)
        room_is_kept(&writers[i], &f);
    full_lasts_until_cut(&f);
    numbers(&f);
    json_strings(&f);
    spans(&f);
    decimal_numbers(&f);
    fence_free(&f);
    return tap_done();
}
