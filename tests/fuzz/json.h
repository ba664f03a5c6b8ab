/*
 * Mutates JSON text so that it stays JSON: SQLite would refuse almost everything that a fuzzer
 * does to bytes.  A value is replaced by another one of the text or from a list, dropped or
 * doubled, or its key is changed.
 */
#ifndef FUZZ_JSON_H
#define FUZZ_JSON_H

#include <string.h>

#include "must.h"

#define JSON_VALUES 1024 /* considered in a text */

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);

static const char *const json_words[] = {
    "null",
    "true",
    "[]",
    "{}",
    "\"\"",
    "0",
    "1",
    "-1",
    "45",
    "90",
    "120",
    "1e9",
    "1e308",
    "0.5",
    "9223372036854775807",
    "-9223372036854775808",
    "9999999999999999999999",
    "\"45+2\"",
    "\"90+\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\xC3\xA9\"",
    "\"2022-12-18\"",
    "\"24:61\"",
    "\"18:00 UTC+3\"",
    "\"2022-12-18T18:00:00Z\"",
    "\"FINISHED\"",
    "\"home\"",
    "\"-\"",
    "[[1]]",
    "[null]",
    "{\"score\":{\"ft\":[1,0]}}",
    "\"1-0\"",
    "\"Half Time\"",
    "\"goal\"",
};

static inline size_t json_string(const uint8_t *at, size_t size, size_t i)
{
    for (i++; i < size && at[i] != '"'; i++)
        i += at[i] == '\\';
    return i < size ? i + 1 : size;
}

/* The end of the value that begins at i. */
static inline size_t json_end(const uint8_t *at, size_t size, size_t i)
{
    size_t depth = 0;

    if (at[i] == '"')
        return json_string(at, size, i);
    if (at[i] != '{' && at[i] != '[') {
        while (i < size && !strchr(",]} \t\r\n", at[i]))
            i++;
        return i;
    }
    while (i < size) {
        if (at[i] == '"') {
            i = json_string(at, size, i);
            continue;
        }
        depth += at[i] == '{' || at[i] == '[';
        depth -= at[i] == '}' || at[i] == ']';
        i++;
        if (depth == 0)
            break;
    }
    return i;
}

/* The beginnings of values and keys, after `from`. */
static inline size_t json_values(const uint8_t *at, size_t size, size_t from,
                                 size_t begins[JSON_VALUES])
{
    size_t n = 0;

    for (size_t i = from; i < size && n < JSON_VALUES;) {
        if (strchr(" \t\r\n,:]}", at[i])) {
            i++;
        } else {
            begins[n++] = i;
            i = at[i] == '{' || at[i] == '['
                    ? i + 1
                    : json_end(at, size, i) + (json_end(at, size, i) == i);
        }
    }
    return n;
}

/* Replaces the bytes between `from` and `to`.  Returns the new size. */
static inline size_t json_splice(uint8_t *data, size_t size, size_t max, size_t from, size_t to,
                                 const void *bytes, size_t len)
{
    static uint8_t copy[1 << 16];

    if (len > sizeof copy || size - (to - from) + len > max)
        return size;
    memcpy(copy, bytes, len); /* it may be part of data */
    memmove(data + from + len, data + to, size - to);
    memcpy(data + from, copy, len);
    return size - (to - from) + len;
}

/* Drops the value with the comma before or after it. */
static inline size_t json_drop(uint8_t *data, size_t size, size_t from, size_t to, size_t first)
{
    size_t end = to;

    while (from > first && data[from - 1] == ':') { /* with its key */
        from--;
        while (from > first && data[from - 1] != '{' && data[from - 1] != ',')
            from--;
    }
    if (end < size && data[end] == ',')
        end++;
    else if (from > first && data[from - 1] == ',')
        from--;
    memmove(data + from, data + end, size - end);
    return size - (end - from);
}

static inline size_t json_double(uint8_t *data, size_t size, size_t max, size_t from, size_t to)
{
    size_t len = to - from, with_comma = json_splice(data, size, max, to, to, ",", 1);

    return with_comma == size || with_comma + len > max
               ? json_splice(data, with_comma, max, from, to, "0", 1)
               : json_splice(data, with_comma, max, to + 1, to + 1, data + from, len);
}

/* Makes one change to the text that begins at data[first]. */
static inline size_t json_mutate(uint8_t *data, size_t size, size_t max, size_t first,
                                 unsigned seed)
{
    size_t begins[JSON_VALUES], n = size > first ? json_values(data, size, first, begins) : 0;
    uint64_t state = seed;

    if (n == 0)
        return first + LLVMFuzzerMutate(data + first, size - first, max - first);
    size_t from = begins[must_next(&state) % n], to = json_end(data, size, from);
    size_t other = begins[must_next(&state) % n], choice = must_next(&state) % 16;
    const char *word = json_words[must_next(&state) % (sizeof json_words / sizeof *json_words)];

    if (choice < 5)
        return json_splice(data, size, max, from, to, word, strlen(word));
    if (choice < 8)
        return json_splice(data, size, max, from, to, data + other,
                           json_end(data, size, other) - other);
    if (choice < 11)
        return json_drop(data, size, from, to, first);
    if (choice < 13)
        return json_double(data, size, max, from, to);
    /* within the value, by libFuzzer: numbers and the insides of strings */
    static uint8_t inside[256];
    size_t skip = data[from] == '"', len = to - from > 2 * skip ? to - from - 2 * skip : 0;
    if (len == 0 || len > sizeof inside / 2)
        return json_splice(data, size, max, from, to, word, strlen(word));
    memcpy(inside, data + from + skip, len);
    return json_splice(data, size, max, from + skip, from + skip + len, inside,
                       LLVMFuzzerMutate(inside, len, sizeof inside / 2));
}

#endif
