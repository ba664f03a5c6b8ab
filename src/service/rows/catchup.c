/* Reads the log, detects commits by SQLite's data version, and rejects unusable cursors. */
#include "service/rows/catchup.h"

#include "base/process/clock.h"
#include "base/sqlite/sql.h"
#include "base/text/row_hash.h"
#include "service/rows/sql.h"

#define BRIEF_COLUMNS 3 /* of rows_brief.sql */

void catchup_init(struct catchup *c, const char *path, const struct filter *filter,
                  struct cursor cursor)
{
    *c = (struct catchup){.path = path,
                          .filter = filter,
                          .cursor = cursor,
                          .read_ms = CATCHUP_READ_MS};
}

void catchup_close(struct catchup *c)
{
    db_close(&c->db);
    c->row = c->snapshot = NULL;
}

/* The statement that finds the rows of the filter's matches, or else of its types, by an index;
 * messages are too many for one. */
static const char *rows_statement(const struct catchup *c)
{
    const struct filter *f = c->filter;

    if (f->n_matches == 1 && !f->prefixes)
        return sql_rows_of_match;
    if (f->n_matches > 0)
        return sql_rows_of_matches;
    if (f->n_types > 0 && !filter_names_type(f, "message"))
        return sql_rows_of_types;
    return c->brief ? sql_rows_brief : sql_rows;
}

/* Binds the names of the filter's matches, or else of its types.  A separate frame: a stream
 * without a filter needs no stack for it. */
__attribute__((noinline)) static void bind_names(struct sqlite3_stmt *statement, int parameter,
                                                 const struct filter *f, bool matches)
{
    char memory[FILTER_LIST_MAX];
    struct buf names;

    buf_init(&names, memory, sizeof memory);
    filter_put(f, matches, &names);
    db_bind_copy(statement, parameter, (struct span){names.at, names.len});
}

static int catchup_open(struct catchup *c)
{
    const struct filter *f = c->filter;
    const char *rows = rows_statement(c);

    if (c->db.handle && !db_replaced(&c->db))
        return 0;
    catchup_close(c);
    if (db_open(&c->db, c->path, DB_READ, CATCHUP_BUSY_MS, c->failure) < 0)
        return -1;
    metrics_add(c->metrics, METRICS_CATCHUPS, 1);
    if (db_prepare(&c->db, sql_data_version, &c->version) < 0 ||
        db_prepare(&c->db, sql_state, &c->state) < 0 || db_prepare(&c->db, rows, &c->rows) < 0)
        return -1;
    c->shares = rows == sql_rows_of_matches || rows == sql_rows_of_types;
    if (c->shares)
        db_bind_int(c->rows, 3, CATCHUP_VISIT_MAX);
    if (c->shares || rows == sql_rows_of_match)
        bind_names(c->rows, 2, f, f->n_matches > 0);
    return 0;
}

/* Only when it is read: a client that has a cursor needs none. */
static int prepare_snapshot(struct catchup *c)
{
    const struct filter *f = c->filter;

    if (c->snapshot)
        return 0;
    if (db_prepare(&c->db, f->n_matches > 0 ? sql_snapshot_of_matches : sql_snapshot,
                   &c->snapshot) < 0)
        return -1;
    if (f->n_matches > 0) {
        bind_names(c->snapshot, 3, f, true);
        db_bind_int(c->snapshot, 4, CATCHUP_SNAPSHOT_MATCHES);
    }
    return 0;
}

static int read_int(struct catchup *c, struct sqlite3_stmt *statement, int64_t *n)
{
    int rc = db_step(&c->db, statement);

    if (rc == 1)
        *n = db_column_int(statement, 0);
    db_reset(statement);
    return rc < 0 ? -1 : 0;
}

static int read_state(struct catchup *c)
{
    int rc;

    if (read_int(c, c->version, &c->data_version) < 0)
        return -1;
    rc = db_step(&c->db, c->state);
    c->oldest = db_column_int(c->state, 0) + 1;
    c->head = db_column_int(c->state, 1);
    db_reset(c->state);
    return rc < 0 ? -1 : 0;
}

/* Why this log can't continue from the cursor, or NULL. */
static const char *why_reset(const struct catchup *c)
{
    switch (c->cursor.kind) {
    case CURSOR_INVALID: return "invalid";
    case CURSOR_AFTER:
        return c->cursor.id > c->head ? "ahead" : c->cursor.id < c->oldest - 1 ? "gone" : NULL;
    default: return NULL;
    }
}

/* Whether the cursor's row may still arrive, because this replica is behind the one that the
 * client read before.  Not if it has received all of its origin's rows since the client
 * came. */
