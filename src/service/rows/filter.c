/* Reads cursors, and compares rows with a filter. */
#include "service/rows/filter.h"

struct cursor cursor_parse(struct span text)
{
    struct cursor cursor = {CURSOR_NONE, 0};

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

bool filter_admits(const struct filter *f, struct span match_id, struct span type)
{
    bool match = f->n_matches == 0, kind = f->n_types == 0;

    for (size_t i = 0; i < f->n_matches && !match; i++)
        match = span_is(match_id, f->matches[i]);
    for (size_t i = 0; i < f->n_types && !kind; i++)
        kind = span_is(type, f->types[i]);
    return match && kind;
}
