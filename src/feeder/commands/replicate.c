/*
 * feeder replicate: copies the log of another service, its origin, with the same ids.  curl
 * fetches the origin's /livescore; this program reads its output:
 *
 *     data: [{"id":42,...,"data":{...}},...]     frames of a stream with batch=N
 *     {"after":41,"events":[{"id":42,...         pages of JSON, one per line
 *     id: 42, event: goal, data: {...}           frames of a stream
 *
 * Rows are cut out of the text unchanged, since SQLite's JSON functions would rewrite them.
 * Only the line ends in their data have become spaces.  Rows are committed before waiting for
 * more, so the process may be killed at any moment.  A rebuild is one transaction, up to the
 * moment at which the origin has no more rows: until then clients see the old log.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/process/clock.h"
#include "base/process/stop.h"
#include "feeder/command.h"
#include "feeder/input/input.h"
#include "feeder/store/database.h"
#include "feeder/store/sql.h"

#define EX_RESET 79   /* the origin can't continue; not in sysexits.h */
#define NOTE_MS  1000 /* between notes that there is nothing new */
#define SHOWN    100  /* bytes of input quoted in errors */

struct replicate {
    const struct options *options;
    struct failure *failure;
    struct input in;
    struct db db;
    struct sqlite3_stmt *begin, *row, *done;
    bool started;    /* the origin has said what follows */
    bool guarded;    /* only replicate can insert rows */
    bool writing;    /* in a transaction */
    bool rebuilding; /* the log, in one transaction */
    bool settled;    /* these are all rows that the origin has now */
    int64_t head;    /* the newest row here */
    int64_t after;   /* the cursor of the request */
    int64_t last;    /* the last row received */
    int64_t oldest;  /* rows below it come as the states of their matches; 0: none does */
    int64_t rows;    /* inserted */
    int64_t next_note;
};

static int expected(const struct replicate *r, const char *what, const char *found)
{
    return failure_set(r->failure, EX_DATAERR, "%s: expected %s, found %.*s", r->in.name, what,
                       SHOWN, found);
}

/* The number after a key, or -1. */
static int64_t number(const char *text, const char *key)
{
    const char *at = strstr(text, key);

    return at ? strtoll(at + strlen(key), NULL, 10) : -1;
}

static int open_database(struct replicate *r)
{
    bool created;

    r->started = true;
    return database_open(&r->db, r->options->db_path, -1, &created, r->failure) < 0 ||
                   db_prepare(&r->db, sql_replica_begin, &r->begin) < 0 ||
                   db_prepare(&r->db, sql_replica_row, &r->row) < 0 ||
                   db_prepare(&r->db, sql_replica_done, &r->done) < 0
               ? -1
               : 0;
}

static int begin(struct replicate *r)
{
    const char *path = r->options->db_path;

    if (r->writing)
        return 0;
    db_bind_int(r->begin, 1, r->options->force && !r->guarded);
    if (db_begin_write(&r->db) < 0)
        return -1;
    r->writing = true;
    int rc = db_step(&r->db, r->begin);
    if (rc == 1)
        r->head = db_column_int(r->begin, 0);
    db_reset(r->begin);
    if (rc == 0)
        return failure_set(r->failure, EX_CONFIG,
                           "%s: not a replica, but has rows of its own: choose a new file, or "
                           "use --force if it is a copy of the origin's",
                           path);
    if (rc < 0 || (!r->guarded && db_run(&r->db, sql_replica_guard) < 0))
        return -1;
    r->guarded = true;
    return db_replaced(&r->db)
               ? failure_set(r->failure, EX_TEMPFAIL, "%s: replaced by another file", path)
               : 0;
}

static int begin_rebuild(struct replicate *r)
{
    r->rebuilding = true;
    r->head = 0;
    return db_run(&r->db, sql_replica_clear);
}

/* Call before waiting for more. */
static int commit(struct replicate *r)
{
    if (r->settled && clock_ms() >= r->next_note && begin(r) < 0)
        return -1;
    if (!r->writing || (r->rebuilding && !r->settled))
        return 0;
    r->writing = false;
    if (db_end(&r->db, db_execute(&r->db, r->done, "i", (int64_t)r->settled) == 0) < 0)
        return -1;
    r->next_note = clock_ms() + NOTE_MS;
    r->rebuilding = r->settled = false;
    return 0;
}