static bool may_come(struct catchup *c)
{
    bool ahead = c->patient && c->cursor.kind == CURSOR_AFTER && c->cursor.id > c->head;
    struct sqlite3_stmt *health = NULL;

    if (ahead) {
        c->ahead = c->ahead ? c->ahead : clock_ms();
        ahead = db_prepare(&c->db, sql_health, &health) == 0 && db_step(&c->db, health) == 1 &&
                !db_column_is_null(health, 3) &&
                clock_ms() - c->ahead <= db_column_int(health, 3) + CATCHUP_AHEAD_MS;
        db_finalize(health);
    }
    c->ahead = ahead ? c->ahead : 0;
    return ahead;
}

/* A snapshot is read like the log up to the present head.  A match that is updated before its
 * turn is skipped: its new row is above that head, and follows later. */
static int begin_snapshot(struct catchup *c)
{
    struct sqlite3_stmt *floor;
    int64_t first = 0;
    int rc = 0;

    if (c->filter->n_matches == 0) { /* a filter names fewer matches than the limit */
        if (db_prepare(&c->db, sql_snapshot_floor, &floor) < 0)
            return -1;
        db_bind_int(floor, 1, CATCHUP_SNAPSHOT_MATCHES);
        rc = read_int(c, floor, &first);
        db_finalize(floor);
    }
    c->in_snapshot = true;
    c->snapshot_head = c->whole ? c->oldest - 1 : c->head;
    c->cursor = (struct cursor){CURSOR_AFTER, first > 0 ? first - 1 : 0, 0};
    return rc;
}

static void get_row(struct sqlite3_stmt *statement, bool brief, struct row *row)
{
    row->id = db_column_int(statement, 0);
    row->type = db_column_text(statement, 1);
    row->data = db_column_text(statement, 2);
    row->match_id = brief ? span_of("") : db_column_text(statement, 3);
    row->created_at = brief ? span_of("") : db_column_text(statement, 4);
}

/* Steps through a statement of rows after the cursor; repeatedly, if it returns only some at a
 * time. */
static enum read_result read_rows(struct catchup *c, struct sqlite3_stmt *statement,
                                  row_take *take, void *context)
{
    bool brief = db_column_count(statement) == BRIEF_COLUMNS;
    int rc = 1, visited = 0, before;
    struct row row;

    do {
        before = visited;
        db_bind_int(statement, 1, c->cursor.id);
        while (visited < CATCHUP_VISIT_MAX && (rc = db_step(&c->db, statement)) == 1) {
            get_row(statement, brief, &row);
            row.read_us = c->read_us;
            /* the schema refuses larger rows: the file was tampered with */
            if (row.data.len <= DB_ROW_DATA_MAX &&
                filter_admits(c->filter, row.match_id, row.type) && !take(context, &row))
                break;
            c->cursor.id = row.id;
            visited++;
        }
        db_reset(statement);
    } while (rc == 0 && c->shares && statement == c->rows && visited > before);
    return rc < 0 ? READ_FAILED : rc == 0 ? READ_DRY : READ_MORE;
}

static enum read_result read_snapshot(struct catchup *c, row_take *take, void *context)
{
    enum read_result result;

    if (prepare_snapshot(c) < 0)
        return READ_FAILED;
    db_bind_int(c->snapshot, 2, c->snapshot_head);
    result = read_rows(c, c->snapshot, take, context);
    if (result != READ_DRY)
        return result;
    c->in_snapshot = false;
    c->cursor.id = c->snapshot_head;
    return c->snapshot_head == c->head ? READ_DRY : READ_MORE;
}

static enum read_result read_log(struct catchup *c, row_take *take, void *context)
{
    enum read_result result = read_rows(c, c->rows, take, context);

    if (result == READ_DRY) /* includes rows that the index skipped */
        c->cursor.id = c->head;
    return result;
}

/* Hashes the row id of the log, or the one before it; id 0: none.  Returns 0 or -1. */
static int look_at(struct catchup *c, int64_t id, uint64_t *hash, struct landmark *found)
{
    struct row row = {0};
    int rc;

    if (!c->row && db_prepare(&c->db, sql_row, &c->row) < 0)
        return -1;
    db_bind_int(c->row, 1, id);
    rc = db_step(&c->db, c->row);
    if (rc == 1)
        get_row(c->row, false, &row);
    uint64_t known = row_hash(row.id, row.match_id, row.type, row.data);
    *found = (struct landmark){row.id, row_hash_add(known, row.created_at)};
    *hash = row.id == id && id > 0 ? known : 0;
    db_reset(c->row);
    return rc < 0 ? -1 : 0;
}

