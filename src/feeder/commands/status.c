/*
 * feeder status: what is in the database, and which processes use it.  Collects the facts that
 * SQLite does not know; SQL composes the output.
 */
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "base/beside.h"
#include "base/ring_file.h"
#include "feeder/command.h"
#include "feeder/inspect/watch.h"
#include "feeder/store/database.h"
#include "feeder/store/sql.h"

/* By name: a process that uses the database must not open and close it. */
static int64_t wal_size(const char *db_path)
{
    char path[BESIDE_PATH_MAX];
    struct stat st;

    return beside_path(path, sizeof path, db_path, "-wal") == 0 && stat(path, &st) == 0
               ? st.st_size
               : 0;
}

static int print_text(struct db *db, const struct watch *w, const char *object)
{
    struct sqlite3_stmt *s = NULL;
    int rc = db_ask(db, &s, sql_status_text, "siii", object, (int64_t)RING_SILENT_MS,
                    w->connections, w->unseen);

    for (; rc == 1; rc = db_step(db, s))
        printf("%-12s %s\n", db_column_text(s, 0).at, db_column_text(s, 1).at);
    db_finalize(s);
    return rc;
}

static int print(struct db *db, const struct options *options)
{
    struct sqlite3_stmt *s = NULL;
    struct watch w;

    watch_service(&w, options->db_path);
    int rc = db_ask(db, &s, sql_status, "sisiiiii", db->path, wal_size(db->path),
                    watch_ring_name(w.ring), w.poller, w.silence_ms, w.last_id, w.connections,
                    w.unseen);
    if (rc == 1 && options->json)
        printf("%s\n", db_column_text(s, 0).at);
    else if (rc == 1)
        rc = print_text(db, &w, db_column_text(s, 0).at);
    db_finalize(s);
    return rc < 0 ? -1 : 0;
}

static int run(const struct options *options, struct failure *failure)
{
    struct db db;
    int rc = db_open(&db, options->db_path, DB_READ, DATABASE_BUSY_MS, failure);

    if (rc == 0)
        rc = print(&db, options);
    db_close(&db);
    return rc;
}

const struct command command_status = {
    .name = "status",
    .operands = "",
    .options = "json",
    .summary = "Shows what is in the database, and what uses it",
    .help = "Shows the database's schema and size, the rows by type, the matches and how\n"
            "many are under way, the process that polls for new rows, the age of the ring of\n"
            "the newest rows, and the number of connections that wait.  Only root can count\n"
            "the connections of other users.  Changes nothing.\n",
    .run = run,
};
