/* Built-in formats, and those of users. */
#include "feeder/input/format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/process/clock.h"
#include "feeder/input/input.h"
#include "feeder/input/parts.h"
#include "feeder/store/import.h"
#include "feeder/store/sql.h"

enum { DATA, KICKOFF, ELAPSED, PROBLEM, COLUMNS };

/* The format whose key comes first in a document. */
static const struct {
    const char *name, *sql, *key;
} formats[] = {
    {FORMAT_LIVESCORE, sql_import_livescore, "\"match_id\""},
    {"openfootball", sql_import_openfootball, "\"team1\""},
    {"football-data", sql_import_football_data, "\"homeTeam\""},
    {"statsbomb", sql_import_statsbomb, "\"possession_team\""},
};

#define DAY_OFF_FORMAT "football-data"

#define FORMATS (sizeof formats / sizeof *formats)

static int read_own(struct format *f, struct failure *failure)
{
    struct input in;
    int64_t len = -1;

    if (input_open(&in, f->name, 0, failure) == 0)
        len = input_whole(&in, FORMAT_FILE_MAX, &f->own);
    input_close(&in);
    if (len < 0)
        return -1;
    if (strlen(f->own) < (size_t)len)
        return failure_set(failure, EX_DATAERR, "%s: expected SQL, found byte 0x00", f->name);
    f->sql = f->own;
    return 0;
}

int format_find(struct format *format, const char *name, struct failure *failure)
{
    size_t len = strlen(name);

    *format = (struct format){.name = name};
    for (size_t i = 0; i < FORMATS; i++)
        if (strcmp(formats[i].name, name) == 0)
            format->sql = formats[i].sql;
    if (format->sql)
        return 0;
    if (strchr(name, '/') || (len > 4 && strcmp(name + len - 4, ".sql") == 0))
        return read_own(format, failure);
    return failure_set(failure, EX_USAGE,
                       "--format: no format is called %s: '--format list' lists them, and your "
                       "own file must end in .sql",
                       name);
}

void format_free(struct format *format)
{
    free(format->own);
    format->own = NULL;
}

bool format_is_livescore(const struct format *format)
{
    return format->sql == sql_import_livescore;
}

/* Whether "matches" is an empty array: a document without matches has no key that identifies
 * its format. */
static bool is_day_off(struct span head)
{
    static const char want[] = ":[]";
    const char *at = memmem(head.at, head.len, "\"matches\"", strlen("\"matches\"")), *w = want;

    for (at = at ? at + strlen("\"matches\"") : NULL; at && at < head.at + head.len && *w; at++)
        if (*at == *w)
            w++;
        else if (!strchr(" \t\r\n", *at))
            return false;
    return at && *w == '\0';
}

const char *format_guess(struct span head)
{
    const char *name = NULL, *first = head.at + head.len;

    for (size_t i = 0; i < FORMATS; i++) {
        const char *at =
            memmem(head.at, (size_t)(first - head.at), formats[i].key, strlen(formats[i].key));
        if (at) {
            first = at;
            name = formats[i].name;
        }
    }
    return name ? name : is_day_off(head) ? DAY_OFF_FORMAT : NULL;
}

/* A format's file begins with "-- name: description". */
void format_list(void)
{
    for (size_t i = 0; i < FORMATS; i++) {
        const char *text = strchr(formats[i].sql, ':') + 2;
        printf("%-14s %.*s\n", formats[i].name, (int)strcspn(text, "\n"), text);
    }
}

/* "events/15946.json" becomes 15946 */
static void stem(char room[FORMAT_NAME_MAX], const char *file)
{
    const char *slash = strrchr(file, '/'), *name = slash ? slash + 1 : file,
               *dot = strrchr(name, '.');
    size_t len = dot && dot > name ? (size_t)(dot - name) : strlen(name);

    snprintf(room, FORMAT_NAME_MAX, "%.*s", (int)len, name);
}

