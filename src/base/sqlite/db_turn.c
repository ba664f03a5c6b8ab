/*
 * Begins and ends write transactions.  livescore's own programs take turns (queue.h); against
 * others, retries until SQLite's lock is free.
 *
 * A wait may last as long as something moves: a transaction commits, or another process writes
 * or reaches the front of the queue.  It ends after busy_ms without movement.
 */
#include "base/sqlite/db_sqlite.h"

#include "base/process/clock.h"
#include "base/process/stop.h"
#include "base/sqlite/sql.h"

#define STEP_MS     1    /* between attempts of the process at the front, or next to it */
#define STEP_MAX_MS 20   /* of those further back, or without a queue */
#define SHORT_MS    1000 /* until then, do not check what blocks */

/* Changes if anything moves. */
struct sight {
    int64_t version; /* the data version */
    int64_t writer;  /* process, or 0 */
    int64_t place;   /* front of the queue */
};

struct wait {
    int tries;
    int64_t end; /* when to check again */
    bool looked;
    struct sight seen;
    struct queue_front front; /* place -1: this process */
};

static int64_t data_version(struct db *db)
{
    struct sqlite3_stmt *statement = NULL;
    int64_t version = -1;

    if (db_ask(db, &statement, sql_data_version, "") == 1)
        version = db_column_int(statement, 0);
    db_finalize(statement);
    return version;
}

static void enter(struct db *db, struct wait *wait)
{
    const char *name = db_file_name(db);

    if (!db->has_queue && name) {
        queue_open(&db->queue, name);
        db->has_queue = true;
    }
    if (db->has_queue)
        queue_join(&db->queue);
    *wait = (struct wait){.end = clock_ms() + SHORT_MS, .front.place = -1};
}

static bool is_our_turn(struct db *db, struct wait *wait)
{
    wait->front = (struct queue_front){.place = -1};
    return !db->has_queue || queue_is_our_turn(&db->queue, &wait->front);
}

/* While the same process writes, a waiter that gives up its front place is no movement. */
static bool has_moved(const struct sight *before, const struct sight *now)
{
    return now->version != before->version || now->writer != before->writer ||
           (now->writer == 0 && now->place != before->place);
}

/* Returns -1 if nothing has moved for busy_ms. */
static int check_patience(struct db *db, struct wait *wait)
{
    if (clock_left(wait->end) > 0)
        return 0;
    struct sight now = {data_version(db), db_writer(db), wait->front.place};
    if (wait->looked && !has_moved(&wait->seen, &now))
        return -1;
    wait->looked = true;
    wait->seen = now;
    wait->end = clock_ms() + db->busy_ms;
    return 0;
}

/* Sleeps until the next attempt; returns -1 when out of patience. */
static int wait_on(struct db *db, struct wait *wait)
{
    int64_t step = STEP_MS;

    if (check_patience(db, wait) < 0)
        return -1;
    wait->tries++;
    if (wait->front.place >= 0)
        step = db->queue.place - wait->front.place;
    else if (!db->has_queue || db->queue.place < 0)
        step = wait->tries;
    stop_sleep(clock_ms() + (step < STEP_MAX_MS ? step : STEP_MAX_MS));
    return 0;
}

/* Bypasses SQLite's own wait, whose steps grow. */
static int try_to_begin(struct db *db)
{
    int busy_ms = db->busy_ms;

    db->busy_ms = 0;
    int rc = sqlite3_exec(db->handle, sql_begin_write, NULL, NULL, NULL);
    db->busy_ms = busy_ms;
    return rc;
}

static int wait_for_turn(struct db *db, bool begin)
{
    struct wait wait;
    int rc = SQLITE_OK;

    enter(db, &wait);
    while (!is_our_turn(db, &wait) || (begin && (rc = try_to_begin(db)) == SQLITE_BUSY))
        if (wait_on(db, &wait) < 0) {
            db_fail_locked(db, wait.front.pid);
            db_leave_turn(db);
            return -1;
        }
    if (rc == SQLITE_OK) {
        db->writing = begin;
        return 0;
    }
    db_leave_turn(db);
    return db_fail_sqlite(db);
}

int db_take_turn(struct db *db)
{
    return wait_for_turn(db, false);
}

void db_leave_turn(struct db *db)
{
    if (db->has_queue)
        queue_leave(&db->queue);
}

int db_begin_write(struct db *db)
{
    return wait_for_turn(db, true);
}

int db_end(struct db *db, bool ok)
{
    int rc = -1;

    db->writing = false;
    if (ok)
        rc = db_run(db, sql_commit);
    /* some failures have rolled back already */
    if (rc < 0 && !sqlite3_get_autocommit(db->handle))
        sqlite3_exec(db->handle, sql_rollback, NULL, NULL, NULL);
    db_leave_turn(db);
    return rc;
}
