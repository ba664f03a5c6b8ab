/* Writes rows and signals as frames, whatever their content. */
#include "service/routes/sse.h"

static void put_type(struct buf *b, struct span type)
{
    char *at = buf_take(b, type.len);

    for (size_t i = 0; at && i < type.len; i++) {
        char c = type.at[i];
        bool good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
        at[i] = good ? c : '?';
    }
}

size_t sse_row_bound(const struct row *row)
{
    /* at worst, data is newlines ("\ndata: " each), and JSON escapes all else as \u0001 */
    return 128 + 7 * (row->data.len + row->type.len + row->match_id.len + row->created_at.len);
}

void sse_row(struct buf *b, const struct row *row)
{
    buf_puts(b, "id: ");
    buf_put_int(b, row->id);
    if (!span_is(row->type, "message")) {
        buf_puts(b, "\nevent: ");
        put_type(b, row->type);
    }
    buf_puts(b, "\ndata: ");
    buf_put_text(b, row->data, "\ndata: ");
    buf_puts(b, "\n\n");
}

void row_json(struct buf *b, const struct row *row)
{
    buf_puts(b, "{\"id\":");
    buf_put_int(b, row->id);
    buf_puts(b, ",\"match_id\":");
    buf_put_json(b, row->match_id.at, row->match_id.len);
    buf_puts(b, ",\"type\":");
    buf_put_json(b, row->type.at, row->type.len);
    buf_puts(b, ",\"created_at\":");
    buf_put_json(b, row->created_at.at, row->created_at.len);
    buf_puts(b, ",\"data\":");
    buf_put_text(b, row->data, " ");
    buf_putc(b, '}');
}

void sse_batch_row(struct buf *b, const struct row *row, bool first)
{
    buf_puts(b, first ? "data: [" : ",");
    row_json(b, row);
}

void sse_batch_end(struct buf *b, int64_t last_id)
{
    buf_puts(b, "]\nid: ");
    buf_put_int(b, last_id);
    buf_puts(b, "\n\n");
}

void sse_open(struct buf *b, int64_t retry_ms, struct cursor cursor, bool filtered)
{
    buf_puts(b, "retry: ");
    buf_put_int(b, retry_ms);
    buf_puts(b, "\n: livescore");
    if (cursor.kind == CURSOR_AFTER)
        buf_printf(b, " after=%lld", (long long)cursor.id);
    else if (cursor.kind == CURSOR_NONE)
        buf_puts(b, " snapshot");
    buf_puts(b, filtered ? " filtered\n\n" : "\n\n");
}

void sse_retry(struct buf *b, int64_t retry_ms)
{
    buf_printf(b, "retry: %lld\n\n", (long long)retry_ms);
}

void sse_cursor(struct buf *b, int64_t id)
{
    buf_puts(b, "id: ");
    buf_put_int(b, id);
    buf_puts(b, "\n\n");
}

void sse_comment_heartbeat(struct buf *b)
{
    buf_puts(b, ":\n\n");
}

void sse_event_heartbeat(struct buf *b, int64_t now_ms, int64_t viewers)
{
    buf_printf(b, "event: heartbeat\ndata: {\"now\":%lld", (long long)now_ms);
    if (viewers >= 0)
        buf_printf(b, ",\"viewers\":%lld", (long long)viewers);
    buf_puts(b, "}\n\n");
}

void sse_reset(struct buf *b, const char *reason, int64_t oldest, int64_t head)
{
    buf_printf(b, "event: reset\ndata: {\"reason\":\"%s\",\"oldest\":%lld,\"head\":%lld}\n\n",
               reason, (long long)oldest, (long long)head);
}

void sse_error(struct buf *b, int status, const char *detail)
{
    buf_printf(b, "event: error\ndata: {\"status\":%d,\"detail\":", status);
    buf_put_json(b, detail, strlen(detail));
    buf_puts(b, "}\n\n");
}