/* Whether the cursor's row differs from the client's: 1, 0, or -1. */
static int has_changed(struct catchup *c)
{
    uint64_t known = c->cursor.at, hash = 0;
    struct landmark row;

    if (c->cursor.kind == CURSOR_AFTER && known && look_at(c, c->cursor.id, &hash, &row) < 0)
        return -1;
    c->cursor.at = 0; /* stale as soon as the cursor moves */
    return hash != 0 && hash != known;
}

/* The landmark is on a grid that grows with the log: it moves four to eight times while the log
 * doubles, and is never far from its end. */
static int look_for_landmarks(struct catchup *c)
{
    struct landmark row;
    uint64_t hash;
    int64_t grid = 1;

    while (grid <= c->head / 8)
        grid *= 2;
    if ((!c->ahead && look_at(c, c->cursor.id, &c->cursor.at, &row) < 0) ||
        look_at(c, c->named.id, &hash, &row) < 0 ||
        look_at(c, c->head / grid * grid, &hash, &c->landmark) < 0)
        return -1;
    if (row.id != c->named.id || row.hash != c->named.hash)
        c->named.id = 0;
    return 0;
}

/* Resolves a cursor that gives a number or an age of rows.  Returns 0 or -1. */
static int find_cursor(struct catchup *c)
{
    bool last = c->cursor.kind == CURSOR_LAST;
    struct sqlite3_stmt *statement;
    int64_t id = 0;

    if (db_prepare(&c->db, last ? sql_last : sql_since, &statement) < 0)
        return -1;
    db_bind_int(statement, 1, c->cursor.id);
    if (last) {
        bind_names(statement, 2, c->filter, false);
        bind_names(statement, 3, c->filter, true);
    } else {
        db_bind_int(statement, 2, c->head);
    }
    int rc = read_int(c, statement, &id);
    db_finalize(statement);
    c->cursor = (struct cursor){CURSOR_AFTER, id < c->oldest ? c->oldest - 1 : id, 0};
    return rc;
}

static enum read_result read_from_cursor(struct catchup *c, row_take *take, void *context)
{
    if (read_state(c) < 0)
        return READ_FAILED;
    if (c->in_snapshot && c->snapshot_head > c->head)
        c->cursor =
            (struct cursor){CURSOR_AFTER, c->snapshot_head, 0}; /* of a log that is gone */
    else if (c->in_snapshot)
        return read_snapshot(c, take, context);
    if (may_come(c))
        return READ_DRY;
    c->reset_reason = why_reset(c);
    int changed = c->reset_reason ? 0 : has_changed(c);
    if (changed < 0)
        return READ_FAILED;
    if (changed)
        c->reset_reason = "changed";
    if (c->cursor.kind == CURSOR_NONE && c->whole && c->whole != c->oldest)
        c->reset_reason = "gone"; /* pruned again since the reset */
    if (c->reset_reason) {
        if (c->whole || (c->cursor.kind == CURSOR_AFTER && c->cursor.id == 0))
            c->whole = c->oldest;
        c->cursor = (struct cursor){CURSOR_NONE, 0, 0};
        c->in_snapshot = false;
        return READ_RESET;
    }
    if (c->cursor.kind == CURSOR_LATEST)
        c->cursor = (struct cursor){CURSOR_AFTER, c->head, 0};
    if (c->cursor.kind > CURSOR_INVALID && find_cursor(c) < 0)
        return READ_FAILED;
    if (c->cursor.kind == CURSOR_NONE)
        return begin_snapshot(c) < 0 ? READ_FAILED : read_snapshot(c, take, context);
    return read_log(c, take, context);
}

enum read_result catchup_read(struct catchup *c, row_take *take, void *context)
{
    enum read_result result = READ_FAILED;

    if (catchup_open(c) == 0) {
        db_set_deadline(&c->db, clock_ms() + c->read_ms);
        if (db_begin_read(&c->db) == 0) {
            result = read_from_cursor(c, take, context);
            if (result != READ_FAILED && c->hashes && look_for_landmarks(c) < 0)
                result = READ_FAILED;
            if (db_end(&c->db, result != READ_FAILED) < 0)
                result = READ_FAILED;
        }
        db_set_deadline(&c->db, CLOCK_NEVER);
    }
    if (result == READ_FAILED) /* the next read reopens whatever file is there */
        catchup_close(c);
    return result;
}

bool catchup_changed(struct catchup *c)
{
    int64_t version = 0;

    if (!c->db.handle || db_replaced(&c->db))
        return true;
    return read_int(c, c->version, &version) < 0 || version != c->data_version;
}
