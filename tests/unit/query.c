/*
 * query: what each parameter sets, at its bounds and one past them; which cursors are valid;
 * which rows a filter admits.
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

/* A parameter's name, and a list of n names of len bytes each. */
static const char *with_list(const char *parameter, int n, int len)
{
    static char text[8192];
    size_t at = (size_t)sprintf(text, "%s=", parameter);

    for (int i = 0; i < n; i++)
        at += (size_t)sprintf(text + at, "%sm%0*d", i ? "," : "", len - 1, i);
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
    static const char *const names[] = {"after", "lastEventId", "lastEventID", "last_event_id",
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
           "an empty cursor does not hide another one");
    tap_ok(parse("after=abc", &q) == 0 && q.cursor.kind == CURSOR_INVALID,
           "an invalid cursor is not an error of the query");
}

static void other_cursors(void)
{
    static const struct {
        const char *text;
        enum cursor_kind kind; /* CURSOR_INVALID: an error */
        int64_t id;
    } cases[] = {
        {"last=1", CURSOR_LAST, 1},
        {"last=1000", CURSOR_LAST, LAST_MAX},
        {"last=1001", CURSOR_INVALID, 0},
        {"last=0", CURSOR_INVALID, 0},
        {"last=", CURSOR_INVALID, 0},
        {"last=-1", CURSOR_INVALID, 0},
        {"since=0", CURSOR_SINCE, 0},
        {"since=10m", CURSOR_SINCE, 600000},
        {"since=1.5h", CURSOR_SINCE, 5400000},
        {"since=1000d", CURSOR_SINCE, INT64_C(86400000000)},
        {"since=1001d", CURSOR_INVALID, 0},
        {"since=", CURSOR_INVALID, 0},
        {"since=10w", CURSOR_INVALID, 0},
        {"since=-1s", CURSOR_INVALID, 0},
        {"last=3&after=7", CURSOR_AFTER, 7},
        {"after=7&last=3", CURSOR_LAST, 3},
        {"last=3&after=", CURSOR_LAST, 3},
    };
    struct query q;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int rc = parse(cases[i].text, &q);
        if (cases[i].kind == CURSOR_INVALID)
            tap_ok(rc == -1 && q.error && q.error[0], "'%s' is refused", cases[i].text);
        else
            tap_ok(rc == 0 && q.cursor.kind == cases[i].kind && q.cursor.id == cases[i].id,
                   "'%s' is where to begin", cases[i].text);
    }
}

/* The query of the link to the next page, after the rows of this one. */
static const char *next_of(const char *text, struct cursor cursor, struct landmark log)
{
    static char next[QUERY_NEXT_MAX + 1];
    struct query q;
    struct buf b;

    buf_init(&b, next, sizeof next - 1);
    if (parse(text, &q) < 0)
        return q.error;
    query_put_next(&b, &q, cursor, log, q.turn);
    next[b.len] = '\0';
    return next;
}

