/* Finds the bounds of updates, and errors between them. */
#include "feeder/input/updates.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/text/json.h"

#define BLANKS_MAX  4096 /* after an update, on its line */
#define PROBLEM_MAX 256

enum state {
    AT_MARK,   /* at the first byte of the input */
    AT_START,  /* before the first character */
    AT_FIRST,  /* after [ */
    AT_NEXT,   /* after , */
    INSIDE,    /* in an update */
    AFTER,     /* after one, in an array */
    TO_EOL,    /* after one, on its line */
    AT_LINE,   /* between lines */
    AT_FINISH, /* after ] */
};

void updates_init(struct updates *u, struct failure *failure)
{
    *u = (struct updates){.state = AT_MARK, .line = 1, .failure = failure};
}

/* offset: of a byte on the line of u->line and u->line_from. */
__attribute__((format(printf, 3, 4))) static enum updates_result
fail_at(struct updates *u, int64_t offset, const char *format, ...)
{
    char problem[PROBLEM_MAX];
    va_list args;

    va_start(args, format);
    vsnprintf(problem, sizeof problem, format, args);
    va_end(args);
    failure_set(u->failure, EX_DATAERR, "line %" PRId64 ", byte %" PRId64 ": %s", u->line,
                offset - u->line_from + 1, problem);
    return UPDATES_BAD;
}

/* A byte as it appears in messages. */
static const char *shown(char c, char room[16])
{
    if (c > 0x20 && c < 0x7F)
        snprintf(room, 16, "%c", c);
    else
        snprintf(room, 16, "byte 0x%02X", (unsigned)(unsigned char)c);
    return room;
}

