/* Looks through a text for what SQLite would crash on. */
#include "base/json.h"

#include <stdbool.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* Behind the string that begins at i. */
static size_t skip_string(const char *text, size_t len, size_t i)
{
    for (i++; i < len && text[i] != '"'; i++)
        i += text[i] == '\\';
    return i < len ? i + 1 : len;
}

size_t json_bad_colon(const char *text, size_t len)
{
    bool closed = false; /* a bracket was the last thing that is not blank */

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