static void links(void)
{
    static const struct {
        const char *query, *next;
        struct cursor cursor;
        struct landmark log;
    } cases[] = {
        {"", "?after=0&format=json", {CURSOR_AFTER, 0, 0}, {0, 0}},
        {"after=3&at=0000000000000001&x=y&batch=7&heartbeat=event&wait=0",
         "?after=9&at=fedcba9876543210&format=json",
         {CURSOR_AFTER, 9, UINT64_C(0xFEDCBA9876543210)},
         {0, 0}},
        {"wait=7&type=b,a,b&turn=5&token=a%2Fb&match=m2,m1*,m2&format=json",
         "?after=9&format=json&log=4-000000000000000a&match=m1*,m2&token=a%2Fb&turn=5&type=a,b&"
         "wait=7",
         {CURSOR_AFTER, 9, 0},
         {4, 10}},
        {"match=%22%26%3D%23%5C%C3%BC+",
         "?after=9&format=json&match=%22%26%3D%23%5C%C3%BC%20",
         {CURSOR_AFTER, 9, 0},
         {0, 0}},
        {"token=\"", "?after=9&format=json", {CURSOR_AFTER, 9, 0}, {0, 0}},
    };
    struct query q;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *next = next_of(cases[i].query, cases[i].cursor, cases[i].log);
        tap_ok(strcmp(next, cases[i].next) == 0, "'%s' leads on to %s: %s", cases[i].query,
               cases[i].next, next);
    }
    tap_ok(parse("at=0123456789abcdef&after=7", &q) == 0 &&
               q.cursor.at == UINT64_C(0x0123456789ABCDEF),
           "at belongs to the cursor");
    tap_ok(parse("at=0123456789abcdef", &q) == 0 && q.cursor.at == 0 &&
               parse("at=0123456789abcdef&last=5", &q) == 0 && q.cursor.at == 0,
           "at without a cursor is ignored");
    tap_ok(parse("log=4096-fedcba9876543210", &q) == 0 && q.log.id == 4096 &&
               q.log.hash == UINT64_C(0xFEDCBA9876543210),
           "log is a row and its hash");
    static const char *const bad[] = {"at=",
                                      "at=0123456789abcde",
                                      "at=0123456789abcdef0",
                                      "at=0123456789ABCDEF",
                                      "at=0123456789abcdeg",
                                      "log=",
                                      "log=5",
                                      "log=5-",
                                      "log=-0123456789abcdef",
                                      "log=x-0123456789abcdef",
                                      "turn=-1",
                                      "turn=9007199254740992"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        tap_ok(parse(bad[i], &q) == -1 && q.error[0], "'%s' is refused", bad[i]);
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
           "an empty name in a list is refused");

    tap_ok(parse("type=c,b,a,b,c", &q) == 0 && q.filter.n_types == 3 &&
               strcmp(q.filter.types[0], "a") == 0 && strcmp(q.filter.types[2], "c") == 0,
           "names are in order, each once");
    tap_ok(parse("match=m*", &q) == 0 && q.filter.prefixes &&
               parse("match=m*&match=m", &q) == 0 && !q.filter.prefixes,
           "a match that ends with an asterisk is a prefix");
    tap_ok(parse("type=GOAL", &q) == -1 && parse("type=goal,Goal", &q) == -1 &&
               parse("type=m*", &q) == -1 && parse("type=2nd", &q) == -1 &&
               strstr(q.error, "a-z"),
           "a type that no row can have is refused, and the answer says which ones there are");

    tap_ok(parse(with_list("match", FILTER_NAMES_MAX, 3), &q) == 0 &&
               q.filter.n_matches == FILTER_NAMES_MAX &&
               strcmp(q.filter.matches[FILTER_NAMES_MAX - 1], "m31") == 0,
           "32 matches are taken");
    tap_ok(parse(with_list("match", FILTER_NAMES_MAX + 1, 3), &q) == -1, "33 are refused");
    tap_ok(parse(with_list("type", FILTER_NAMES_MAX, 3), &q) == 0 &&
               q.filter.n_types == FILTER_NAMES_MAX,
           "32 types are taken");
    tap_ok(parse(with_list("type", FILTER_NAMES_MAX + 1, 3), &q) == -1, "33 are refused");
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
    tap_ok(admits("match=wc-*", "wc-1", "goal") && admits("match=wc-*", "wc-", "goal") &&
               !admits("match=wc-*", "wc", "goal") && !admits("match=wc-*", "xwc-1", "goal"),
           "a prefix lets through the matches whose ids begin with it");
    tap_ok(admits("match=*", "m", "goal") && admits("match=*", "*", "goal") &&
               admits("match=m**", "m*x", "goal") && !admits("match=m**", "mx", "goal") &&
               !admits("match=m*x", "mmx", "goal"),
           "only an asterisk at the end of a match stands for anything");
    tap_ok(admits("type=goal,message", "m1", "message"), "a type that is named is let through");
    tap_ok(!admits("type=goal,message", "m1", "own-goal"),
           "a type that is not named is not let through");
    tap_ok(admits("match=m1&type=goal", "m1", "goal"), "match and type both fit");
    tap_ok(!admits("match=m1&type=goal", "m2", "goal") &&
               !admits("match=m1&type=goal", "m1", "var"),
           "one of them is not enough");
    tap_ok(!admits("type=goal", "m1", "") && !admits("match=m1", "", "goal"),
           "an empty name fits no filter");
}

/* One parameter, read as by the routes of one statement. */
static void single(void)
{
    char value[HTTP_TARGET_MAX + 1], memory[64];
    struct buf b;

    tap_is_int(query_find(span_of("a=1&day=x%20y&day=z+1"), "day", value), 3,
               "the last of repeated parameters counts");
    tap_is_text(value, "z 1", "a parameter is decoded");
    tap_is_int(query_find(span_of("days=1"), "day", value), -1,
               "a prefix of a parameter's name is another name");
    tap_is_int(query_find(span_of("day="), "day", value), 0, "a parameter may be empty");
    tap_is_int(query_find(span_of("day=%zz"), "day", value), -2,
               "a malformed parameter is distinguished from a missing one");
    buf_init(&b, memory, sizeof memory);
    query_put(&b, "zone", span_of("a&\"/\xc3"));
    buf_putc(&b, '\0');
    tap_is_text(memory, "&zone=a%26%22%2F%C3",
                "what may not stand in a URL or in JSON is escaped");
}

int main(void)
{
    fence_init(&fence, 8192);
    nothing_is_asked_for();
    cursors();
    cursor_spellings();
    other_cursors();
    links();
    numbers();
    words();
    lists();
    filters();
    single();
    fence_free(&fence);
    return tap_done();
}