static void next_line(struct updates *u, int64_t newline)
{
    u->line++;
    u->line_from = newline + 1;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static void begin(struct updates *u)
{
    u->state = INSIDE;
    u->number++;
    u->depth = 0;
    u->in_string = u->escaped = false;
    u->compact = true;
    u->scanned = 0;
    u->first_line = u->line;
    u->first_line_from = u->line_from;
}

static enum updates_result fail_first(struct updates *u, int64_t offset, char c)
{
    char room[16];

    if (c == '\xFF' || c == '\xFE')
        return fail_at(u, offset,
                       "expected UTF-8, found UTF-16: 'iconv -f UTF-16 -t UTF-8' converts it");
    return fail_at(u, offset, "expected JSON updates, in [ ] or one per line, found %s",
                   shown(c, room));
}

/* Handles a non-blank character outside of updates.  Returns UPDATES_MORE to continue. */
static enum updates_result between(struct updates *u, int64_t offset, char c)
{
    char room[16];

    switch (u->state) {
    case AT_START:
        u->one_per_line = c == '{';
        if (c != '{' && c != '[')
            return fail_first(u, offset, c);
        break;
    case AFTER:
        if (c != ',' && c != ']')
            return fail_at(u, offset, "expected , or ] after update %" PRId64 ", found %s",
                           u->number, shown(c, room));
        break;
    case AT_FINISH:
        return fail_at(u, offset, "expected nothing after the ], found %s", shown(c, room));
    default:
        if (c != '{' && !(c == ']' && u->state == AT_FIRST))
            return fail_at(u, offset, "expected update %" PRId64 ", an object { }, found %s",
                           u->number + 1, shown(c, room));
    }
    switch (c) {
    case '{': begin(u); break;
    case '[': u->state = AT_FIRST; break;
    case ',': u->state = AT_NEXT; break;
    default: u->state = AT_FINISH;
    }
    return UPDATES_MORE;
}

static enum updates_result at_end(struct updates *u)
{
    switch (u->state) {
    case AT_MARK:
    case AT_START:
        failure_set(u->failure, EX_DATAERR,
                    "empty: expected JSON updates, in [ ] or one per line");
        return UPDATES_BAD;
    case AT_LINE:
    case AT_FINISH: return UPDATES_END;
    case INSIDE:
        return fail_at(u, u->offset + (int64_t)u->scanned,
                       "the input ends in the middle of update %" PRId64 ": is it truncated?",
                       u->number);
    default: return fail_at(u, u->offset, "the input ends without a ]: is it truncated?");
    }
}

/* Skips the inside of a string up to its quote, a backslash or a control character. */
static size_t skip_string(const char *at, size_t i, size_t len)
{
    while (i < len && at[i] != '"' && at[i] != '\\' && (unsigned char)at[i] >= 0x20)
        i++;
    return i;
}

/* Handles a blank or a control character in an update, outside of its strings. */
static enum updates_result blank(struct updates *u, char c, int64_t offset)
{
    char room[16];

    u->compact = false;
    if (!is_blank(c))
        return fail_at(u, offset, "expected JSON, found %s", shown(c, room));
    if (c == '\n' && u->one_per_line)
        return fail_at(u, offset,
                       "update %" PRId64
                       " continues on the next line: put each on one line (as 'jq -c .' does), "
                       "or all of them in [ ] with commas",
                       u->number);
    if (c == '\n')
        next_line(u, offset);
    return UPDATES_MORE;
}

/* Handles a byte of an update, outside of its strings. */
static enum updates_result structure(struct updates *u, char c, int64_t offset)
{
    if (c == '"')
        u->in_string = true;
    else if (c == '{' || c == '[')
        u->depth++;
    else if (c == '}' || c == ']')
        u->depth--;
    else if ((unsigned char)c <= ' ')
        return blank(u, c, offset);
    return UPDATES_MORE;
}

/* Continues in an update.  UPDATES_FOUND: text_len is set. */
static enum updates_result inside(struct updates *u, const char *at, size_t len)
{
    size_t i = u->scanned, most = len < UPDATES_TEXT_MAX ? len : UPDATES_TEXT_MAX;
    char room[16];

    for (; i < most; i++) {
        char c = at[i];
        if (u->escaped) {
            u->escaped = false;
        } else if (!u->in_string) {
            if (structure(u, c, u->offset + (int64_t)i) != UPDATES_MORE)
                return UPDATES_BAD;
            if (u->depth == 0) {
                u->scanned = u->text_len = i + 1;
                return UPDATES_FOUND;
            }
            continue;
        } else {
            i = skip_string(at, i, most);
            if (i == most)
                break;
            c = at[i];
            u->escaped = c == '\\';
            u->in_string = c != '"';
        }
        if ((unsigned char)c < 0x20)
            return fail_at(u, u->offset + (int64_t)i,
                           "a string must not contain %s itself: write the escape \\u%04x",
                           shown(c, room), (unsigned)c);
    }
    u->scanned = i;
    if (i < UPDATES_TEXT_MAX || len == i)
        return UPDATES_MORE;
    return fail_at(u, u->offset + (int64_t)i, "update %" PRId64 " is larger than %d bytes",
                   u->number, UPDATES_TEXT_MAX);
}

/* Locates at[n] of the update, which may span lines. */
static int64_t locate(struct updates *u, const char *at, size_t n)
{
    u->line = u->first_line;
    u->line_from = u->first_line_from;
    for (size_t i = 0; i < n; i++)
        if (at[i] == '\n')
            next_line(u, u->offset + (int64_t)i);
    return u->offset + (int64_t)n;
}

/* Cheaper for a whole update than byte by byte. */
static enum updates_result check_text(struct updates *u, const char *at)
{
    char problem[JSON_PROBLEM_MAX];
    size_t bad = json_look(at, u->text_len, problem);

    return bad < u->text_len ? fail_at(u, locate(u, at, bad), "%s", problem) : UPDATES_FOUND;
}

/* Ensures that nothing follows an update on its line. */
static enum updates_result to_line_end(struct updates *u, const char *at, size_t len, bool last)
{
    char room[16];

    for (; u->scanned < len; u->scanned++) {
        char c = at[u->scanned];
        if (c == '\n') {
            next_line(u, u->offset + (int64_t)u->scanned++);
            return UPDATES_FOUND;
        }
        if (!is_blank(c))
            return fail_at(u, u->offset + (int64_t)u->scanned,
                           "expected the end of the line after the update, found %s",
                           shown(c, room));
        if (u->scanned - u->text_len >= BLANKS_MAX)
            return fail_at(u, u->offset + (int64_t)u->scanned,
                           "more than %d blanks after the update", BLANKS_MAX);
    }
    return last ? UPDATES_FOUND : UPDATES_MORE;
}

/* Scans to the end of the update at the beginning of the window. */
static enum updates_result whole(struct updates *u, const char *at, size_t len, bool last)
{
    if (u->state == INSIDE) {
        enum updates_result r = inside(u, at, len);
        if (r == UPDATES_FOUND)
            r = check_text(u, at);
        if (r == UPDATES_MORE && last)
            return at_end(u);
        if (r != UPDATES_FOUND)
            return r;
        u->state = u->one_per_line ? TO_EOL : AFTER;
    }
    if (u->state == AFTER)
        return UPDATES_FOUND;
    enum updates_result r = to_line_end(u, at, len, last);
    if (r == UPDATES_FOUND)
        u->state = AT_LINE;
    return r;
}

/* Skips blanks, brackets and commas up to the next update.  Returns UPDATES_MORE with the state
 * INSIDE, or at the end of the window. */
static enum updates_result up_to_update(struct updates *u, const char *at, size_t len,
                                        bool last, size_t *used)
{
    size_t i = 0;
    enum updates_result r = UPDATES_MORE;

    if (u->state == AT_MARK && (len >= UPDATES_MARK_LEN || last)) {
        i = len >= UPDATES_MARK_LEN && memcmp(at, UPDATES_MARK, UPDATES_MARK_LEN) == 0
                ? UPDATES_MARK_LEN
                : 0;
        u->line_from = (int64_t)i;
        u->state = AT_START;
    }
    for (; i < len && u->state != AT_MARK; i++) {
        int64_t offset = u->offset + (int64_t)i;
        if (at[i] == '\n')
            next_line(u, offset);
        else if (!is_blank(at[i]) && (r = between(u, offset, at[i])) != UPDATES_MORE)
            return r;
        if (u->state == INSIDE)
            break;
    }
    u->offset += (int64_t)i;
    *used = i;
    return last && u->state != INSIDE ? at_end(u) : UPDATES_MORE;
}

enum updates_result updates_next(struct updates *u, const char *at, size_t len, bool last,
                                 struct update *update, size_t *used)
{
    enum updates_result r;

    *used = 0;
    if (u->state != INSIDE && u->state != TO_EOL) {
        r = up_to_update(u, at, len, last, used);
        if (r != UPDATES_MORE || u->state != INSIDE)
            return r;
    }
    r = whole(u, at + *used, len - *used, last);
    if (r != UPDATES_FOUND)
        return r;
    *update = (struct update){.text = {at + *used, u->text_len},
                              .number = u->number,
                              .line = u->first_line,
                              .compact = u->compact,
                              .end = u->offset + (int64_t)u->scanned};
    *used += u->scanned;
    u->offset += (int64_t)u->scanned;
    u->scanned = 0;
    return UPDATES_FOUND;
}
