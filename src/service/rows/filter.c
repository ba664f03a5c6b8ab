/* Parses cursors, and matches rows against filters. */
#include "service/rows/row.h"

struct cursor cursor_parse(struct span text)
{
    struct cursor cursor = {CURSOR_NONE, 0, 0};

    if (text.len == 0)
        return cursor;
    if (span_is(text, "latest"))
        cursor.kind = CURSOR_LATEST;
    else if (span_to_int(text, INT64_MAX, &cursor.id) == 0)
        cursor.kind = CURSOR_AFTER;
    else
        cursor.kind = CURSOR_INVALID;
    return cursor;
}

/* Inserts a name in order among n others, each NUL-terminated in cap bytes. */
static int add_one(char *names, size_t cap, size_t *n, struct span name)
{
    char copy[MATCH_ID_MAX + 1];
    size_t i = 0;
    int order = 1;

    if (name.len == 0 || name.len >= cap)
        return -1;
    memcpy(copy, name.at, name.len);
    copy[name.len] = '\0';
    while (i < *n && (order = strcmp(names + i * cap, copy)) < 0)
        i++;
    if (i < *n && order == 0)
        return 0;
    if (*n == FILTER_NAMES_MAX)
        return -1;
    memmove(names + (i + 1) * cap, names + i * cap, (*n - i) * cap);
    memcpy(names + i * cap, copy, name.len + 1);
    ++*n;
    return 0;
}

int filter_add_matches(struct filter *f, struct span list)
{
    while (list.len > 0) {
        struct span match = span_cut(&list, ',');
        if (add_one(f->matches[0], sizeof f->matches[0], &f->n_matches, match) < 0)
            return -1;
        f->prefixes |= match.at[match.len - 1] == '*';
    }
    return 0;
}

int filter_add_types(struct filter *f, struct span list)
{
    while (list.len > 0) {
        struct span type = span_cut(&list, ',');
        if (!span_is_type(type) ||
            add_one(f->types[0], sizeof f->types[0], &f->n_types, type) < 0)
            return -1;
    }
    return 0;
}

/* Whether a name matches the match's id.  A prefix matches longer prefixes, too. */
static bool names(const char *name, struct span match_id)
{
    size_t len = strlen(name);

    if (name[len - 1] != '*')
        return span_is(match_id, name);
    return match_id.len >= len - 1 && memcmp(match_id.at, name, len - 1) == 0;
}

static int add_covered(struct filter *f, const struct filter *a, const struct filter *b)
{
    for (size_t i = 0; i < a->n_matches; i++) {
        bool covered = b->n_matches == 0;
        for (size_t j = 0; j < b->n_matches; j++)
            covered |= names(b->matches[j], span_of(a->matches[i]));
        if (covered && filter_add_matches(f, span_of(a->matches[i])) < 0)
            return -1;
    }
    for (size_t i = 0; i < a->n_types; i++)
        if ((b->n_types == 0 || filter_names_type(b, a->types[i])) &&
            filter_add_types(f, span_of(a->types[i])) < 0)
            return -1;
    return 0;
}

int filter_narrow(struct filter *f, const struct filter *by)
{
    struct filter both = {.n_matches = 0};
    bool matches = f->n_matches + by->n_matches > 0, types = f->n_types + by->n_types > 0;

    if (add_covered(&both, f, by) < 0 || add_covered(&both, by, f) < 0 ||
        (matches && both.n_matches == 0) || (types && both.n_types == 0))
        return -1;
    *f = both;
    return 0;
}

bool filter_names_type(const struct filter *f, const char *type)
{
    for (size_t i = 0; i < f->n_types; i++)
        if (strcmp(f->types[i], type) == 0)
            return true;
    return false;
}

void filter_put(const struct filter *f, bool matches, struct buf *b)
{
    for (size_t i = 0; i < (matches ? f->n_matches : f->n_types); i++) {
        buf_puts(b, i > 0 ? "," : "");
        buf_puts(b, matches ? f->matches[i] : f->types[i]);
    }
}

bool filter_admits(const struct filter *f, struct span match_id, struct span type)
{
    bool match = f->n_matches == 0, kind = f->n_types == 0;

    for (size_t i = 0; i < f->n_matches && !match; i++)
        match = names(f->matches[i], match_id);
    for (size_t i = 0; i < f->n_types && !kind; i++)
        kind = span_is(type, f->types[i]);
    return match && kind;
}
