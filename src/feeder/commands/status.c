/*
 * feeder status: what is in the database, and which processes use it.  Collects the facts that
 * SQLite does not know; SQL composes the output.
 */
#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>

#include "base/files/beside.h"
#include "base/files/ring_file.h"
#include "base/sqlite/sql.h"
#include "feeder/command.h"
#include "feeder/inspect/watch.h"
#include "feeder/store/database.h"
#include "feeder/store/sql.h"

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

static int print_metrics(struct db *db, const struct watch *w)
{
    char memory[METRICS_FACTS_MAX];
    struct sqlite3_stmt *facts = NULL, *s = NULL;
    struct buf own;

    buf_init(&own, memory, sizeof memory);
    buf_putc(&own, '{');
    if (w->unseen == 0)
        metrics_put(&own, "connections", w->connections);
    metrics_put_common(&own, db->path, w->ring == WATCH_RING ? &w->header : NULL);
    own.at[own.len - 1] = '}';
    buf_putc(&own, '\0');
    int rc = db_ask(db, &facts, sql_facts, "");
    if (rc == 1)
        rc =
            db_ask(db, &s, sql_metrics, "ssi", db_column_text(facts, 0).at, own.at, (int64_t)0);
    for (; rc == 1; rc = db_step(db, s))
        printf("%s", db_column_text(s, 0).at);
    db_finalize(s);
    db_finalize(facts);
    return rc;
}

static int print(struct db *db, const struct options *options)
{
    struct sqlite3_stmt *s = NULL;
    struct watch w;

    watch_service(&w, options->db_path);
    if (options->metrics)
        return print_metrics(db, &w);
    int rc = db_ask(db, &s, sql_status, "sisiiiii", db->path, beside_size(db->path, "-wal"),
                    watch_ring_name(w.ring), w.poller, w.silence_ms, w.last_id, w.connections,
                    w.unseen);
    if (rc == 1 && options->json)
        printf("%s\n", db_column_text(s, 0).at);
    else if (rc == 1)
        rc = print_text(db, &w, db_column_text(s, 0).at);
    db_finalize(s);
    return rc < 0 ? -1 : 0;
}

int status_run(const struct options *options, struct failure *failure)
{
    struct db db;
    int rc = db_open(&db, options->db_path, DB_READ, DATABASE_BUSY_MS, failure);

    if (rc == 0)
        rc = print(&db, options);
    db_close(&db);
    return rc;
}
