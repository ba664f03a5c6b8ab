/*
 * Server-Sent Events: rows and signals as frames of text/event-stream (WHATWG HTML,
 * "Server-sent events", 9.2.5 "Parsing an event stream").  Pure.
 *
 * No content can end a frame early.  CR, LF and CRLF in data begin another "data:" line, which
 * the client's parser joins with LF.  Ill-formed UTF-8 becomes U+FFFD.  Data ends at a NUL, as
 * for SQLite's JSON functions.  In a type, any byte but [a-z0-9_-] becomes '?'.
 *
 * If a frame does not fit, the buffer is full (see buf.h), and the caller cuts the partial
 * frame off.
 */
#pragma once

#include "base/text/buf.h"
#include "service/rows/row.h"

/* An upper bound for the bytes of a row as a frame or as JSON. */
size_t sse_row_bound(const struct row *row);

/* Writes id, event (except for "message") and data. */
void sse_row(struct buf *b, const struct row *row);

/* A frame of several rows, a JSON array: sse_batch_row for each, sse_batch_end with the last
 * id. */
void sse_batch_row(struct buf *b, const struct row *row, bool first);
void sse_batch_end(struct buf *b, int64_t last_id);

/* Writes {"id":1,"match_id":"m1","type":"goal","created_at":"...","data":{...}} on one line.
 * Newlines in data become spaces. */
void row_json(struct buf *b, const struct row *row);

/*
 * Begins a stream: the reconnection time, and a comment that shows proxies and clients a first
 * byte at once, and tells programs what follows:
 *
 *     : livescore after=42             every row after row 42
 *     : livescore snapshot             a snapshot, then every new row
 *     : livescore                      rows from elsewhere on, or a reset
 *     : livescore after=42 filtered    of these, only those that pass the filter
 */
void sse_open(struct buf *b, int64_t retry_ms, struct cursor cursor, bool filtered);

/* The reconnection time alone, to end a stream. */
void sse_retry(struct buf *b, int64_t retry_ms);

/* Moves the client's cursor without an event: clients store the id of a block without data. */
void sse_cursor(struct buf *b, int64_t id);

void sse_comment_heartbeat(struct buf *b);
/* now_ms: by the wall clock; viewers: -1 to leave them out. */
void sse_event_heartbeat(struct buf *b, int64_t now_ms, int64_t viewers);
void sse_reset(struct buf *b, const char *reason, int64_t oldest, int64_t head);
void sse_error(struct buf *b, int status, const char *detail);
