/*
 * feeder status: what is in the database, and who is at it.  The facts that SQLite does not
 * know are gathered first; what is said of them, and how, is SQL.
 */
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "base/ring_file.h"
#include "feeder/command.h"
#include "feeder/inspect/watch.h"
#include "feeder/store/database.h"
#include "feeder/store/sql.h"

#define PATH_CAP 4096

/* By its name: it must not be opened and closed in a process that uses the database. */
static int64_t wal_size(const char *db_path)
{
    char path[PATH_CAP];
    struct stat st;

    return db_path_beside(path, sizeof path, db_path, "-wal") == 0 && stat(path, &st) == 0
               ? st.st_size
               : 0;
}

/* The object, which lasts until the statement is finalized. */
static int query(struct db *db, const struct watch *w, struct sqlite3_stmt **statement,
                 struct span *object)
{
    if (db_prepare(db, sql_status, statement) < 0)
        return -1;
    db_bind_string(*statement, 1, db->path);
    db_bind_int(*statement, 2, wal_size(db->path));
    db_bind_string(*statement, 3, watch_ring_name(w->ring));
    db_bind_int(*statement, 4, w->poller);
    db_bind_int(*statement, 5, w->silence_ms);
    db_bind_int(*statement, 6, w->last_id);
    db_bind_int(*statement, 7, w->connections);
    db_bind_int(*statement, 8, w->unseen);
    if (db_step(db, *statement) < 0)
        return -1;
    *object = db_column_text(*statement, 0);
    return 0;
}

static int print_text(struct db *db, const struct watch *w, struct span object)
{
    struct sqlite3_stmt *statement = NULL;
    int rc = -1;

    if (db_prepare(db, sql_status_text, &statement) == 0) {
        db_bind_text(statement, 1, object);
        db_bind_int(statement, 2, RING_SILENT_MS);
        db_bind_int(statement, 3, w->connections);
        db_bind_int(statement, 4, w->unseen);
        while ((rc = db_step(db, statement)) == 1) {
            struct span name = db_column_text(statement, 0),
                        text = db_column_text(statement, 1);
            printf("%-12.*s %.*s\n", (int)name.len, name.at, (int)text.len, text.at);
        }
    }
    db_finalize(statement);
    return rc;
}

static int print(struct db *db, const struct options *options)
{
    struct sqlite3_stmt *statement = NULL;
    struct watch watch;
    struct span object;

    watch_service(&watch, options->db_path);
    int rc = query(db, &watch, &statement, &object);
    if (rc == 0 && options->json)
        printf("%.*s\n", (int)object.len, object.at);
    else if (rc == 0)
        rc = print_text(db, &watch, object);
    db_finalize(statement);
    return rc;
}

static int run(const struct options *options)
{
    struct db db;
    int status = EX_OK;

    if (db_open(&db, options->db_path, DB_READ, DATABASE_BUSY_MS) < 0 ||
        print(&db, options) < 0) {
        log_line(&options->log, LOG_ERR, "%s", db.error);
        status = db.status;
    }
    db_close(&db);
    return status;
}

const struct command command_status = {
    .name = "status",
    .operands = "",
    .options = "j",
    .summary = "Tells what is in the database, and who is at it",
    .help = "The database's schema and size, the rows by type, the matches and how many are\n"
            "under way, who polls for new rows, how fresh the ring of the newest is, and how\n"
            "many connections wait.  Connections of other users only root can count.  Changes\n"
            "nothing.\n",
    .run = run,
};
