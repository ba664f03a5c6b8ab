/*
 * Writes into a fixed amount of memory.  What does not fit is dropped whole, and the buffer
 * remembers that: a caller composes everything, then checks once.  Never allocates; the memory
 * belongs to the caller.
 *
 * The four headers of C below are there for all that include this one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct buf {
    char *at;
    size_t len;
    size_t cap;
    bool full; /* something did not fit; cleared by buf_cut and buf_clear */
};

/* Borrowed bytes, not NUL-terminated. */
struct span {
    const char *at;
    size_t len;
};

void buf_init(struct buf *b, void *memory, size_t cap);
void buf_clear(struct buf *b);

/* Drops everything after the first len bytes, and clears full. */
void buf_cut(struct buf *b, size_t len);

/*
 * What is inline: knowing the lengths of literals at compile time saves a tenth of the
 * CPU time of a replay of a million rows.
 */

/* Reserves len bytes for the caller to fill; NULL, with full set, if they do not fit. */
static inline char *buf_take(struct buf *b, size_t len)
{
    char *at = b->at + b->len;

    b->full |= len > b->cap - b->len;
    if (b->full)
        return NULL;
    b->len += len;
    return at;
}

static inline void buf_put(struct buf *b, const void *bytes, size_t len)
{
    char *at = buf_take(b, len);

    if (at && len > 0)
        memcpy(at, bytes, len);
}

static inline void buf_puts(struct buf *b, const char *text)
{
    buf_put(b, text, strlen(text));
}

static inline void buf_putc(struct buf *b, char c)
{
    buf_put(b, &c, 1);
}

void buf_put_int(struct buf *b, int64_t n); /* in decimal */
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Writes a JSON string with its quotes; ill-formed UTF-8 becomes U+FFFD. */
void buf_put_json(struct buf *b, const char *text, size_t len);

/* Writes text up to its end or a NUL, with newline in place of each line end (CR, LF, CRLF) and
 * U+FFFD in place of ill-formed UTF-8. */
void buf_put_text(struct buf *b, struct span text, const char *newline);

/* FNV-1a, continuing from hash; begin with SPAN_HASH. */
#define SPAN_HASH UINT64_C(0xCBF29CE484222325)
uint64_t span_hash(uint64_t hash, struct span s);

static inline struct span span_of(const char *text)
{
    return (struct span){text, strlen(text)};
}

static inline bool span_is(struct span s, const char *text) /* the same bytes */
{
    return strlen(text) == s.len && memcmp(s.at, text, s.len) == 0;
}

bool span_is_nocase(struct span s, const char *text); /* ignoring ASCII case */

/* Whether s is not empty and has only letters, digits and these others. */
bool span_is_plain(struct span s, const char *others);

#define MATCH_ID_MAX     64 /* bytes, as in sql/schema.sql */
#define TYPE_MAX         32
#define FILTER_NAMES_MAX 32 /* ids or types in one filter */

/* Whether s is the type of a row, as in sql/schema.sql: of a-z 0-9 _ - it begins with a letter.
 */
bool span_is_type(struct span s);

/* Strips leading and trailing spaces and tabs. */
struct span span_trim(struct span s);

/* Removes and returns what precedes the first c, and removes that c; without a c, all of s. */
struct span span_cut(struct span *s, char c);

/*
 * Parses a decimal number of at most max.  Returns 0, or -1 if s is empty, has anything but
 * digits, or is too large.
 */
int span_to_int(struct span s, int64_t max, int64_t *n);