static int insert(struct replicate *r, int64_t id, const char *data, const char *row,
                  const char *type)
{
    r->head = id;
    r->rows++;
    return db_execute(&r->db, r->row, "isss", id, data, row, type) == 0
               ? 0
               : failure_set(r->failure, r->failure->status, "%s: row %" PRId64 ": %s%s",
                             r->in.name, id, r->failure->text,
                             row ? "" : ": request &batch=1000, which sends whole rows");
}

/* All rows below the oldest have come.  None of them stays, but pruned and sqlite_sequence
 * record that they existed. */
static int end_states(struct replicate *r)
{
    int64_t last = r->oldest - 1;

    r->oldest = 0;
    return last > r->head &&
                   insert(r, last, "{}", "{\"match_id\":\"none\",\"type\":\"void\"}", NULL) < 0
               ? -1
               : db_run(&r->db, sql_replica_states);
}

/* The origin says what follows: every row after one, or something else. */
static int take_start(struct replicate *r, int64_t after, const char *said)
{
    bool all = after >= 0 && !strstr(said, " filtered"),
         rebuild = r->options->rebuild && !r->started;

    r->last = r->after = after;
    if (all && ((!r->started && open_database(r) < 0) || begin(r) < 0 ||
                (r->oldest > 0 && after == r->oldest - 1 && end_states(r) < 0)))
        return -1;
    if (!all || after > (rebuild ? 0 : r->head))
        return failure_set(
            r->failure, EX_DATAERR,
            "%s: not all rows after %s: %.*s: request ?after=%s without a filter", r->in.name,
            rebuild ? "0" : "the newest one here", SHOWN, said,
            rebuild ? "0" : "$(feeder cursor --at)");
    return rebuild ? begin_rebuild(r) : 0;
}

/* The origin's log does not continue this one.  The reset of a cursor of 0 is followed by the
 * whole log, also if the origin is pruned meanwhile and says so again. */
static int take_reset(struct replicate *r, const char *reset)
{
    r->oldest = number(reset, "\"oldest\":");
    if (!r->started || r->oldest < 1)
        return expected(r, "a stream that says what follows", reset);
    if (r->after > 0 || (!r->rebuilding && r->head > 0))
        return failure_set(r->failure, EX_RESET,
                           "%s: the origin can't continue from row %" PRId64
                           ": %.*s: request ?after=0 and use --rebuild",
                           r->in.name, r->last, SHOWN, reset);
    r->last = 0;
    return begin(r) < 0 || begin_rebuild(r) < 0 ? -1 : 0;
}

static int take_row(struct replicate *r, int64_t id, const char *data, const char *row,
                    const char *type)
{
    if (!r->started)
        return expected(r, "a stream that says what follows", data);
    if (id <= r->last)
        return expected(r, "rows in order", row ? row : data);
    r->last = id;
    r->settled = false;
    if ((r->oldest > 0 && id >= r->oldest ? end_states(r) : begin(r)) < 0)
        return -1;
    return id <= r->head ? 0 : insert(r, id, data, row, type);
}

/* The end of an object, or NULL. */
static char *end_of_object(char *at)
{
    bool quoted = false;

    for (int depth = 0; *at; at++)
        if (quoted && *at == '\\' && at[1])
            at++;
        else if (*at == '"')
            quoted = !quoted;
        else if (!quoted && (*at == '{' || *at == '['))
            depth++;
        else if (!quoted && (*at == '}' || *at == ']') && --depth == 0)
            return at + 1;
    return NULL;
}

/* Takes an array of rows, from after its bracket.  Returns its end, or NULL. */
static char *take_rows(struct replicate *r, char *at)
{
    static const char key[] = ",\"data\":"; /* the last one; strings have no such quotes */

    while (*at == '{') {
        char *row = at, *next = end_of_object(row), *data = strstr(row, key);
        if (!next || !data || data > next || (*next != ',' && *next != ']'))
            break;
        at = next + (*next == ',');
        next[-1] = '\0';
        memcpy(data, "}", 2);
        if (take_row(r, number(row, "{\"id\":"), data + strlen(key), row, NULL) < 0)
            return NULL;
    }
    if (*at == ']')
        return at;
    expected(r, "rows", at);
    return NULL;
}

