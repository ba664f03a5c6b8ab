/*
 * Splits a document into updates: the objects of a JSON array, or one object
 * per line.  Which of the two it is, its first character says.
 *
 * This is a pure scanner over a window of bytes that slides along the input: it
 * needs no more of it at a time than one update, so the input may be larger
 * than memory.  It knows JSON just well enough to tell where an object ends,
 * and checks what lies between objects.  An update that it returns is UTF-8
 * without raw control characters in its strings; whether it is JSON, and makes
 * sense, is for SQLite to say.
 */
#ifndef FEEDER_UPDATES_H
#define FEEDER_UPDATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/failure.h"

#define UPDATES_TEXT_MAX (1 << 20)      /* bytes of one update as it is written */
#define UPDATES_MARK     "\xEF\xBB\xBF" /* UTF-8's byte order mark, which Windows puts in front */
#define UPDATES_MARK_LEN 3

struct update {
    struct span text;
    int64_t number; /* from 1 */
    int64_t line;   /* of its first byte, from 1 */
    bool compact;   /* there are no blanks in it but in strings */
    int64_t end;    /* offset in the input of the first byte behind it */
};

struct updates {
    int state;                           /* private, as all that follows but the last two */
    int64_t offset;                      /* of the window's first byte in the input */
    int64_t number;                      /* updates found or begun */
    int64_t line;                        /* that is being read */
    int64_t line_from;                   /* its offset in the input */
    int64_t first_line, first_line_from; /* the same, where the update began */
    size_t scanned;                      /* bytes of the window that were looked at */
    size_t text_len;                     /* of the update, once its end was seen */
    int depth;                           /* of open brackets */
    bool in_string, escaped, compact;
    bool one_per_line;
    struct failure *failure;
};

void updates_init(struct updates *u, struct failure *failure);

/*
 * Looks for the next update in the window at[0..len).  `last` says that nothing
 * comes after it.  Whatever is returned, the caller drops the first *used bytes
 * and begins the next window right behind them.
 *
 *  UPDATES_FOUND  *update is filled; its text lies in the dropped bytes
 *  UPDATES_MORE   the rest of this window does not complete an update: call
 *                 again with more behind it.  At most UPDATES_TEXT_MAX bytes and
 *                 some blanks are ever left over.  Not returned if `last`.
 *  UPDATES_END    there are no more
 *  UPDATES_BAD    *failure says what is wrong, and begins with where
 */
enum updates_result { UPDATES_FOUND, UPDATES_MORE, UPDATES_END, UPDATES_BAD };

enum updates_result updates_next(struct updates *u, const char *at, size_t len, bool last,
                                 struct update *update, size_t *used);

#endif
