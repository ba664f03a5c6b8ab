/*
 * Fuzz target: a row of any bytes, written as a frame and read back by a parser written
 * from the standard.  It comes back as one event, unchanged except for what the contract
 * in service/sse.h replaces.
 *
 * The input: a byte that says how much room to take away, the length of the type, the type;
 * the rest is data.
 */
#include "service/routes/sse.h"

#include <inttypes.h>

#include "../unit/eventsource.h"
#include "base/text/utf8.h"
#include "must.h"

#define DATA_MAX (1 << 14)
#define OUT_MAX  (1 << 18)
#define ID       INT64_C(9007199254740991)

static char out[OUT_MAX], expected[3 * DATA_MAX];
static struct eventsource client;

/* The expected type: '?' for characters that the schema does not allow. */
static void expect_type(struct span type, char *to)
{
    for (size_t i = 0; i < type.len; i++) {
        char c = type.at[i];
        bool good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
        to[i] = good ? c : '?';
    }
    to[type.len] = '\0';
    if (type.len == 0)
        strcpy(to, "message");
}

static void expect_event(const struct row *row)
{
    char type[EVENTSOURCE_FIELD_MAX], id[24];
    size_t len = eventsource_expected(row->data.at, row->data.len, expected);

    expect_type(row->type, type);
    snprintf(id, sizeof id, "%" PRId64, row->id);
    must(eventsource_next(&client));
    must(strcmp(client.type, type) == 0);
    must(strcmp(client.last_id, id) == 0);
    must(client.data_len == len && memcmp(client.data, expected, len) == 0);
}

/* Two rows in sequence are two events, and nothing else. */
static void check_frames(const struct row *row)
{
    struct row next = *row;
    struct buf b;

    next.id = 1;
    buf_init(&b, out, 2 * sse_row_bound(row));
    sse_row(&b, row);
    sse_row(&b, &next);
    must(!b.full);
    must(utf8_valid(b.at, b.len) == b.len && !memchr(b.at, '\0', b.len));
    eventsource_init(&client, b.at, b.len);
    expect_event(row);
    expect_event(&next);
    must(!eventsource_next(&client) && client.at == client.end);
}

/* With less room than the frame needs, nothing is written. */
static void check_room(const struct row *row, size_t less)
{
    struct buf b;

    buf_init(&b, out, sse_row_bound(row));
    sse_row(&b, row);
    size_t need = b.len;
    if (less == 0 || less > need)
        return;
    buf_init(&b, out, need - less);
    sse_row(&b, row);
    must(b.full);
}

/* A batch is one event of one line, and so is each row's JSON. */
static void check_batch(const struct row *row)
{
    struct buf b;

    buf_init(&b, out, 64 + 2 * sse_row_bound(row));
    sse_batch_row(&b, row, true);
    size_t one = b.len;
    sse_batch_row(&b, row, false);
    size_t two = b.len;
    sse_batch_end(&b, row->id);
    must(!b.full && two - one == one - strlen("data: [") + 1);
    must(utf8_valid(b.at, b.len) == b.len && !memchr(b.at, '\0', b.len));
    must(!memchr(b.at, '\n', two) && !memchr(b.at, '\r', two));
    eventsource_init(&client, b.at, b.len);
    must(eventsource_next(&client) && strcmp(client.type, "message") == 0);
    must(client.data_len > 2 && client.data[0] == '[' &&
         client.data[client.data_len - 1] == ']');
    must(!eventsource_next(&client) && client.at == client.end);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;

    if (size < 2)
        return 0;
    size_t type_len = data[1] < size - 2 ? data[1] : size - 2;
    struct row row = {
        .id = ID,
        .match_id = {bytes + 2, type_len < 64 ? type_len : 64},
        .type = {bytes + 2, type_len},
        .data = {bytes + 2 + type_len, size - 2 - type_len},
        .created_at = span_of("2025-06-10T20:00:00.000Z"),
    };
    if (row.data.len > DATA_MAX)
        return 0;
    check_frames(&row);
    check_room(&row, data[0]);
    check_batch(&row);
    return 0;
}
