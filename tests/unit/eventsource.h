/*
 * A client's view of a stream: parses text/event-stream exactly as WHATWG HTML says
 * ("Server-sent events", 9.2.6 "Interpreting an event stream"), independently of the code that
 * writes it.
 *
 * Also the form in which a row's data must arrive: up to a NUL, line ends as LF, and U+FFFD for
 * invalid UTF-8.
 */
#ifndef UNIT_EVENTSOURCE_H
#define UNIT_EVENTSOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/text/utf8.h"

#define EVENTSOURCE_DATA_MAX  (1 << 17)
#define EVENTSOURCE_FIELD_MAX 256

struct eventsource {
    const char *at, *end; /* what is still to be read */
    bool started;
    int64_t retry; /* -1: never set */
    char last_id[EVENTSOURCE_FIELD_MAX];
    char type[EVENTSOURCE_FIELD_MAX];
    size_t data_len;
    char data[EVENTSOURCE_DATA_MAX];
    /* the id that the next event will have */
    char next_id[EVENTSOURCE_FIELD_MAX];
};

static inline void eventsource_init(struct eventsource *es, const char *bytes, size_t len)
{
    es->at = bytes;
    es->end = bytes + len;
    es->started = false;
    es->retry = -1;
    es->data_len = 0;
    es->last_id[0] = es->next_id[0] = es->type[0] = '\0';
}

/* The next line without its end; false if the rest has no line end. */
static inline bool eventsource_line(struct eventsource *es, const char **line, size_t *len)
{
    for (const char *at = es->at; at < es->end; at++) {
        if (*at != '\r' && *at != '\n')
            continue;
        *line = es->at;
        *len = (size_t)(at - es->at);
        es->at = at + (at[0] == '\r' && at + 1 < es->end && at[1] == '\n' ? 2 : 1);
        return true;
    }
    return false;
}

static inline void eventsource_copy(char to[EVENTSOURCE_FIELD_MAX], const char *value,
                                    size_t len)
{
    len = len < EVENTSOURCE_FIELD_MAX ? len : EVENTSOURCE_FIELD_MAX - 1;
    memcpy(to, value, len);
    to[len] = '\0';
}

static inline void eventsource_field(struct eventsource *es, const char *line, size_t len)
{
    const char *colon = memchr(line, ':', len);
    size_t name = colon ? (size_t)(colon - line) : len, skip = colon ? name + 1 : len;

    skip += skip < len && line[skip] == ' ';
    const char *value = line + skip;
    len -= skip;
    if (name == 5 && memcmp(line, "event", 5) == 0) {
        eventsource_copy(es->type, value, len);
    } else if (name == 4 && memcmp(line, "data", 4) == 0) {
        if (es->data_len + len + 1 <= sizeof es->data) {
            memcpy(es->data + es->data_len, value, len);
            es->data_len += len;
            es->data[es->data_len++] = '\n';
        }
    } else if (name == 2 && memcmp(line, "id", 2) == 0) {
        if (!memchr(value, '\0', len))
            eventsource_copy(es->next_id, value, len);
    } else if (name == 5 && memcmp(line, "retry", 5) == 0) {
        int64_t n = 0;
        for (size_t i = 0; i < len && n >= 0; i++)
            n = value[i] >= '0' && value[i] <= '9' ? n * 10 + (value[i] - '0') : -1;
        if (n >= 0)
            es->retry = n;
    }
}

/*
 * Reads to the next dispatched event, and sets type, data and last_id; false at the end of the
 * stream.
 */
static inline bool eventsource_next(struct eventsource *es)
{
    const char *line;
    size_t len;

    if (!es->started && es->end - es->at >= 3 && memcmp(es->at, "\xEF\xBB\xBF", 3) == 0)
        es->at += 3; /* one byte order mark is not part of the stream */
    es->started = true;
    es->type[0] = '\0';
    es->data_len = 0;
    while (eventsource_line(es, &line, &len)) {
        if (len > 0) {
            if (line[0] != ':')
                eventsource_field(es, line, len);
            continue;
        }
        memcpy(es->last_id, es->next_id, sizeof es->last_id);
        if (es->data_len > 0) {
            es->data_len--; /* the last LF */
            if (!es->type[0])
                strcpy(es->type, "message");
            return true;
        }
        es->type[0] = '\0';
    }
    return false;
}

/* What data must arrive as, into out (3 bytes for each of it).  Returns its length. */
static inline size_t eventsource_expected(const char *data, size_t len, char *out)
{
    size_t n = 0, bad;

    for (size_t i = 0; i < len && data[i] != '\0';) {
        size_t character = utf8_character(data + i, len - i, &bad);
        if (data[i] == '\r') {
            out[n++] = '\n';
            i += i + 1 < len && data[i + 1] == '\n' ? 2 : 1;
        } else if (character == 0) {
            memcpy(out + n, UTF8_REPLACEMENT, 3);
            n += 3;
            i += bad;
        } else {
            memcpy(out + n, data + i, character);
            n += character;
            i += character;
        }
    }
    return n;
}

#endif
