/*
 * Reads the log from SQLite, in reads that are short however long the log is,
 * and notices commits by their data version.
 */
#include "service/tail.h"

#include "base/clock.h"
#include "service/sql.h"

void tail_init(struct tail *t, const char *path, const struct filter *filter,
               struct cursor cursor, int64_t poll_ms)
{
    *t = (struct tail){.path = path, .filter = filter, .cursor = cursor, .poll_ms = poll_ms};
}

void tail_close(struct tail *t)
{
    struct sqlite3_stmt **statements[] = {&t->version, &t->state, &t->rows, &t->snapshot};

    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        db_finalize(*statements[i]);
        *statements[i] = NULL;
    }
    db_close(&t->db);
}

static int tail_open(struct tail *t)
{
    bool one_match = t->filter->n_matches == 1;

    if (t->db.handle && !db_replaced(&t->db))
        return 0;
    tail_close(t);
    if (db_open(&t->db, t->path, DB_READ, TAIL_BUSY_MS) < 0)
        return -1;
    if (db_prepare(&t->db, sql_data_version, &t->version) < 0 ||
        db_prepare(&t->db, sql_state, &t->state) < 0 ||
        db_prepare(&t->db, one_match ? sql_rows_of_match : sql_rows, &t->rows) < 0 ||
        db_prepare(&t->db, sql_snapshot, &t->snapshot) < 0)
        return -1;
    if (one_match)
        db_bind_text(t->rows, 2, span_of(t->filter->matches[0]));
    return 0;
}

/* The first column of a statement's first row, if it has one. */
static int read_int(struct tail *t, struct sqlite3_stmt *statement, int64_t *n)
{
    int rc = db_step(&t->db, statement);

    if (rc == 1)
        *n = db_column_int(statement, 0);
    db_reset(statement);
    return rc < 0 ? -1 : 0;
}

static int read_state(struct tail *t)
{
    int rc;

    if (read_int(t, t->version, &t->data_version) < 0)
        return -1;
    rc = db_step(&t->db, t->state);
    t->oldest = db_column_int(t->state, 0) + 1;
    t->head = db_column_int(t->state, 1);
    db_reset(t->state);
    return rc < 0 ? -1 : 0;
}

/* Why this log can't continue from the cursor; NULL: it can. */
static const char *why_reset(const struct tail *t)
{
    switch (t->cursor.kind) {
    case CURSOR_INVALID: return "invalid";
    case CURSOR_AFTER:
        return t->cursor.id > t->head ? "ahead" : t->cursor.id < t->oldest - 1 ? "gone" : NULL;
    default: return NULL;
    }
}

/* A snapshot is read like a stretch of the log that ends at today's head.  A match
 * that is updated before its turn comes is passed over: its row is above that head,
 * and follows. */
static int begin_snapshot(struct tail *t)
{
    struct sqlite3_stmt *floor;
    int64_t first = 0;
    int rc = 0;

    if (t->filter->n_matches == 0) { /* a filter names fewer matches than the limit */
        if (db_prepare(&t->db, sql_snapshot_floor, &floor) < 0)
            return -1;
        db_bind_int(floor, 1, TAIL_SNAPSHOT_MATCHES);
        rc = read_int(t, floor, &first);
        db_finalize(floor);
    }
    t->in_snapshot = true;
    t->snapshot_head = t->head;
    t->cursor = (struct cursor){CURSOR_AFTER, first > 0 ? first - 1 : 0};
    return rc;
}

static void get_row(struct sqlite3_stmt *statement, struct row *row)
{
    row->id = db_column_int(statement, 0);
    row->match_id = db_column_text(statement, 1);
    row->type = db_column_text(statement, 2);
    row->data = db_column_text(statement, 3);
    row->created_at = db_column_text(statement, 4);
}

/* The schema refuses larger rows: only a file that was tampered with has one. */
static bool wanted(const struct tail *t, const struct row *row)
{
    return row->data.len <= DB_ROW_DATA_MAX &&
           filter_admits(t->filter, row->match_id, row->type);
}

