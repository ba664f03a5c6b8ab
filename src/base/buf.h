/*
 * A writer into memory of a fixed size.  What does not fit is not written at
 * all, and the buffer remembers it: a caller composes a whole thing, then asks
 * once.  It never allocates; the memory belongs to whoever called buf_init.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct buf {
    char *at;
    size_t len;
    size_t cap;
    bool full; /* something did not fit; stays so until buf_cut or buf_clear */
};

/* Bytes of somebody else's: not NUL-terminated, not owned. */
struct span {
    const char *at;
    size_t len;
};

void buf_init(struct buf *b, void *memory, size_t cap);
void buf_clear(struct buf *b);

/* Forgets everything behind the first len bytes, and that it was full. */
void buf_cut(struct buf *b, size_t len);

/*
 * These four are inline: with the lengths of literals known to the compiler, a replay of
 * a million rows takes a tenth less CPU.
 */

/* Room for len more bytes, to be filled by the caller, or NULL (and full). */
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

/* A JSON string, quotes included; what is not UTF-8 becomes U+FFFD. */
void buf_put_json(struct buf *b, const char *text, size_t len);

/* Text as it is, up to a NUL if it has one, but with newline in place of each line end (CR, LF
 * or CRLF), and U+FFFD in place of what is not UTF-8. */
void buf_put_text(struct buf *b, struct span text, const char *newline);

/* FNV-1a: goes on from the hash of what comes before, SPAN_HASH if nothing does. */
#define SPAN_HASH UINT64_C(0xCBF29CE484222325)
uint64_t span_hash(uint64_t hash, struct span s);

struct span span_of(const char *text);
bool span_is(struct span s, const char *text);        /* the same bytes */
bool span_is_nocase(struct span s, const char *text); /* but for ASCII case */

/* Without the spaces and tabs around it. */
struct span span_trim(struct span s);

/* Cuts what stands before the first c off the front of s, and c too; all of it, if c is not
 * there. */
struct span span_cut(struct span *s, char c);

/*
 * A decimal number with nothing around it, of at most max.  Returns 0, or -1
 * if it is empty, holds anything but digits, or is too large.
 */
int span_to_int(struct span s, int64_t max, int64_t *n);

#endif
