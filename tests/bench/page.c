/* A client that reads pages: JSON with a Content-Length, on a persistent connection. */
#include <stdlib.h>
#include <string.h>

#include "client.h"

#define ANSWER_MAX (128 * 1024) /* bytes of a page with its head */
#define LENGTH     "\nContent-Length:"
#define DATA       "\"data\":"
#define NEXT       "\"next\":\""

/* The body of a complete answer; empty if it is incomplete, NULL if it is not a page. */
static const char *answer_body(const struct client *c)
{
    const char *body = strstr(c->answer, "\r\n\r\n"), *length = strcasestr(c->answer, LENGTH);

    if (!body)
        return "";
    if (strncmp(c->answer + 8, " 200 ", 5) != 0 || !length || length > body)
        return NULL;
    body += 4;
    size_t size = strtoull(length + sizeof LENGTH - 1, NULL, 10);
    return c->answer_len < (size_t)(body - c->answer) + size ? "" : body;
}

int page_take(struct client *c, const char *bytes, size_t len, struct tally *tally)
{
    const char *body, *next;
    uint64_t now = now_ns();

    if (!c->answer)
        c->answer = calloc(1, ANSWER_MAX);
    if (!c->answer || c->answer_len + len >= ANSWER_MAX)
        return -1;
    memcpy(c->answer + c->answer_len, bytes, len);
    c->answer_len += len;
    c->answer[c->answer_len] = '\0';
    tally->bytes += len;
    body = answer_body(c);
    if (!body || !*body)
        return body ? 0 : -1;
    if (c->state == CLIENT_WAITING) {
        c->state = CLIENT_STREAMING;
        samples_add(&tally->opening, now - c->began);
    }
    for (const char *row = body; (row = strstr(row, DATA)); row++) {
        c->number = 0;
        client_read_mark(c, row + sizeof DATA - 1);
        client_take_row(c, tally, now);
    }
    next = strstr(body, NEXT);
    if (!next || strcspn(next + sizeof NEXT - 1, "\"") >= sizeof c->page)
        return -1;
    memset(c->page, 0, sizeof c->page);
    memcpy(c->page, next + sizeof NEXT - 1, strcspn(next + sizeof NEXT - 1, "\""));
    c->answer_len = 0;
    return 1;
}
