/* Scans JSON text before SQLite parses it. */
#include "base/text/json.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/text/buf.h"
#include "base/text/utf8.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* The index after the string that begins at i. */
static size_t skip_string(const char *text, size_t len, size_t i)
{
    for (i++; i < len && text[i] != '"'; i++)
        i += text[i] == '\\';
    return i < len ? i + 1 : len;
}

size_t json_bad_colon(const char *text, size_t len)
{
    bool closed = false; /* the last non-blank character was a closing bracket */

    for (size_t i = 0; i < len;) {
        char c = text[i];
        if (c == ':' && closed)
            return i;
        if (!is_blank(c))
            closed = c == ']' || c == '}';
        i = c == '"' ? skip_string(text, len, i) : i + 1;
    }
    return len;
}

size_t json_look(const char *text, size_t len, char problem[JSON_PROBLEM_MAX])
{
    size_t valid = utf8_valid(text, len), nul = strnlen(text, len),
           colon = json_bad_colon(text, len);

    if (valid < len)
        snprintf(problem, JSON_PROBLEM_MAX,
                 "expected UTF-8, found byte 0x%02X: 'iconv -f LATIN1 -t UTF-8' converts "
                 "Latin-1",
                 (unsigned)(unsigned char)text[valid]);
    else
        snprintf(problem, JSON_PROBLEM_MAX, "expected JSON, found %s",
                 nul < len ? "byte 0x00" : ": after a bracket");
    return valid < len ? valid : nul < len ? nul : colon;
}

/* Dropping the blank in "1 2" changes no valid JSON, where numbers are never adjacent. */
uint64_t json_hash(uint64_t hash, const char *text, size_t len)
{
    for (size_t i = 0, end; i < len; i = end) {
        end = text[i] == '"' ? skip_string(text, len, i) : i + 1;
        if (!is_blank(text[i]))
            hash = span_hash(hash, (struct span){text + i, end - i});
    }
    return hash;
}
