/* Stores updates in a table, and reads them in scheduled order. */
#include "feeder/input/playlist.h"

#include <inttypes.h>
#include <sysexits.h>

#include "feeder/store/database.h"
#include "feeder/store/import.h"
#include "feeder/store/sql.h"

/* The parameters and the columns of sql_schedule. */
enum { FROM = 1, UNTIL, IDLE };
enum { NUMBER, DATA, PLACE, DUE };

/* The columns of sql_course_match. */
enum { MATCH, MESSAGE, EVENTS, IMPROPER, PART };

int playlist_open(struct playlist *list, const char *name, struct failure *failure)
{
    list->count = list->known = 0;
    if (db_open_private(&list->db, name, failure) < 0 || db_run(&list->db, sql_playlist) < 0 ||
        db_run(&list->db, sql_statuses) < 0 ||
        db_prepare(&list->db, sql_playlist_add, &list->add) < 0 ||
        db_prepare(&list->db, sql_schedule, &list->schedule) < 0 ||
        db_prepare(&list->db, sql_playlist_problems, &list->problems) < 0 ||
        db_prepare(&list->db, sql_course_match, &list->course) < 0)
        return -1;
    db_bind_int(list->schedule, IDLE, PLAYLIST_IDLE_SECONDS);
    return 0;
}

int playlist_learn(struct playlist *list, const char *db_path)
{
    struct db live = {0};
    struct sqlite3_stmt *words = NULL;
    int rc = 0;

    if (database_is_there(db_path))
        rc = db_open(&live, db_path, DB_READ, DATABASE_BUSY_MS, list->db.failure);
    if (live.handle)
        rc = db_ask(&live, &words, sql_words, "");
    if (rc == 1)
        rc = db_do(&list->db, sql_words_take, "s", db_column_text(words, 0).at);
    db_finalize(words);
    db_close(&live);
    return rc;
}

int playlist_add(struct playlist *list, const struct playlist_entry *entry)
{
    int rc = db_execute(&list->db, list->add, "sssss", entry->text, entry->kickoff,
                        entry->elapsed, entry->place, entry->problem);

    list->count += rc == 0;
    return rc;
}

int playlist_problem(struct playlist *list, const char **problem)
{
    int rc = db_step(&list->db, list->problems);

    if (rc == 1)
        *problem = db_column_text(list->problems, 0).at;
    else
        db_reset(list->problems);
    return rc;
}

int playlist_drop(struct playlist *list)
{
    db_reset(list->problems);
    return db_run(&list->db, sql_playlist_drop);
}

int playlist_follow(struct playlist *list)
{
    db_reset(list->course);
    return db_run(&list->db, sql_course);
}

int playlist_match(struct playlist *list, struct playlist_match *match)
{
    struct sqlite3_stmt *s = list->course;
    int rc = db_step(&list->db, s);

    if (rc == 1)
        *match = (struct playlist_match){.id = db_column_text(s, MATCH).at,
                                         .message = db_column_text(s, MESSAGE).at,
                                         .events = db_column_text(s, EVENTS).at,
                                         .improper = db_column_int(s, IMPROPER),
                                         .part = db_column_int(s, PART)};
    else
        db_reset(s);
    return rc;
}

int playlist_explain(struct playlist *list, int64_t number, const char *format)
{
    struct failure *failure = list->db.failure;
    struct sqlite3_stmt *update = NULL;

    if (db_ask(&list->db, &update, sql_playlist_improper, "is", number, format) == 1) {
        if (import_check(&list->db, db_column_text(update, 0).at) == 0)
            failure_set(failure, EX_DATAERR, "not an update");
        failure_at(failure, db_column_text(update, 1).at);
    }
    db_finalize(update);
    return -1;
}

int playlist_clear(struct playlist *list)
{
    db_reset(list->schedule);
    list->count = list->known = 0;
    return db_run(&list->db, sql_playlist_clear);
}

/* Binds an instant, or fails with a sentence that names the option. */
static int limit(struct playlist *list, int parameter, const char *option, const char *when)
{
    struct sqlite3_stmt *instant = NULL;

    if (!when)
        return 0;
    int rc =
        db_ask(&list->db, &instant, sql_instant, "si", when, (int64_t)(parameter == UNTIL));
    if (rc == 0 || (rc == 1 && db_column_is_null(instant, 0)))
        rc = failure_set(list->db.failure, EX_USAGE,
                         "%s: expected a day or an instant such as 2022-12-18 or "
                         "2022-12-18T18:00Z, found %s",
                         option, when);
    else if (rc == 1)
        db_bind_int(list->schedule, parameter, db_column_int(instant, 0));
    db_finalize(instant);
    return rc < 0 ? -1 : 0;
}

int playlist_limit(struct playlist *list, const char *from, const char *until)
{
    struct sqlite3_stmt *unplaced = NULL;

    if (limit(list, FROM, "--from", from) < 0 || limit(list, UNTIL, "--until", until) < 0)
        return -1;
    if (!from && !until)
        return 0;
    int rc = db_ask(&list->db, &unplaced, sql_playlist_unplaced, "");
    if (rc == 1)
        failure_set(list->db.failure, EX_DATAERR,
                    "%s: update %" PRId64
                    ": the kick-off of match %s is not known, and --from and --until need it",
                    list->db.path, db_column_int(unplaced, 0), db_column_text(unplaced, 1).at);
    db_finalize(unplaced);
    return rc == 0 ? 0 : -1;
}

void playlist_rewind(struct playlist *list)
{
    db_reset(list->schedule);
}

int playlist_next(struct playlist *list, struct playlist_item *item)
{
    struct sqlite3_stmt *s = list->schedule;
    int rc = db_step(&list->db, s);

    if (rc == 1)
        *item = (struct playlist_item){.text = db_column_text(s, DATA).at,
                                       .place = db_column_is_null(s, PLACE)
                                                    ? NULL
                                                    : db_column_text(s, PLACE).at,
                                       .number = db_column_int(s, NUMBER),
                                       .due_ms = db_column_int(s, DUE)};
    return rc;
}
