/*
 * The splitter of documents: its results do not depend on how the input is cut into windows,
 * and it never reads past a window.
 */
#include "tap.h"

#include "feeder/input/updates.h"

/* The result of the splitter: the updates, one per line, and how it ended. */
struct outcome {
    char text[2048];
    size_t len;
    enum updates_result end;
    char error[FAILURE_MAX];
};

/* Reads len bytes in windows that grow by `step`, each flush against the fence. */
static struct outcome split(struct fence *fence, const char *document, size_t len, size_t step)
{
    struct outcome o = {0};
    struct updates u;
    struct failure failure;
    struct update update;
    size_t from = 0, to = 0, used;

    updates_init(&u, &failure);
    for (;;) {
        char *at = fence_at_end(fence, document + from, to - from);
        o.end = updates_next(&u, at, to - from, to == len, &update, &used);
        from += used;
        if (o.end == UPDATES_MORE)
            to = to + step < len ? to + step : len;
        else if (o.end != UPDATES_FOUND)
            break;
        else
            o.len += (size_t)snprintf(o.text + o.len, sizeof o.text - o.len,
                                      "%" PRId64 ":%" PRId64 ":%" PRId64 ":%s%.*s\n",
                                      update.number, update.line, update.end,
                                      update.compact ? "" : "blanks:", (int)update.text.len,
                                      update.text.at);
    }
    snprintf(o.error, sizeof o.error, "%s", o.end == UPDATES_BAD ? failure.text : "");
    return o;
}

static const struct {
    const char *document, *updates, *error;
} cases[] = {
    {"[]", "", ""},
    {" [ ] \n", "", ""},
    {"[{}]", "1:1:3:{}\n", ""},
    {"[{},{}]", "1:1:3:{}\n2:1:6:{}\n", ""},
    {"[\n{} ,\n\n{\"a\": 1}\n]\n", "1:2:4:{}\n2:4:16:blanks:{\"a\": 1}\n", ""},
    {"[{\"a\":\"]},{[\\\"\"}]", "1:1:16:{\"a\":\"]},{[\\\"\"}\n", ""},
    {"[{\"a\":\"\\\\\"},{}]", "1:1:11:{\"a\":\"\\\\\"}\n2:1:14:{}\n", ""},
    {"[{\"a\":[[],{}]}]", "1:1:14:{\"a\":[[],{}]}\n", ""},
    {"{}", "1:1:2:{}\n", ""},
    {"{}\n{}\n", "1:1:3:{}\n2:2:6:{}\n", ""},
    {"\n \n{} \r\n\r\n{}", "1:3:8:{}\n2:5:12:{}\n", ""},
    {"\xEF\xBB\xBF{}", "1:1:5:{}\n", ""},
    {"\xEF\xBB\xBF[{}]", "1:1:6:{}\n", ""},
    {"{\"a\":\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"}",
     "1:1:17:{\"a\":\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"}\n", ""},
    {"", "", "empty: expected JSON updates, in [ ] or one per line"},
    {"\xEF\xBB\xBF", "", "empty: expected JSON updates, in [ ] or one per line"},
    {"\xEF\xBB{}", "",
     "line 1, byte 1: expected JSON updates, in [ ] or one per line, found byte 0xEF"},
    {"x", "", "line 1, byte 1: expected JSON updates, in [ ] or one per line, found x"},
    {"\xEF\xBB\xBFx", "",
     "line 1, byte 1: expected JSON updates, in [ ] or one per line, found x"},
    {"[", "", "line 1, byte 2: the input ends without a ]: is it truncated?"},
    {"[{}", "1:1:3:{}\n", "line 1, byte 4: the input ends without a ]: is it truncated?"},
    {"[{},", "1:1:3:{}\n", "line 1, byte 5: the input ends without a ]: is it truncated?"},
    {"[{},]", "1:1:3:{}\n", "line 1, byte 5: expected update 2, an object { }, found ]"},
    {"[,{}]", "", "line 1, byte 2: expected update 1, an object { }, found ,"},
    {"[{}{}]", "1:1:3:{}\n", "line 1, byte 4: expected , or ] after update 1, found {"},
    {"[{}]\n x", "1:1:3:{}\n", "line 2, byte 2: expected nothing after the ], found x"},
    {"[\"{}\"]", "", "line 1, byte 2: expected update 1, an object { }, found \""},
    {"{}\n{\"a\"", "1:1:3:{}\n",
     "line 2, byte 5: the input ends in the middle of update 2: is it truncated?"},
    {"{} {}", "", "line 1, byte 4: expected the end of the line after the update, found {"},
    {"{\"a\":\"\x01\"}", "",
     "line 1, byte 7: a string must not contain byte 0x01 itself: write the escape \\u0001"},
    {"{\"a\":\"\\\n\"}", "",
     "line 1, byte 8: a string must not contain byte 0x0A itself: write the escape \\u000a"},
    {"{\x0B}", "", "line 1, byte 2: expected JSON, found byte 0x0B"},
    {"[{\n\"a\":\"\xFF\"}]", "",
     "line 2, byte 6: expected UTF-8, found byte 0xFF: 'iconv -f LATIN1 -t UTF-8' converts "
     "Latin-1"},
    {"[{\n[\"a\"] :1}]", "", "line 2, byte 7: expected JSON, found : after a bracket"},
    {"{\"a\":\"]:\",\"b\":[{}]}", "1:1:19:{\"a\":\"]:\",\"b\":[{}]}\n", ""},
};

