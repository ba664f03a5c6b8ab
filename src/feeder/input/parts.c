/* Hashes the parts of a document, as sql/feeder/parts.sql defines them, and looks for each in
 * the database. */
#include "feeder/input/parts.h"

#include "feeder/store/sql.h"

/* The columns of sql_parts. */
enum { WHO, TEXT, READ };

struct divide {
    struct playlist *list;
    struct db *live;
    struct sqlite3_stmt *parts, *known, *add;
};

static int add(struct divide *d, const char *who, const char *text, int64_t digest,
               const char *match)
{
    return db_execute(&d->list->db, d->add, "ssis", who, text, digest, match);
}

/* Adds the matches that the database knows by the part.  Returns 1, 0 if it knows none, or
 * -1. */
static int add_known(struct divide *d, int64_t digest)
{
    int rc, known = 0;

    if (!d->known)
        return 0;
    db_bind_int(d->known, 1, digest);
    while ((rc = db_step(d->live, d->known)) == 1) {
        known = 1;
        d->list->known++;
        if (add(d, NULL, NULL, digest, db_column_text(d->known, 0).at) < 0)
            break;
    }
    db_reset(d->known);
    return rc == 0 ? known : -1;
}

static int add_all(struct divide *d, uint64_t format)
{
    int rc;

    while ((rc = db_step(&d->list->db, d->parts)) == 1) {
        struct span who = db_column_text(d->parts, WHO), text = db_column_text(d->parts, TEXT);
        int64_t digest = (int64_t)span_hash(format, db_column_text(d->parts, READ));
        rc = add_known(d, digest);
        if (rc < 0 || (rc == 0 && add(d, who.at, text.at, digest, NULL) < 0))
            return -1;
    }
    return rc;
}

int parts_divide(struct playlist *list, struct db *live, const char *sql, const char *document)
{
    struct divide d = {.list = list, .live = live};
    int rc = -1;

    if ((!live->handle || db_prepare(live, sql_parts_known, &d.known) == 0) &&
        db_prepare(&list->db, sql_parts, &d.parts) == 0 &&
        db_prepare(&list->db, sql_part_add, &d.add) == 0) {
        db_bind_string(d.parts, 1, document);
        rc = add_all(&d, span_hash(SPAN_HASH, span_of(sql)));
    }
    return rc;
}
