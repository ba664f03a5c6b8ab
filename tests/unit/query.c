/*
 * query: what each parameter sets, at its bounds and one past them; which
 * cursors are cursors; which rows a filter lets through.
 */
#include "service/http/query.h"

#include "tap.h"

static struct fence fence;

static int parse(const char *text, struct query *query)
{
    size_t len = strlen(text);

    memset(query, 0xA5, sizeof *query);
    return query_parse(query, (struct span){fence_at_end(&fence, text, len), len});
}

/* A list of n names of len bytes each, behind the name of a parameter. */
static const char *with_list(const char *parameter, int n, int len)
{
    static char text[8192];
    size_t at = (size_t)sprintf(text, "%s=", parameter);

    for (int i = 0; i < n; i++)
        at += (size_t)sprintf(text + at, "%s%0*d", i ? "," : "", len, i);
    return text;
}

static void nothing_is_asked_for(void)
{
    static const char *const texts[] = {"",
                                        "&",
                                        "&&&",
                                        "=",
                                        "=x",
                                        "x",
                                        "x=y",
                                        "v=1&_=1234567",
                                        "MATCH=a&Type=b",
                                        "matches=a",
                                        "%FF=a",
                                        "%zz=a",
                                        "aVeryLongNameThatNobodyHereCouldEverKnow=1",
                                        "match",
                                        "match=",
                                        "type=",
                                        "after=",
                                        "lastEventId="};
    struct query q;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        int rc = parse(texts[i], &q);
        tap_ok(rc == 0 && q.cursor.kind == CURSOR_NONE && q.filter.n_matches == 0 &&
                   q.filter.n_types == 0 && q.batch == 0 && q.wait_s == 0 &&
                   !q.heartbeat_events && !q.json && !q.stream,
               "'%s' asks for nothing", texts[i]);
    }
}

static void cursors(void)
{
    static const struct {
        const char *text;
        enum cursor_kind kind;
        int64_t id;
    } cases[] = {
        {"0", CURSOR_AFTER, 0},
        {"1", CURSOR_AFTER, 1},
        {"0042", CURSOR_AFTER, 42},
        {"9007199254740991", CURSOR_AFTER, 9007199254740991},
        {"9223372036854775807", CURSOR_AFTER, INT64_MAX},
        {"9223372036854775808", CURSOR_INVALID, 0},
        {"latest", CURSOR_LATEST, 0},
        {"", CURSOR_NONE, 0},
        {"-1", CURSOR_INVALID, 0},
        {"+1", CURSOR_INVALID, 0},
        {"1.5", CURSOR_INVALID, 0},
        {"1 ", CURSOR_INVALID, 0},
        {"Latest", CURSOR_INVALID, 0},
        {"latest!", CURSOR_INVALID, 0},
        {"null", CURSOR_INVALID, 0},
        {"0x10", CURSOR_INVALID, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t len = strlen(cases[i].text);
        struct span text = {fence_at_end(&fence, cases[i].text, len), len};
        struct cursor c = cursor_parse(text);
        tap_ok(c.kind == cases[i].kind && (c.kind != CURSOR_AFTER || c.id == cases[i].id),
               "the cursor '%s'", cases[i].text);
    }
}

static void cursor_spellings(void)
{
    static const char *const names[] = {"after", "lastEventId", "last_event_id",
                                        "Last-Event-ID"};
    char text[64];
    struct query q;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(text, sizeof text, "%s=17", names[i]);
        int rc = parse(text, &q);
        tap_ok(rc == 0 && q.cursor.kind == CURSOR_AFTER && q.cursor.id == 17, "%s is a cursor",
               text);
    }
    tap_ok(parse("after=1&lastEventId=2", &q) == 0 && q.cursor.id == 2,
           "of two cursors the last one counts");
    tap_ok(parse("after=1&lastEventId=", &q) == 0 && q.cursor.id == 1,
           "an empty one hides no other");
    tap_ok(parse("after=abc", &q) == 0 && q.cursor.kind == CURSOR_INVALID,
           "a cursor that is none is no error of the query");
}

static void numbers(void)
{
    static const struct {
        const char *text;
        int batch, wait_s; /* -1: an error */
    } cases[] = {
        {"batch=1", 1, 0},         {"batch=1000", BATCH_MAX, 0},
        {"batch=0", -1, 0},        {"batch=1001", -1, 0},
        {"batch=", -1, 0},         {"batch", -1, 0},
        {"batch=-1", -1, 0},       {"batch=1e2", -1, 0},
        {"wait=0", 0, 0},          {"wait=60", 0, WAIT_MAX_S},
        {"wait=61", 0, -1},        {"wait=", 0, -1},
        {"wait=1.5", 0, -1},       {"wait=10s", 0, -1},
        {"batch=5&batch=7", 7, 0}, {"wait=5&batch=7&wait=9", 7, 9},
        {"b%61tch=%35", 5, 0},     {"wait=99999999999999999999", 0, -1},
    };
    struct query q;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int rc = parse(cases[i].text, &q);
        if (cases[i].batch < 0 || cases[i].wait_s < 0)
            tap_ok(rc == -1 && q.error && q.error[0], "'%s' is refused", cases[i].text);
        else
            tap_ok(rc == 0 && q.batch == cases[i].batch && q.wait_s == cases[i].wait_s,
                   "'%s' is taken", cases[i].text);
    }
}

