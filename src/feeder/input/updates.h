/*
 * Splits a document into updates: the objects of a JSON array, or one object per line, as its
 * first character tells.
 *
 * A pure scanner over a window of bytes that slides along the input: it needs at most one
 * update at a time, so the input may exceed memory.  It knows just enough JSON to find where an
 * object ends, and checks what lies between objects.  An update that it returns is UTF-8
 * without raw control characters in strings; SQLite checks whether it is JSON and makes sense.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/process/failure.h"
#include "base/text/buf.h"

#define UPDATES_TEXT_MAX (1 << 20)      /* bytes of an update as written */
#define UPDATES_MARK     "\xEF\xBB\xBF" /* UTF-8's byte order mark, which Windows adds */
#define UPDATES_MARK_LEN 3

struct update {
    struct span text;
    int64_t number; /* from 1 */
    int64_t line;   /* of its first byte, from 1 */
    bool compact;   /* has no blanks outside of strings */
    int64_t end;    /* offset in the input of the byte after it */
};

struct updates {
    int state;                           /* private, like all that follows but the last two */
    int64_t offset;                      /* of the window in the input */
    int64_t number;                      /* updates found or begun */
    int64_t line;                        /* the current one */
    int64_t line_from;                   /* its offset in the input */
    int64_t first_line, first_line_from; /* the same, where the update began */
    size_t scanned;                      /* bytes of the window already scanned */
    size_t text_len;                     /* of the update, once its end is known */
    int depth;                           /* of open brackets */
    bool in_string, escaped, compact;
    bool one_per_line;
    struct failure *failure;
};

void updates_init(struct updates *u, struct failure *failure);

/*
 * Looks for the next update in the window at[0..len).  last: the input ends with it.  Whatever
 * the result, the caller drops the first *used bytes, and the next window begins right after
 * them.
 *
 *  UPDATES_FOUND  *update is set; its text lies in the dropped bytes
 *  UPDATES_MORE   no complete update: call again with more bytes appended.  At most
 *                 UPDATES_TEXT_MAX bytes and some blanks are left over.  Not if `last`.
 *  UPDATES_END    there are no more
 *  UPDATES_BAD    *failure says what is wrong, and begins with where
 */
enum updates_result { UPDATES_FOUND, UPDATES_MORE, UPDATES_END, UPDATES_BAD };

enum updates_result updates_next(struct updates *u, const char *at, size_t len, bool last,
                                 struct update *update, size_t *used);