static const char *column(struct sqlite3_stmt *s, int i)
{
    return i >= db_column_count(s) || db_column_is_null(s, i) ? NULL : db_column_text(s, i).at;
}

static int take(const struct format *f, struct playlist *list, struct sqlite3_stmt *s,
                const char *place)
{
    struct playlist_entry entry = {.text = column(s, DATA),
                                   .kickoff = column(s, KICKOFF),
                                   .elapsed = column(s, ELAPSED),
                                   .place = place,
                                   .problem = column(s, PROBLEM)};

    if (!entry.text && !entry.problem)
        return failure_set(list->db.failure, EX_DATAERR,
                           "%s: its first column, the update, is NULL", f->name);
    return playlist_add(list, &entry);
}

static int check_json(struct format *f, struct db *db, const char *document)
{
    struct sqlite3_stmt *s = NULL;
    int rc = db_ask(db, &s, sql_is_json, "s", document);
    bool valid = rc == 1 && db_column_int(s, 0);

    if (rc == 1)
        f->day_off = db_column_int(s, 1) != 0;
    db_finalize(s);
    return rc < 0 ? -1 : valid ? 0 : import_fail_json(db, document);
}

/* Built-in formats skip or fail on anything that is not an object. */
bool format_has_shape(const struct format *format)
{
    return !format->own && !format_is_livescore(format);
}

/* Once for all documents. */
static int prepare(struct format *f, struct db *db)
{
    if (f->query)
        return 0;
    if (db_prepare_query(db, f->sql, &f->query) < 0)
        return -1;
    if (db_column_count(f->query) <= COLUMNS)
        return 0;
    return failure_set(db->failure, EX_DATAERR,
                       "%s: expected the columns data, kickoff, elapsed and problem, found %d",
                       f->name, db_column_count(f->query));
}

static int check_shape(const struct format *f, struct db *db, const char *document)
{
    return format_has_shape(f) ? import_check_shape(db, document, NULL) : 0;
}

static int run(struct format *f, struct playlist *list, const char *document, const char *name,
               const char *place)
{
    struct db *db = &list->db;
    int rc;

    if (prepare(f, db) < 0)
        return -1;
    db_bind(f->query, "ss", document, name);
    db_set_deadline(db, clock_ms() + FORMAT_SECONDS * 1000);
    while ((rc = db_step(db, f->query)) == 1)
        if (take(f, list, f->query, place) < 0)
            break;
    db_set_deadline(db, CLOCK_NEVER);
    db_reset(f->query);
    return rc == 0 ? 0 : -1;
}

/* Reads the parts of a document that the database does not know.  If they mention a match that
 * a known part mentions, reads the whole document as if nothing were known. */
static int run_left(struct format *f, struct playlist *list, struct db *live,
                    const char *document, const char *name)
{
    struct sqlite3_stmt *left = NULL;
    int rc = parts_divide(list, live, f->sql, document), tied;

    if (rc == 0)
        rc = db_ask(&list->db, &left, sql_parts_left, "s", document);
    if (rc == 1)
        rc = check_shape(f, &list->db, document) < 0
                 ? -1
                 : run(f, list, db_column_text(left, 0).at, name, NULL);
    db_finalize(left);
    if (rc < 0 || (tied = db_do(&list->db, sql_parts_tied, "")) == 0)
        return rc;
    return tied < 0 || playlist_clear(list) < 0 ? -1 : run(f, list, document, name, NULL);
}

int format_apply(struct format *format, struct playlist *list, struct db *live,
                 const char *document, const char *file, const char *place)
{
    struct db *db = &list->db;
    const char *path = db->path;
    char name[FORMAT_NAME_MAX];
    int rc;

    stem(name, file);
    db->path = format->name; /* so that errors of the SELECT name it */
    rc = check_json(format, db, document);
    if (rc == 0 && live && !format->own)
        rc = run_left(format, list, live, document, name);
    else if (rc == 0)
        rc = check_shape(format, db, document) < 0 ? -1
                                                   : run(format, list, document, name, place);
    db->path = path;
    return rc;
}