static void test_cases(struct fence *fence)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t len = strlen(cases[i].document), step = 1;
        struct outcome o;
        for (; step <= len + 1; step++) { /* the last one is all at once */
            o = split(fence, cases[i].document, len, step);
            if (strcmp(o.text, cases[i].updates) != 0 || strcmp(o.error, cases[i].error) != 0)
                break;
        }
        if (!tap_ok(step > len + 1, "case %zu is the same in windows of any size", i)) {
            tap_diag_bytes("document", cases[i].document, len);
            tap_diag("step %zu", step);
            tap_diag_bytes("updates ", o.text, o.len);
            tap_diag("error %s", o.error);
        }
    }
}

static void test_mutations(struct fence *fence)
{
    static const char document[] = "[\n{\"a\":\"\\\"\xC3\xA9\",\"b\":[1,{}]} ,\n{}\n]\n";
    char mutant[sizeof document];
    size_t len = sizeof document - 1, bad = 0, ended = 0;

    for (size_t i = 0; i < len; i++) {
        for (int c = 0; c < 256; c++) {
            memcpy(mutant, document, sizeof document);
            mutant[i] = (char)c;
            struct outcome whole = split(fence, mutant, len, len),
                           bytes = split(fence, mutant, len, 1);
            bad += strcmp(whole.text, bytes.text) != 0 || strcmp(whole.error, bytes.error) != 0;
            ended += whole.end == UPDATES_END || (whole.end == UPDATES_BAD && whole.error[0]);
        }
    }
    tap_is_int((int64_t)bad, 0, "any byte changed to any other: windows make no difference");
    tap_is_int((int64_t)ended, (int64_t)(len * 256),
               "a document with any byte changed is read to its end, or is an error");
}

/* {"":"xxx"} of len bytes */
static char *sized(struct fence *fence, size_t len)
{
    char *at = fence->end - len;

    memset(at, 'x', len);
    memcpy(at, "{\"\":\"", 5);
    memcpy(at + len - 2, "\"}", 2);
    return at;
}

static void test_bound(void)
{
    struct fence fence;
    struct updates u;
    struct failure failure;
    struct update update;
    size_t used;

    fence_init(&fence, UPDATES_TEXT_MAX + 1);
    updates_init(&u, &failure);
    char *at = sized(&fence, UPDATES_TEXT_MAX);
    tap_is_int(updates_next(&u, at, UPDATES_TEXT_MAX, true, &update, &used), UPDATES_FOUND,
               "an update of UPDATES_TEXT_MAX bytes is found");
    tap_is_int((int64_t)update.text.len, UPDATES_TEXT_MAX,
               "an update of UPDATES_TEXT_MAX bytes is found whole");
    at = sized(&fence, UPDATES_TEXT_MAX + 1);
    updates_init(&u, &failure);
    tap_is_int(updates_next(&u, at, UPDATES_TEXT_MAX + 1, true, &update, &used), UPDATES_BAD,
               "an update one byte larger than UPDATES_TEXT_MAX is refused");
    updates_init(&u, &failure);
    tap_is_int(updates_next(&u, at, UPDATES_TEXT_MAX, false, &update, &used), UPDATES_MORE,
               "UPDATES_TEXT_MAX bytes without an end ask for more input");
    fence_free(&fence);
}

int main(void)
{
    struct fence fence;

    fence_init(&fence, 4096);
    test_cases(&fence);
    test_mutations(&fence);
    fence_free(&fence);
    test_bound();
    return tap_done();
}
