/* Composes bytes in a fixed amount of memory. */
#include "base/text/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text/utf8.h"

void buf_init(struct buf *b, void *memory, size_t cap)
{
    *b = (struct buf){.at = memory, .cap = cap};
}

void buf_clear(struct buf *b)
{
    buf_cut(b, 0);
}

void buf_cut(struct buf *b, size_t len)
{
    b->len = len;
    b->full = false;
}

void buf_put_int(struct buf *b, int64_t n)
{
    char digits[20], *at = digits + sizeof digits;
    uint64_t rest = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;

    do
        *--at = (char)('0' + rest % 10);
    while (rest /= 10);
    if (n < 0)
        *--at = '-';
    buf_put(b, at, (size_t)(digits + sizeof digits - at));
}

void buf_printf(struct buf *b, const char *format, ...)
{
    size_t room = b->cap - b->len;
    va_list args;

    va_start(args, format);
    int n = vsnprintf(b->full ? NULL : b->at + b->len, b->full ? 0 : room, format, args);
    va_end(args);
    if (b->full || n < 0 || (size_t)n >= room) /* vsnprintf also needs room for a NUL */
        b->full = true;
    else
        b->len += (size_t)n;
}

void buf_put_json(struct buf *b, const char *text, size_t len)
{
    buf_putc(b, '"');
    for (size_t i = 0, bad; i < len;) {
        unsigned char c = (unsigned char)text[i];
        size_t n = utf8_character(text + i, len - i, &bad);
        if (n == 0)
            buf_puts(b, UTF8_REPLACEMENT);
        else if (c < 0x20)
            buf_printf(b, "\\u%04x", c);
        else if (c == '"' || c == '\\')
            buf_put(b, (char[]){'\\', (char)c}, 2);
        else
            buf_put(b, text + i, n);
        i += n ? n : bad;
    }
    buf_putc(b, '"');
}

/*
 * The length of the prefix that can be copied unchanged: bytes from 0x20 to 0x7F, and tabs.
 * Checks eight bytes at a time, as nearly all output passes through here.  A byte below 0x20
 * borrows into its high bit in x - 0x20.
 */
static size_t plain_prefix(const char *at, size_t len)
{
    const uint64_t ones = 0x0101010101010101u, high_bits = 0x8080808080808080u;
    size_t i = 0;
    uint64_t word;

    for (; len - i >= sizeof word; i += sizeof word) {
        memcpy(&word, at + i, sizeof word);
        if (((word - 0x20 * ones) | word) & high_bits)
            break;
    }
    while (i < len &&
           (((unsigned char)at[i] >= 0x20 && (unsigned char)at[i] < 0x80) || at[i] == '\t'))
        i++;
    return i;
}

/* Writes one character that is not plain: well-formed UTF-8 unchanged, a line end as newline,
 * anything else as U+FFFD.  Returns the number of bytes consumed. */
static size_t put_special(struct buf *b, const char *at, size_t len, const char *newline)
{
    size_t bad, n = utf8_character(at, len, &bad);

    if (at[0] == '\r' || at[0] == '\n') {
        buf_puts(b, newline);
        return len > 1 && at[0] == '\r' && at[1] == '\n' ? 2 : 1;
    }
    if (n == 0) {
        buf_puts(b, UTF8_REPLACEMENT);
        return bad;
    }
    buf_put(b, at, n);
    return n;
}

void buf_put_text(struct buf *b, struct span text, const char *newline)
{
    while (text.len > 0) {
        size_t n = plain_prefix(text.at, text.len);
        buf_put(b, text.at, n);
        if (n < text.len && text.at[n] == '\0')
            return;
        if (n < text.len)
            n += put_special(b, text.at + n, text.len - n, newline);
        text.at += n;
        text.len -= n;
    }
}

uint64_t span_hash(uint64_t hash, struct span s)
{
    for (size_t i = 0; i < s.len; i++)
        hash = (hash ^ (unsigned char)s.at[i]) * UINT64_C(0x100000001B3);
    return hash;
}

static char to_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* libc's comparison would map pages of its code and of its locale into each new process. */
bool span_is_nocase(struct span s, const char *text)
{
    size_t i = 0;

    while (i < s.len && text[i] && to_lower(s.at[i]) == to_lower(text[i]))
        i++;
    return i == s.len && text[i] == '\0';
}

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool span_is_plain(struct span s, const char *others)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_alnum(s.at[i]) && (s.at[i] == '\0' || !strchr(others, s.at[i])))
            return false;
    return s.len > 0;
}

bool span_is_type(struct span s)
{
    bool plain = s.len <= TYPE_MAX && span_is_plain(s, "_-") && s.at[0] >= 'a';

    for (size_t i = 0; plain && i < s.len; i++)
        plain = s.at[i] < 'A' || s.at[i] > 'Z';
    return plain;
}

struct span span_trim(struct span s)
{
    while (s.len > 0 && (s.at[0] == ' ' || s.at[0] == '\t'))
        s.at++, s.len--;
    while (s.len > 0 && (s.at[s.len - 1] == ' ' || s.at[s.len - 1] == '\t'))
        s.len--;
    return s;
}

struct span span_cut(struct span *s, char c)
{
    const char *at = s->len > 0 ? memchr(s->at, c, s->len) : NULL;
    struct span front = {s->at, at ? (size_t)(at - s->at) : s->len};
    size_t gone = front.len + (at ? 1 : 0);

    s->at += gone;
    s->len -= gone;
    return front;
}

int span_to_int(struct span s, int64_t max, int64_t *n)
{
    int64_t value = 0;

    if (s.len == 0)
        return -1;
    for (size_t i = 0; i < s.len; i++) {
        int digit = s.at[i] - '0';
        if (digit < 0 || digit > 9 || digit > max || value > (max - digit) / 10)
            return -1;
        value = value * 10 + digit;
    }
    *n = value;
    return 0;
}
