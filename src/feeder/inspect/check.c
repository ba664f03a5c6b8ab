/* Uses stat(2) and locks.  Opens files only while SQLite has none open. */
#include "feeder/inspect/check.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/files/beside.h"
#include "base/files/ring_file.h"
#include "base/process/clock.h"
#include "base/process/stop.h"
#include "base/sqlite/queue.h"
#include "feeder/inspect/watch.h"
#include "feeder/store/sql.h"

#define WAL_TRIES    10
#define WAL_PAUSE_MS 100

/* SQLite's read marks in a -shm, https://www.sqlite.org/walformat.html */
#define MARK_FIRST 123
#define MARK_LAST  127

void check_say(struct check *c, enum check_kind kind, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
    c->said[kind]++;
}

void check_wal(struct db *db, struct wal_state *wal)
{
    struct sqlite3_stmt *statement = NULL;

    wal->litestream = db_ask(db, &statement, sql_check_litestream, "") == 1;
    db_finalize(statement);
    for (int i = 0; !wal->litestream && i < WAL_TRIES; i++) {
        if (db_ask(db, &statement, sql_checkpoint, "") == 1) {
            wal->pages = db_column_int(statement, 1);
            wal->left = wal->pages - db_column_int(statement, 2);
        }
        db_finalize(statement);
        if (wal->left <= 0)
            return;
        stop_sleep(clock_ms() + WAL_PAUSE_MS);
    }
}

static int64_t holder(int fd, off_t byte)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};

    return fcntl(fd, F_GETLK, &lock) < 0 || lock.l_type == F_UNLCK ? 0 : lock.l_pid;
}

/* A process in a transaction that reads, or 0. */
static int64_t reader(const char *shm)
{
    int64_t pid = 0;
    int fd = open(shm, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

    for (off_t byte = MARK_FIRST; fd >= 0 && pid <= 0 && byte <= MARK_LAST; byte++)
        pid = holder(fd, byte);
    if (fd >= 0)
        close(fd);
    return pid;
}

/* Litestream holds such a transaction, except for the moment in which it restarts the -wal, so
 * that nothing else does. */
static void check_litestream(struct check *c, const char *shm)
{
    int64_t pid = 0;

    for (int i = 0; pid <= 0 && i < WAL_TRIES; i++) {
        pid = reader(shm);
        stop_sleep(clock_ms() + (pid > 0 ? 0 : WAL_PAUSE_MS));
    }
    if (pid > 0)
        check_say(c, CHECK_NOTED, "%s: replicated by Litestream, process %" PRId64, c->db_path,
                  pid);
    else
        check_say(
            c, CHECK_FOUND,
            "%s: Litestream does not run: a checkpoint makes it copy the whole database "
            "again, and until then its copy ages: start it; or, if it no longer replicates "
            "this database, 'DROP TABLE _litestream_seq; DROP TABLE _litestream_lock'",
            c->db_path);
}

void check_readers(struct check *c, const struct wal_state *wal)
{
    char path[BESIDE_PATH_MAX];

    if (beside_path(path, sizeof path, c->db_path, "-shm") < 0)
        return;
    if (wal->litestream)
        check_litestream(c, path);
    if (wal->left <= 0)
        return;
    int64_t pid = reader(path);
    if (pid > 0)
        check_say(c, CHECK_FOUND,
                  "%s-wal: %" PRId64 " of %" PRId64 " pages can't be moved into the "
                  "database: process %" PRId64 " is in a transaction: end it",
                  c->db_path, wal->left, wal->pages, pid);
    else
        check_say(c, CHECK_FOUND,
                  "%s-wal: %" PRId64 " of %" PRId64 " pages can't be moved into the "
                  "database: a process is in a transaction: 'fuser %s-shm' lists candidates",
                  c->db_path, wal->left, wal->pages, c->db_path);
}

void check_service(struct check *c)
{
    struct watch watch;
    struct stat st;

    watch_service(&watch, c->db_path);
    if (watch.ring == WATCH_NOT_A_RING)
        check_say(c, CHECK_FOUND,
                  "%s-ring: not a ring: delete it, and the service creates a new one",
                  c->db_path);
    if (watch.poller > 0 && (watch.silence_ms < 0 || watch.silence_ms > RING_SILENT_MS))
        check_say(c, CHECK_FOUND,
                  "%s-ring: the poller, process %" PRId64
                  ", shows no sign of life: 'kill -CONT %" PRId64 "', or end it",
                  c->db_path, watch.poller, watch.poller);
    if (beside_stat(c->db_path, "-bell", &st) == 0 && !S_ISFIFO(st.st_mode))
        check_say(c, CHECK_FOUND,
                  "%s-bell: not a FIFO: delete it, and the service creates a new one",
                  c->db_path);
    if (beside_stat(c->db_path, QUEUE_SUFFIX, &st) == 0 && !S_ISREG(st.st_mode))
        check_say(c, CHECK_FOUND,
                  "%s" QUEUE_SUFFIX ": not a file: delete it, and writers create a new one",
                  c->db_path);
}