/* Steps through a statement of rows, whose first parameter is the cursor. */
static enum tail_result read_rows(struct tail *t, struct sqlite3_stmt *statement,
                                  tail_take *take, void *context)
{
    struct row row;
    int rc = 0, visited = 0;

    db_bind_int(statement, 1, t->cursor.id);
    while (visited++ < TAIL_VISIT_MAX && (rc = db_step(&t->db, statement)) == 1) {
        get_row(statement, &row);
        if (wanted(t, &row) && !take(context, &row))
            break;
        t->cursor.id = row.id;
    }
    db_reset(statement);
    return rc < 0 ? TAIL_FAILED : rc == 0 ? TAIL_DRY : TAIL_MORE;
}

static enum tail_result read_snapshot(struct tail *t, tail_take *take, void *context)
{
    enum tail_result result;

    db_bind_int(t->snapshot, 2, t->snapshot_head);
    result = read_rows(t, t->snapshot, take, context);
    if (result != TAIL_DRY)
        return result;
    t->in_snapshot = false;
    t->cursor.id = t->snapshot_head;
    return TAIL_MORE;
}

static enum tail_result read_log(struct tail *t, tail_take *take, void *context)
{
    enum tail_result result = read_rows(t, t->rows, take, context);

    if (result == TAIL_DRY) /* what the index passed over has been looked at too */
        t->cursor.id = t->head;
    return result;
}

static enum tail_result read_from_cursor(struct tail *t, tail_take *take, void *context)
{
    if (read_state(t) < 0)
        return TAIL_FAILED;
    if (t->in_snapshot && t->snapshot_head > t->head)
        t->cursor =
            (struct cursor){CURSOR_AFTER, t->snapshot_head}; /* of a log that is no more */
    else if (t->in_snapshot)
        return read_snapshot(t, take, context);
    t->reset_reason = why_reset(t);
    if (t->reset_reason) {
        t->cursor = (struct cursor){CURSOR_NONE, 0};
        t->in_snapshot = false;
        return TAIL_RESET;
    }
    if (t->cursor.kind == CURSOR_LATEST)
        t->cursor = (struct cursor){CURSOR_AFTER, t->head};
    if (t->cursor.kind == CURSOR_NONE)
        return begin_snapshot(t) < 0 ? TAIL_FAILED : read_snapshot(t, take, context);
    return read_log(t, take, context);
}

enum tail_result tail_read(struct tail *t, tail_take *take, void *context)
{
    enum tail_result result = TAIL_FAILED;

    if (tail_open(t) == 0) {
        db_set_deadline(&t->db, clock_ms() + TAIL_READ_MS);
        if (db_begin_read(&t->db) == 0) {
            result = read_from_cursor(t, take, context);
            if (db_end(&t->db, result != TAIL_FAILED) < 0)
                result = TAIL_FAILED;
        }
        db_set_deadline(&t->db, CLOCK_NEVER);
    }
    if (result == TAIL_FAILED) /* the next read starts from the file, whatever it is then */
        tail_close(t);
    return result;
}

/* Whether the database may have rows that were not there at the last read. */
static bool changed(struct tail *t)
{
    int64_t version = 0;

    if (!t->db.handle || db_replaced(&t->db))
        return true;
    return read_int(t, t->version, &version) < 0 || version != t->data_version;
}

enum conn_event tail_wait(struct tail *t, struct conn *c, int64_t deadline)
{
    for (;;) {
        int64_t look = clock_ms() + clock_jitter(t->poll_ms, 20);
        enum conn_event event = conn_wait(c, -1, look < deadline ? look : deadline);
        if (event != CONN_QUIET)
            return event;
        if (changed(t))
            return CONN_OTHER;
        if (clock_left(deadline) == 0)
            return CONN_QUIET;
    }
}
