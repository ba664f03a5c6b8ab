/* Keeps updates in a table, and reads them by the schedule. */
#include "feeder/input/playlist.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <sysexits.h>

#include "feeder/store/database.h"
#include "feeder/store/import.h"
#include "feeder/store/sql.h"

/* The parameters and the columns of sql_schedule. */
enum { FROM = 1, UNTIL, IDLE };
enum { NUMBER, DATA, PLACE, DUE };

/* The columns of sql_course_match. */
enum { MATCH, MESSAGE, EVENTS, IMPROPER, PART };

int playlist_open(struct playlist *list, const char *name)
{
    list->add = list->schedule = list->problems = list->course = NULL;
    list->count = list->known = 0;
    if (db_open_private(&list->db, name) < 0 || db_run(&list->db, sql_playlist) < 0 ||
        db_run(&list->db, sql_statuses) < 0 ||
        db_prepare(&list->db, sql_playlist_add, &list->add) < 0 ||
        db_prepare(&list->db, sql_schedule, &list->schedule) < 0 ||
        db_prepare(&list->db, sql_playlist_problems, &list->problems) < 0 ||
        db_prepare(&list->db, sql_course_match, &list->course) < 0)
        return -1;
    db_bind_int(list->schedule, IDLE, PLAYLIST_IDLE_SECONDS);
    return 0;
}

static int take_words(struct playlist *list, const char *words)
{
    struct sqlite3_stmt *take;

    if (db_prepare(&list->db, sql_words_take, &take) < 0)
        return -1;
    db_bind_string(take, 1, words);
    int rc = db_step(&list->db, take);
    db_finalize(take);
    return rc;
}

int playlist_learn(struct playlist *list, const char *db_path)
{
    struct db live = {0};
    struct sqlite3_stmt *words = NULL;
    int rc =
        database_is_there(db_path) ? db_open(&live, db_path, DB_READ, DATABASE_BUSY_MS) : 0;

    if (live.handle && db_prepare(&live, sql_words, &words) == 0)
        rc = db_step(&live, words);
    if (rc < 0) {
        snprintf(list->db.error, sizeof list->db.error, "%s", live.error);
        list->db.status = live.status;
    } else if (rc == 1) {
        rc = take_words(list, db_column_text(words, 0).at);
    }
    db_finalize(words);
    db_close(&live);
    return rc;
}

void playlist_close(struct playlist *list)
{
    db_finalize(list->add);
    db_finalize(list->schedule);
    db_finalize(list->problems);
    db_finalize(list->course);
    db_close(&list->db);
}

int playlist_add(struct playlist *list, const struct playlist_entry *entry)
{
    const char *const fields[] = {entry->text, entry->kickoff, entry->elapsed, entry->place,
                                  entry->problem};

    for (int i = 0; i < (int)(sizeof fields / sizeof *fields); i++)
        db_bind_string(list->add, i + 1, fields[i]);
    int rc = db_step(&list->db, list->add);
    db_reset(list->add);
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

int playlist_explain(struct playlist *list, int64_t number, const char *format, char *sentence,
                     size_t cap)
{
    struct sqlite3_stmt *update;
    char problem[IMPORT_ERROR_MAX] = "not an update";

    if (db_prepare(&list->db, sql_playlist_improper, &update) < 0)
        return -1;
    db_bind_int(update, 1, number);
    db_bind_string(update, 2, format);
    int rc = db_step(&list->db, update);
    if (rc == 1) {
        struct span name = db_column_text(update, 1);
        import_explain(&list->db, db_column_text(update, 0).at, problem, sizeof problem);
        snprintf(sentence, cap, "%.*s%s", (int)name.len, name.at, problem);
    }
    db_finalize(update);
    return rc == 1 ? 0 : -1;
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
    int rc = -1;

    if (!when)
        return 0;
    if (db_prepare(&list->db, sql_instant, &instant) == 0) {
        db_bind_string(instant, 1, when);
        db_bind_int(instant, 2, parameter == UNTIL);
        rc = db_step(&list->db, instant);
        if (rc == 1 && !db_column_is_null(instant, 0)) {
            db_bind_int(list->schedule, parameter, db_column_int(instant, 0));
            rc = 0;
        } else if (rc >= 0) {
            snprintf(list->db.error, sizeof list->db.error,
                     "%s: expected a day or an instant such as 2022-12-18 or "
                     "2022-12-18T18:00Z, found %s",
                     option, when);
            list->db.status = EX_USAGE;
            rc = -1;
        }
    }
    db_finalize(instant);
    return rc;
}

int playlist_limit(struct playlist *list, const char *from, const char *until)
{
    struct sqlite3_stmt *unplaced = NULL;

    if (limit(list, FROM, "--from", from) < 0 || limit(list, UNTIL, "--until", until) < 0)
        return -1;
    if ((!from && !until) || db_prepare(&list->db, sql_playlist_unplaced, &unplaced) < 0)
        return from || until ? -1 : 0;
    int rc = db_step(&list->db, unplaced);
    if (rc == 1) {
        snprintf(list->db.error, sizeof list->db.error,
                 "%s: update %" PRId64 ": no kick-off is known of the match %s, which --from "
                 "and --until go by",
                 list->db.path, db_column_int(unplaced, 0), db_column_text(unplaced, 1).at);
        list->db.status = EX_DATAERR;
    }
    db_finalize(unplaced);
    return rc == 0 ? 0 : -1;
}

int playlist_rewind(struct playlist *list)
{
    db_reset(list->schedule);
    return 0;
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
