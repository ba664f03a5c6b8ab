/* Runs the statements that compare a document with the log; they define the rules. */
#include "feeder/store/merge.h"

#include "feeder/store/sql.h"

/* The results of sql_source_look. */
enum { LOOK_SAME, LOOK_CHANGED, LOOK_NEW };

int merge_known(struct db *db, int64_t digest, int64_t *matches)
{
    struct sqlite3_stmt *known = NULL;
    int rc = db_ask(db, &known, sql_document_known, "i", digest);

    if (rc == 1)
        *matches = db_column_int(known, 0);
    db_finalize(known);
    return rc;
}

int merge_note(struct merge *m, int64_t digest, int64_t matches)
{
    return db_do(m->import.db, sql_document_note, "ii", digest, matches);
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

/* Returns LOOK_..., or -1. */
static int look(struct merge *m, const char *id, const char *state, const char *events)
{
    int found = -1;

    db_bind(m->look, "sss", id, state, events);
    if (db_step(m->import.db, m->look) == 1)
        found = (int)db_column_int(m->look, 0);
    db_reset(m->look);
    return found;
}

/* Prepares its statement only when a match has news: preparing takes longer than looking at a
 * whole league without any. */
static int insert_rows(struct merge *m, const char *id, const char *state, const char *events)
{
    if (!m->rows && db_prepare(m->import.db, sql_merge_rows, &m->rows) < 0)
        return -1;
    db_bind(m->rows, "sss", id, state, events);
    return import_rows(&m->import, m->rows, id);
}

static int note_part(struct merge *m, const char *id, int64_t part)
{
    return part == 0 ? 0 : db_execute(m->import.db, m->note_part, "si", id, part);
}

int merge_match(struct merge *m, const char *id, const char *state, const char *events,
                int64_t part)
{
    struct db *db = m->import.db;
    int64_t rows = m->import.rows;
    int found = look(m, id, state, events);

    m->matches++;
    if (found <= LOOK_SAME)
        return found < 0 ? -1 : note_part(m, id, part);
    if ((found == LOOK_NEW && db_execute(db, m->forget, "s", id) < 0) ||
        insert_rows(m, id, state, events) < 0 ||
        db_execute(db, m->note, "sss", id, state, events) < 0)
        return -1;
    m->fresh += found == LOOK_NEW;
    m->changed += found == LOOK_CHANGED && m->import.rows > rows;
    return note_part(m, id, part);
}