static void words(void)
{
    static const struct {
        const char *text;
        bool good, json, stream, events;
    } cases[] = {
        {"format=json", true, true, false, false},
        {"format=stream", true, false, true, false},
        {"format=json&format=stream", true, false, true, false},
        {"format=", false, false, false, false},
        {"format=JSON", false, false, false, false},
        {"format=xml", false, false, false, false},
        {"heartbeat=event", true, false, false, true},
        {"heartbeat=comment", true, false, false, false},
        {"heartbeat=", false, false, false, false},
        {"heartbeat=events", false, false, false, false},
        {"x=%", false, false, false, false},
        {"match=%0", false, false, false, false},
        {"match=a%00b", false, false, false, false},
        {"after=%zz", false, false, false, false},
    };
    struct query q;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int rc = parse(cases[i].text, &q);
        if (cases[i].good)
            tap_ok(rc == 0 && q.json == cases[i].json && q.stream == cases[i].stream &&
                       q.heartbeat_events == cases[i].events,
                   "'%s' is taken", cases[i].text);
        else
            tap_ok(rc == -1 && q.error && q.error[0], "'%s' is refused", cases[i].text);
    }
}

static void lists(void)
{
    struct query q;

    tap_ok(parse("match=m1,m2&type=goal,message,red-card", &q) == 0 &&
               q.filter.n_matches == 2 && q.filter.n_types == 3 &&
               strcmp(q.filter.matches[0], "m1") == 0 &&
               strcmp(q.filter.matches[1], "m2") == 0 &&
               strcmp(q.filter.types[2], "red-card") == 0,
           "lists of matches and types");
    tap_ok(parse("match=a%2Cb+c", &q) == 0 && q.filter.n_matches == 2 &&
               strcmp(q.filter.matches[1], "b c") == 0,
           "lists are split after the %%-encoding is undone");
    tap_ok(parse("match=a,b&match=c", &q) == 0 && q.filter.n_matches == 1 &&
               strcmp(q.filter.matches[0], "c") == 0,
           "of two lists the last one counts");
    tap_ok(parse("match=a,b&match=", &q) == 0 && q.filter.n_matches == 0,
           "an empty list after another one counts");
    tap_ok(parse("match=,a", &q) == -1 && parse("match=a,,b", &q) == -1 &&
               parse("type=,", &q) == -1,
           "a name in a list is not empty");

    tap_ok(parse(with_list("match", FILTER_NAMES_MAX, 2), &q) == 0 &&
               q.filter.n_matches == FILTER_NAMES_MAX &&
               strcmp(q.filter.matches[FILTER_NAMES_MAX - 1], "31") == 0,
           "32 matches are taken");
    tap_ok(parse(with_list("match", FILTER_NAMES_MAX + 1, 2), &q) == -1, "33 are refused");
    tap_ok(parse(with_list("type", FILTER_NAMES_MAX, 2), &q) == 0 &&
               q.filter.n_types == FILTER_NAMES_MAX,
           "32 types are taken");
    tap_ok(parse(with_list("type", FILTER_NAMES_MAX + 1, 2), &q) == -1, "33 are refused");
    tap_ok(parse(with_list("match", 1, MATCH_ID_MAX), &q) == 0 &&
               strlen(q.filter.matches[0]) == MATCH_ID_MAX,
           "a match id of 64 bytes is taken");
    tap_ok(parse(with_list("match", 1, MATCH_ID_MAX + 1), &q) == -1, "one of 65 is refused");
    tap_ok(parse(with_list("type", 1, TYPE_MAX), &q) == 0 &&
               strlen(q.filter.types[0]) == TYPE_MAX,
           "a type of 32 bytes is taken");
    tap_ok(parse(with_list("type", 1, TYPE_MAX + 1), &q) == -1, "one of 33 is refused");
}

static bool admits(const char *query, const char *match_id, const char *type)
{
    struct query q;
    size_t len = strlen(type);

    return parse(query, &q) == 0 &&
           filter_admits(&q.filter, span_of(match_id),
                         (struct span){fence_at_end(&fence, type, len), len});
}

static void filters(void)
{
    tap_ok(admits("", "m1", "goal"), "no filter lets everything through");
    tap_ok(admits("match=m1,m2", "m2", "goal"), "a match that is named is let through");
    tap_ok(!admits("match=m1,m2", "m3", "goal"),
           "a match that is not named is not let through");
    tap_ok(
        !admits("match=m1", "m10", "goal") && !admits("match=m10", "m1", "goal") &&
            !admits("match=m1", "M1", "goal"),
        "a match whose id begins like a named one, or is in another case, is not let through");
    tap_ok(admits("type=goal,message", "m1", "message"), "a type that is named is let through");
    tap_ok(!admits("type=goal,message", "m1", "own-goal"), "another is not");
    tap_ok(admits("match=m1&type=goal", "m1", "goal"), "match and type both fit");
    tap_ok(!admits("match=m1&type=goal", "m2", "goal") &&
               !admits("match=m1&type=goal", "m1", "var"),
           "one of them is not enough");
    tap_ok(!admits("type=goal", "m1", "") && !admits("match=m1", "", "goal"),
           "an empty name fits no filter");
}

int main(void)
{
    fence_init(&fence, 8192);
    nothing_is_asked_for();
    cursors();
    cursor_spellings();
    numbers();
    words();
    lists();
    filters();
    fence_free(&fence);
    return tap_done();
}
