/*
 * Server-Sent Events: rows and signals as frames of text/event-stream (WHATWG
 * HTML, "Server-sent events", 9.2.5 "Parsing an event stream").  Pure.
 *
 * Whatever the bytes of a row are, a frame is one frame: CR, LF and CRLF in
 * data begin a further "data:" line, as a client's parser joins them with LF;
 * what is not UTF-8 becomes U+FFFD.  Data ends at a NUL, as it does for the functions by
 * which SQLite found it to be JSON: else one such row, of an older schema, would spoil all
 * that are in one answer with it.  In a type, which the schema keeps to [a-z0-9_-], every
 * other byte becomes '?'.
 *
 * Where a frame does not fit the buffer is full (see buf.h), and what there is of it is to be
 * cut off.
 */
#ifndef SERVICE_SSE_H
#define SERVICE_SSE_H

#include <stdint.h>

#include "base/buf.h"
#include "service/rows/filter.h"
#include "service/rows/row.h"

/* The most bytes that the frame of a row, or the row as JSON, can take. */
size_t sse_row_bound(const struct row *row);

/* id, event (left out for "message") and data. */
void sse_row(struct buf *b, const struct row *row);

/* A frame of several rows: sse_batch_begin, sse_batch_row for each,
 * sse_batch_end with the last one's id.  data is a JSON array of rows. */
void sse_batch_begin(struct buf *b);
void sse_batch_row(struct buf *b, const struct row *row, bool first);
void sse_batch_end(struct buf *b, int64_t last_id);

/* {"id":1,"match_id":"m1","type":"goal","created_at":"...","data":{...}} on one
 * line: newlines in data, which JSON allows only as white space, become spaces. */
void row_json(struct buf *b, const struct row *row);

/*
 * The beginning of a stream: the reconnection time, and a comment that makes proxies and
 * clients see a first byte at once, and tells programs what follows:
 *
 *     : livescore after=42             every row after row 42
 *     : livescore snapshot             a snapshot, then every new row
 *     : livescore                      rows from elsewhere on, or a reset
 *     : livescore after=42 filtered    of these, only those that the filter admits
 */
void sse_open(struct buf *b, int64_t retry_ms, struct cursor cursor, bool filtered);

/* The reconnection time alone, for the end of a stream. */
void sse_retry(struct buf *b, int64_t retry_ms);

/* Moves the client's cursor without an event: a block with an id and no data
 * is remembered and not dispatched. */
void sse_cursor(struct buf *b, int64_t id);

void sse_comment_heartbeat(struct buf *b);
void sse_event_heartbeat(struct buf *b);
void sse_reset(struct buf *b, const char *reason, int64_t oldest, int64_t head);
void sse_error(struct buf *b, int status, const char *detail);

#endif
