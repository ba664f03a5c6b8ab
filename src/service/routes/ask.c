/*
 * Answers that one statement makes.  The parameters of the request's query are the statement's,
 * by name: day= is :day.  The statement also checks them; names that it does not have are
 * ignored.
 *
 * It runs in the time zone that the request names, and so understands 'localtime'.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "service/routes/routes.h"
#include "service/sandbox/sandbox.h"

#define ZONE_MAX 64 /* bytes of a time zone's name */

/* In the order of canonical addresses. */
static const char *const names[] = {"competition", "day",    "group", "match",
                                    "max-lag",     "season", "token", "zone"};

/* Whether a name leads to a time zone of the machine, and to no other file. */
static bool is_zone(struct span name)
{
    char path[sizeof SANDBOX_ZONES + ZONE_MAX], start[4] = "";

    if (name.len > ZONE_MAX || !span_is_plain(name, "/_-+") || *name.at == '/')
        return false;
    snprintf(path, sizeof path, SANDBOX_ZONES "%.*s", ZONE_MAX, name.at);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool is = fd >= 0 && read(fd, start, sizeof start) == sizeof start;

    close(fd);
    return is && memcmp(start, "TZif", sizeof start) == 0;
}

/* "+05:30"; a '+' that was not escaped has become a space. */
static bool is_offset(struct span name)
{
    static const char digits[] = "0123456789";

    return name.len == 6 && strchr("+- ", *name.at) && strspn(name.at + 1, digits) == 2 &&
           name.at[3] == ':' && strspn(name.at + 4, digits) == 2;
}

static void set_zone(const char *zone)
{
    setenv("TZ", zone, 1);
    tzset();
}

/* Enters a zone, a C string.  POSIX counts offsets westward. */
static bool enter_zone(struct span name)
{
    char zone[ZONE_MAX + 2];

    if (is_offset(name))
        snprintf(zone, sizeof zone, "UTC%c%.5s", *name.at == '-' ? '+' : '-', name.at + 1);
    else if (is_zone(name))
        snprintf(zone, sizeof zone, ":%.*s", ZONE_MAX, name.at);
    else
        return false;
    set_zone(zone);
    return true;
}

void ask_leave_zone(void)
{
    set_zone("UTC0");
}

/* Binds a parameter of the query, if it has it, and adds it to the canonical address. */
static int bind_one(struct exchange *x, struct sqlite3_stmt *statement, const char *name,
                    struct buf *self)
{
    char value[HTTP_TARGET_MAX + 1], parameter[16];
    int len = query_find(x->req.query, name, value);
    struct span text = {value, len > 0 ? (size_t)len : 0};

    snprintf(parameter, sizeof parameter, ":%.14s", name);
    for (char *at = parameter; (at = strchr(at, '-'));)
        *at = '_';
    int number = db_parameter(statement, parameter);
    if (len == -2)
        x->query.error = "a query parameter has malformed %-encoding";
    else if (len >= 0 && strcmp(name, "zone") == 0 && !enter_zone(text))
        x->query.error = "zone is a time zone that this machine knows, such as Europe/Berlin, "
                         "or an offset such as +02:00";
    if (x->query.error || len < 0)
        return x->query.error ? -1 : 0;
    if (number > 0)
        db_bind_copy(statement, number, text);
    if (self)
        query_put(self, name, text);
    return 0;
}

int ask_bind(struct exchange *x, struct sqlite3_stmt *statement, int64_t rows)
{
    char memory[QUERY_NEXT_MAX];
    struct buf self;

    buf_init(&self, memory, sizeof memory);
    db_bind_int(statement, db_parameter(statement, "@rows"), rows);
    db_bind_string(statement, db_parameter(statement, "@version"), LIVESCORE_VERSION);
    ask_leave_zone();
    x->query.error = NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (bind_one(x, statement, names[i], &self) < 0)
            return -1;
    db_bind_copy(statement, db_parameter(statement, "@self"), (struct span){self.at, self.len});
    return bind_one(x, statement, "offset", NULL);
}

/* A row is a part of the answer, the cursor that it stands for, and perhaps the status; NULL,
 * and a sentence: why the request is refused. */
static int read_text(void *context, struct db *db, struct sqlite3_stmt *statement)
{
    struct exchange *x = context;
    int rc = ask_bind(x, statement, ASK_ROWS);

    if (rc < 0)
        return 0;
    while ((rc = db_step(db, statement)) == 1) {
        bool refused = db_column_is_null(statement, 0);
        struct span text = db_column_text(statement, refused ? 1 : 0);

        /* worst case: each byte becomes U+FFFD, three bytes */
        if (exchange_reserve(x, 3 * text.len + 2) < 0)
            return -1;
        buf_put_text(&x->out, text, " ");
        x->last_id = db_column_int(statement, 1);
        x->query.error = refused ? x->out.at : NULL;
        if (db_column_count(statement) > 2)
            x->status = (int)db_column_int(statement, 2);
    }
    buf_putc(&x->out, x->query.error ? '\0' : '\n');
    return rc;
}

void ask(struct exchange *x, const char *sql, const char *cache)
{
    struct representation answer = {.type = "application/json", .cache = cache};
    int rc = exchange_reserve(x, EXCHANGE_OUT_MAX);

    x->status = 200;
    if (rc == 0)
        rc = lookup(x->config->db_path, exchange_only(x), sql, read_text, x, x->failure);
    ask_leave_zone();
    answer.status = x->status;
    if (rc < 0)
        exchange_database_problem(x, x->failure);
    else if (x->query.error)
        exchange_problem(x, 400, x->query.error);
    else
        exchange_represent(x, &answer);
}