/* There is nothing more at the moment. */
static int settle(struct replicate *r)
{
    r->settled = r->started;
    return r->oldest > 0 ? end_states(r) : 0;
}

static int take_page(struct replicate *r, char *page)
{
    static const char key[] = "\"events\":[";
    char *rows = strstr(page, key);

    if (!rows)
        return expected(r, "a page", page);
    *rows = '\0';
    const char *reset = strstr(page, "\"reset\":");
    if (take_start(r, number(page, "{\"after\":"), page) < 0 ||
        (reset && take_reset(r, reset) < 0))
        return -1;
    const char *end = take_rows(r, rows + strlen(key));
    return !end ? -1 : strstr(end, "\"more\":false") ? settle(r) : 0;
}

/* The fields of a frame; data is contiguous, where its first line was. */
struct frame {
    char *start, *data;
    const char *type;
    int64_t id;
    bool batch; /* data precedes the id */
    bool empty; /* except for comments */
};

static struct frame read_frame(char *text)
{
    struct frame f = {.type = "message", .id = -1, .empty = true};
    char *data_end = NULL;

    for (char *line; (line = strsep(&text, "\n"));) {
        f.empty &= line[0] == ':';
        if (strncmp(line, ": livescore", 11) == 0) {
            f.start = line;
        } else if (strncmp(line, "event: ", 7) == 0) {
            f.type = line + 7;
        } else if (strncmp(line, "id: ", 4) == 0) {
            f.id = strtoll(line + 4, NULL, 10);
        } else if (strncmp(line, "data: ", 6) == 0) {
            size_t len = strlen(line += 6);
            f.batch |= !f.data && f.id < 0;
            if (f.data)
                *data_end++ = '\n';
            else
                f.data = data_end = line;
            memmove(data_end, line, len + 1);
            data_end += len;
        }
    }
    return f;
}

static int take_frame(struct replicate *r, char *text)
{
    struct frame f = read_frame(text);

    if (f.start)
        return take_start(r, number(f.start, " after="), f.start);
    if (f.data && strcmp(f.type, "reset") == 0)
        return take_reset(r, f.data);
    if (f.empty || strcmp(f.type, "heartbeat") == 0)
        return settle(r);
    if (!f.data || strcmp(f.type, "error") == 0)
        return 0;
    if (f.batch && *f.data == '[')
        return take_rows(r, f.data + 1) ? 0 : -1;
    return take_row(r, f.id, f.data, NULL, f.type);
}

static int replicate(struct replicate *r)
{
    int rc = 0, found = 1;
    char *block = NULL;

    while (rc == 0 && (found = input_block(&r->in, found == 2, &block)) > 0)
        rc = found == 2      ? commit(r)
             : *block == '{' ? take_page(r, block)
                             : take_frame(r, block);
    if (rc == 0 && found == 0 && !r->started && !stop_requested())
        return failure_set(r->failure, EX_NOINPUT, "%s: received neither a stream nor a page",
                           r->in.name);
    if (rc == 0 && found == 0 && r->rebuilding)
        return failure_set(r->failure, EX_TEMPFAIL,
                           "%s: ended before all rows had arrived: nothing was changed",
                           r->in.name);
    return (!r->rebuilding && r->writing && commit(r) < 0) || rc < 0 || found < 0 ? -1 : 0;
}

int replicate_run(const struct options *options, struct failure *failure)
{
    struct replicate r = {.options = options, .failure = failure};

    stop_init();
    int rc = input_open(&r.in, options->operands[0], 0, failure);
    r.in.stoppable = true;
    if (rc == 0)
        rc = replicate(&r);
    if (!options->quiet && r.started)
        log_line(&options->log, LOG_INFO, "%s: %" PRId64 " rows, up to row %" PRId64, r.in.name,
                 r.rows, r.head);
    db_close(&r.db);
    input_close(&r.in);
    return rc;
}
