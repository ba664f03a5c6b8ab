/* Runs the statements that compare a document with the log; what is what, they say. */
#include "feeder/store/merge.h"

#include "feeder/store/sql.h"

/* What sql_source_look answers. */
enum { LOOK_SAME, LOOK_CHANGED, LOOK_NEW };

int merge_known(struct db *db, int64_t digest, int64_t *matches)
{
    struct sqlite3_stmt *known;

    if (db_prepare(db, sql_document_known, &known) < 0)
        return -1;
    db_bind_int(known, 1, digest);
    int rc = db_step(db, known);
    if (rc == 1)
        *matches = db_column_int(known, 0);
    db_finalize(known);
    return rc;
}

int merge_note(struct merge *m, int64_t digest, int64_t matches)
{
    struct db *db = m->import.db;
    struct sqlite3_stmt *note;

    if (db_prepare(db, sql_document_note, &note) < 0)
        return -1;
    db_bind_int(note, 1, digest);
    db_bind_int(note, 2, matches);
    int rc = db_step(db, note);
    db_finalize(note);
    return rc;
}

int merge_open(struct merge *m, struct db *db)
{
    *m = (struct merge){0};
    return import_open(&m->import, db) < 0 || db_prepare(db, sql_source_look, &m->look) < 0 ||
                   db_prepare(db, sql_source_forget, &m->forget) < 0 ||
                   db_prepare(db, sql_source_note, &m->note) < 0 ||
                   db_prepare(db, sql_parts_note, &m->note_part) < 0
               ? -1
               : 0;
}

void merge_close(struct merge *m)
{
    import_close(&m->import);
    db_finalize(m->look);
    db_finalize(m->rows);
    db_finalize(m->forget);
    db_finalize(m->note);
    db_finalize(m->note_part);
}

static void bind(struct sqlite3_stmt *s, const char *id, const char *state, const char *events)
{
    db_bind_string(s, 1, id);
    db_bind_string(s, 2, state);
    db_bind_string(s, 3, events);
}

/* Of LOOK_, or -1. */
static int look(struct merge *m, const char *id, const char *state, const char *events)
{
    int found = -1;

    bind(m->look, id, state, events);
    if (db_step(m->import.db, m->look) == 1)
        found = (int)db_column_int(m->look, 0);
    db_reset(m->look);
    return found;
}

/* Runs a statement that returns nothing. */
static int step(struct merge *m, struct sqlite3_stmt *s)
{
    int rc = db_step(m->import.db, s);

    db_reset(s);
    return rc;
}

/* Prepares its statement when a match has news: that alone takes longer than to look at a whole
 * league without any. */
static int insert_rows(struct merge *m, const char *id, const char *state, const char *events)
{
    int rc;

    if (!m->rows && db_prepare(m->import.db, sql_merge_rows, &m->rows) < 0)
        return -1;
    bind(m->rows, id, state, events);
    while ((rc = db_step(m->import.db, m->rows)) == 1)
        if (import_row(&m->import, id, db_column_text(m->rows, 0).at,
                       db_column_text(m->rows, 1).at) < 0) {
            rc = -1;
            break;
        }
    db_reset(m->rows);
    return rc;
}

static int note_part(struct merge *m, const char *id, int64_t part)
{
    if (part == 0)
        return 0;
    db_bind_string(m->note_part, 1, id);
    db_bind_int(m->note_part, 2, part);
    return step(m, m->note_part);
}

int merge_match(struct merge *m, const char *id, const char *state, const char *events,
                int64_t part)
{
    int64_t rows = m->import.rows;
    int found = look(m, id, state, events);

    m->matches++;
    if (found <= LOOK_SAME)
        return found < 0 ? -1 : note_part(m, id, part);
    db_bind_string(m->forget, 1, id);
    bind(m->note, id, state, events);
    if ((found == LOOK_NEW && step(m, m->forget) < 0) ||
        insert_rows(m, id, state, events) < 0 || step(m, m->note) < 0)
        return -1;
    m->fresh += found == LOOK_NEW;
    m->changed += found == LOOK_CHANGED && m->import.rows > rows;
    return note_part(m, id, part);
}
