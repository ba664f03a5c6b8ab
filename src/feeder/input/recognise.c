/* Looks up each match of a playlist in the database; known_as.sql defines which are the
 * same. */
#include "feeder/input/recognise.h"

#include <stdbool.h>

#include "feeder/store/sql.h"

struct recognise {
    struct db *live;
    struct playlist *list;
    struct sqlite3_stmt *matches, *known, *rename, *rename_course;
    bool by_time; /* second pass: matches not found by their teams */
};

static int rename_match(struct recognise *r, const char *id, const char *known)
{
    struct db *db = &r->list->db;
    int rc = db_execute(db, r->rename, "ss", id, known);

    return rc < 0 || db_changes(db) == 0 ? rc
                                         : db_execute(db, r->rename_course, "ss", id, known);
}

static int recognise_match(struct recognise *r, const char *id, const char *update)
{
    db_bind(r->known, "si", update, (int64_t)r->by_time);
    int rc = db_step(r->live, r->known);
    if (rc == 1)
        rc = rename_match(r, id, db_column_text(r->known, 0).at);
    db_reset(r->known);
    return rc;
}

/* r->matches is sorted, so it is read completely before its first row: renaming does not
 * disturb it. */
static int recognise_all(struct recognise *r)
{
    int rc;

    while ((rc = db_step(&r->list->db, r->matches)) == 1)
        if (recognise_match(r, db_column_text(r->matches, 0).at,
                            db_column_text(r->matches, 1).at) < 0)
            return -1;
    db_reset(r->matches);
    return rc;
}

int recognise_matches(struct db *live, struct playlist *list)
{
    struct recognise r = {.live = live, .list = list};
    int rc = -1;

    if (db_prepare(live, sql_known_as, &r.known) == 0 &&
        db_prepare(&list->db, sql_playlist_ids, &r.matches) == 0 &&
        db_prepare(&list->db, sql_playlist_rename, &r.rename) == 0 &&
        db_prepare(&list->db, sql_course_rename, &r.rename_course) == 0)
        rc = recognise_all(&r);
    r.by_time = true;
    if (rc == 0)
        rc = recognise_all(&r);
    return rc;
}
