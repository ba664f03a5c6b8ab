/*
 * Fuzz target: updates of any bytes, as a pipe may deliver them.
 *
 * However the input is divided, the same updates are found at the same places, or the same
 * sentence says what is wrong; and an update is what the header promises.
 */
#include <string.h>

#include "base/text/utf8.h"
#include "feeder/input/updates.h"
#include "must.h"

#define FOUND_MAX     64
#define TEXT_MAX_HERE 20000

/* What a reader got, to the end. */
struct reading {
    size_t n;
    struct update found[FOUND_MAX];
    enum updates_result end;
    char error[FAILURE_MAX];
};

/* The window ends at `to`, and grows by step; 0 is all at once. */
static void read_all(struct reading *r, const char *bytes, size_t size, uint64_t step)
{
    struct updates u;
    struct failure failure;
    size_t from = 0, to = step ? 0 : size, used;
    uint64_t state = step;

    updates_init(&u, &failure);
    r->n = 0;
    for (;;) {
        struct update update;
        r->end = updates_next(&u, bytes + from, to - from, to == size, &update, &used);
        must(used <= to - from);
        from += used;
        if (r->end == UPDATES_MORE) {
            must(to < size);
            size_t more = 1 + must_next(&state) % (step % 64 + 1);
            to = more < size - to ? to + more : size;
        } else if (r->end != UPDATES_FOUND || r->n == FOUND_MAX) {
            break;
        } else {
            must(update.end == (int64_t)from);
            r->found[r->n++] = update;
        }
    }
    strcpy(r->error, r->end == UPDATES_BAD ? failure.text : "");
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The length of an object, from a minimal scanner; and whether it is compact. */
static size_t object_len(struct span s, bool *compact)
{
    int depth = 0;
    bool in_string = false;

    *compact = true;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        must((unsigned char)c >= 0x20 || (!in_string && is_blank(c)));
        if (in_string && c == '\\')
            i++;
        else if (c == '"')
            in_string = !in_string;
        else if (!in_string && is_blank(c))
            *compact = false;
        else if (!in_string && (c == '{' || c == '['))
            depth++;
        else if (!in_string && (c == '}' || c == ']') && --depth == 0)
            return i + 1;
    }
    return 0;
}

static void check_update(const struct update *u, int64_t number, const char *bytes, size_t size)
{
    bool compact;
    int64_t line = 1;

    must(must_be_in(u->text, bytes, size) && u->text.len >= 2 && u->text.at[0] == '{');
    must(object_len(u->text, &compact) == u->text.len && compact == u->compact);
    must(utf8_valid(u->text.at, u->text.len) == u->text.len);
    for (const char *at = bytes; at < u->text.at; at++)
        line += *at == '\n';
    must(u->number == number && u->line == line);
    must(u->end >= u->text.at + (int64_t)u->text.len - bytes);
}

static void check_same(const struct reading *a, const struct reading *b)
{
    must(a->n == b->n && a->end == b->end && strcmp(a->error, b->error) == 0);
    for (size_t i = 0; i < a->n; i++)
        must(a->found[i].text.at == b->found[i].text.at &&
             a->found[i].text.len == b->found[i].text.len &&
             a->found[i].number == b->found[i].number && a->found[i].line == b->found[i].line &&
             a->found[i].compact == b->found[i].compact && a->found[i].end == b->found[i].end);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct reading whole, parts;
    const char *bytes = (const char *)data;

    if (size > TEXT_MAX_HERE)
        return 0;
    read_all(&whole, bytes, size, 0);
    for (size_t i = 0; i < whole.n; i++)
        check_update(&whole.found[i], (int64_t)i + 1, bytes, size);
    must(whole.end == UPDATES_END || whole.end == UPDATES_FOUND || whole.error[0]);
    read_all(&parts, bytes, size, must_hash(data, size) | 1);
    check_same(&whole, &parts);
    return 0;
}
