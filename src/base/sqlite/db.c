/* Opens, identifies, copies and closes databases; begins and ends transactions. */
#include "base/sqlite/db_sqlite.h"

#include <fcntl.h>
#include <malloc.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/files/beside.h"
#include "base/process/clock.h"
#include "base/process/stop.h"
#include "base/sqlite/sql.h"

#define PROGRESS_STEPS     10000 /* of the virtual machine, between checks of the clock: 0.1 ms */
#define BUSY_STEP_MS       25    /* at most, between attempts to get a lock */
#define HEADER_BYTES       100   /* of a database, with these two numbers in it */
#define HEADER_VERSION     60
#define HEADER_APPLICATION 68
#define COPY_PAGES         256 /* between checks for a stop request: a few milliseconds */

/*
 * A statement's journal has a few pages, and sometimes a few hundred in a database of 100 MB,
 * whose tree has more inner pages.  Once it outgrows its memory it moves to a file, as do all
 * later ones in the transaction: two writes for each page that a row touches.  Unlimited memory
 * avoids that, but comes in pieces of 1 KiB, which costs a tenth of the time.  A small database
 * needs only one piece, below 128 KiB: SQLite can't write more at once, and would report a full
 * disk.
 */
#define JOURNAL_SMALL   (120 * 1024)
#define JOURNAL_ENDLESS (-1)
#define TRIM_THRESHOLD  (8 << 20)

/* A trigger in the database may never end, and would block all other writers.  The limit is on
 * processor time, so a busy machine does not count, and starts at the first check, 0.1 ms into
 * the statement, so short ones cost nothing. */
static bool holds_others_up(struct db *db)
{
    if (!db->writing)
        return false;
    if (db->step_end == 0)
        db->step_end = clock_cpu_ms() + DB_WRITE_MS;
    return clock_cpu_ms() >= db->step_end;
}

/* Readers stop as soon as they are asked to.  Writers check at a safe point of their own. */
static int is_over(void *context)
{
    struct db *db = context;

    return clock_left(db->deadline) == 0 || holds_others_up(db) ||
           (db->access == DB_READ && stop_look());
}

/* Waits for a lock as SQLite's own handler does, but heeds is_over. */
static int wait_for_lock(void *context, int tries)
{
    struct db *db = context;
    int64_t now = clock_ms();

    if (tries == 0)
        db->busy_end = now + db->busy_ms;
    if (now >= db->busy_end || is_over(db))
        return 0;
    stop_sleep(now + (tries < BUSY_STEP_MS ? tries + 1 : BUSY_STEP_MS));
    return 1;
}

bool db_try_again(struct db *db, int *tries)
{
    return sqlite3_extended_errcode(db->handle) == SQLITE_READONLY_RECOVERY &&
           wait_for_lock(db, (*tries)++);
}

/* Keeps the schema of a foreign file from reaching outside it, and its queries from running
 * forever. */
static void be_defensive(struct db *db)
{
    sqlite3_extended_result_codes(db->handle, 0);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_progress_handler(db->handle, PROGRESS_STEPS, is_over, db);
}

/*
 * Writers run our schema's CHECKs and triggers.  SQLite 3.40 considers their JSON functions
 * unsafe, so with that library writers must trust the schema.  Even a trusted schema can't
 * reach outside the file: extensions are off, and so is fts3_tokenizer.  (Trust comes first, as
 * the test reads the schema and would fail on a CHECK.)
 */
static int trust_if_needed(struct db *db)
{
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 1, NULL);
    int rc = db_do(db, sql_json_is_safe, "");
    if (rc == 1)
        sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    return rc < 0 ? -1 : 0;
}

int db_expect(struct db *db, enum db_identity identity)
{
    switch (identity) {
    case DB_OLDER:
        if (db->access == DB_READ || db->access == DB_UPGRADE)
            return 0;
        return failure_set(
            db->failure, EX_CONFIG,
            "%s: made by an older livescore: run 'feeder -d %s upgrade' before writing to it",
            db->path, db->path);
    case DB_EMPTY:
        return failure_set(db->failure, EX_CONFIG,
                           "%s: empty: 'feeder -d %s init' makes it a livescore database",
                           db->path, db->path);
    case DB_NEWER:
        return failure_set(db->failure, EX_CONFIG,
                           "%s: made by a newer livescore: upgrade this one", db->path);
    case DB_FOREIGN:
        return failure_set(db->failure, EX_CONFIG,
                           "%s: another program's database, or the copy of one by '.dump' or "
                           "'.recover', which loses its identity: choose another file, or "
                           "copy with 'feeder backup'",
                           db->path);
    default: return 0;
    }
}

void db_init_for_bulk(bool large)
{
    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_config(SQLITE_CONFIG_URI, 0);
    sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, large ? JOURNAL_ENDLESS : JOURNAL_SMALL);
    /* or the kernel would get that journal's memory back after each statement */
    mallopt(M_TRIM_THRESHOLD, TRIM_THRESHOLD);
}

/* Process-wide.  SQLite refuses it once in use, when the settings are in force already. */
static void configure(void)
{
    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD); /* no mutexes: 2 % of an open and a snapshot */
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* no memory statistics: 3 % */
    sqlite3_config(SQLITE_CONFIG_URI, 0);       /* "file:x.db" is a file name, too */
}

/* A user with access to the folder but not to the database may have planted the file.  SQLite
 * would write through a link, and play back a journal.  Opens none: closing it would drop
 * SQLite's locks. */
static int expect_own_files(struct db *db)
{
    static const char *const suffixes[] = {"-wal", "-shm", "-journal"};
    const char *name = sqlite3_db_filename(db->handle, "main"); /* with links resolved */
    char path[BESIDE_PATH_MAX];
    struct stat st, file;

    if (!name || stat(name, &st) < 0)
        return 0;
    for (int i = 0; i < 3; i++) {
        bool is_journal = i == 2;
        if (beside_path(path, sizeof path, name, suffixes[i]) < 0 || lstat(path, &file) < 0)
            continue;
        const char *why = beside_distrust(&file, S_IFREG, is_journal ? &st : NULL);
        if (why)
            return failure_set(db->failure, EX_NOINPUT,
                               "%s: %s, not made by SQLite%s: remove it", path, why,
                               is_journal ? ": it could change the database and delete other "
                                            "files"
                                          : "");
    }
    return 0;
}

bool db_replaced(const struct db *db)
{
    struct stat st;

    return !db->path || stat(db->path, &st) < 0 || !file_is(db->file, &st);
}

/* Opening a FIFO or a device would wait, or act on it.  SQLite refuses folders itself. */
static int expect_file(struct db *db, const struct stat *st)
{
    if (S_ISREG(st->st_mode) || S_ISDIR(st->st_mode))
        return 0;
    return failure_set(db->failure, EX_NOINPUT,
                       "%s: not a file that can hold a database: choose another, or remove it",
                       db->path);
}

int db_open(struct db *db, const char *path, enum db_access access, int busy_ms,
            struct failure *failure)
{
    static const int flags[] = {
        [DB_READ] = SQLITE_OPEN_READONLY,
        [DB_WRITE] = SQLITE_OPEN_READWRITE,
        [DB_UPGRADE] = SQLITE_OPEN_READWRITE,
        [DB_EMPTY_TOO] = SQLITE_OPEN_READWRITE,
    };
    enum db_identity identity = DB_OURS;
    struct stat st;

    *db = (struct db){.path = path,
                      .access = access,
                      .deadline = CLOCK_NEVER,
                      .busy_ms = busy_ms,
                      .failure = failure};
    if (stat(path, &st) == 0) {  /* before opening: if the file is replaced in between, */
        db->file = file_id(&st); /* db_replaced() errs on the safe side */
        if (expect_file(db, &st) < 0)
            return -1;
    }
    configure();
    if (sqlite3_open_v2(path, &db->handle, flags[access] | SQLITE_OPEN_NOMUTEX, NULL) !=
        SQLITE_OK) {
        if (!db->handle)
            return failure_set(db->failure, EX_OSERR, "%s: out of memory", path);
        db_fail_sqlite(db);
        goto fail;
    }
    sqlite3_busy_handler(db->handle, wait_for_lock, db);
    be_defensive(db);
    if (expect_own_files(db) < 0 || (access != DB_READ && trust_if_needed(db) < 0))
        goto fail;
    if (access != DB_EMPTY_TOO &&
        (db_identity(db, &identity) < 0 || db_expect(db, identity) < 0))
        goto fail;
    if (access == DB_READ && db_run(db, sql_reader) < 0)
        goto fail;
    return 0;
fail:
    db_close(db);
    return -1;
}

int db_open_private(struct db *db, const char *name, struct failure *failure)
{
    *db = (struct db){.path = name,
                      .access = DB_EMPTY_TOO,
                      .deadline = CLOCK_NEVER,
                      .failure = failure};
    configure();
    if (sqlite3_open_v2("", &db->handle,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK) {
        failure_set(db->failure, EX_OSERR, "%s: out of memory", name);
        db_close(db);
        return -1;
    }
    be_defensive(db);
    return db_run(db, sql_private);
}

void db_close(struct db *db)
{
    if (db->handle) { /* a stream that never had one maps no page of SQLite */
        for (sqlite3_stmt *s; (s = sqlite3_next_stmt(db->handle, NULL));)
            sqlite3_finalize(s);
        sqlite3_close(db->handle);
    }
    db->handle = NULL;
    if (db->has_queue)
        queue_close(&db->queue);
    db->has_queue = false;
}

static enum db_identity identify(int64_t application, int64_t version, bool has_tables)
{
    return application == 0 && version == 0 && !has_tables ? DB_EMPTY
           : application != DB_APPLICATION_ID              ? DB_FOREIGN
           : version > DB_SCHEMA_VERSION                   ? DB_NEWER
           : version == DB_SCHEMA_VERSION                  ? DB_OURS
           : version > 0                                   ? DB_OLDER
                                                           : DB_FOREIGN;
}

int db_identity(struct db *db, enum db_identity *identity)
{
    struct sqlite3_stmt *statement = NULL;
    int rc = -1;

    if (db_ask(db, &statement, sql_identity, "") == 1) {
        *identity = identify(db_column_int(statement, 0), db_column_int(statement, 1),
                             db_column_int(statement, 2) > 0);
        rc = 0;
    }
    db_finalize(statement);
    return rc;
}

/* The header of SQLite's file format: big-endian numbers at fixed places. */
static int64_t header_number(const unsigned char *at)
{
    return (int64_t)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

int db_peek(struct db *db)
{
    unsigned char header[HEADER_BYTES];
    int fd = open(db->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    ssize_t n = fd < 0 ? -1 : read(fd, header, sizeof header);

    if (fd >= 0)
        close(fd);
    if (n != (ssize_t)sizeof header)
        return -1;
    return db_expect(db, identify(header_number(header + HEADER_APPLICATION),
                                  header_number(header + HEADER_VERSION), true));
}

void db_unlock_schema(struct db *db)
{
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
}

/* SQLite resolves symbolic links only when it opens a file; its name for the file is the
 * target's. */
static bool is_direct(struct sqlite3 *handle, const char *path)
{
    const char *name = sqlite3_db_filename(handle, "main");
    struct stat named, opened;

    return lstat(path, &named) == 0 && S_ISREG(named.st_mode) && named.st_nlink == 1 && name &&
           stat(name, &opened) == 0 && file_is_same(&named, &opened);
}

int db_expect_direct(struct db *db)
{
    return is_direct(db->handle, db->path) ? 0 : db_fail_link(db);
}

int db_keep_wal(struct db *db)
{
    int on = 1;

    if (sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_PERSIST_WAL, &on) != SQLITE_OK)
        return db_fail_sqlite(db);
    return 0;
}

void db_set_deadline(struct db *db, int64_t deadline)
{
    db->deadline = deadline;
}

int db_run(struct db *db, const char *script)
{
    int tries = 0;

    db->step_end = CLOCK_NEVER;
    while (sqlite3_exec(db->handle, script, NULL, NULL, NULL) != SQLITE_OK)
        if (!db_try_again(db, &tries))
            return db_fail_sqlite(db);
    return 0;
}

int db_begin_read(struct db *db)
{
    return db_run(db, sql_begin_read);
}

/* The read transaction makes the copy one consistent state, and keeps writers from restarting
 * SQLite's backup. */
static int copy_pages(struct db *db, struct sqlite3 *to, bool (*stop)(void))
{
    struct sqlite3_backup *copy;
    int rc = sqlite3_exec(to, sql_scratch, NULL, NULL, NULL);

    if (rc != SQLITE_OK)
        return rc;
    copy = sqlite3_backup_init(to, "main", db->handle, "main");
    if (!copy)
        return sqlite3_errcode(to);
    while ((rc = sqlite3_backup_step(copy, COPY_PAGES)) == SQLITE_OK && !stop())
        ;
    sqlite3_backup_finish(copy);
    return rc == SQLITE_OK ? SQLITE_INTERRUPT : rc;
}

int db_copy(struct db *db, const char *path, bool (*stop)(void))
{
    struct sqlite3 *to = NULL;
    enum db_identity identity;
    int rc;

    if (db_begin_read(db) < 0)
        return -1;
    if (db_identity(db, &identity) < 0) /* the first read begins the transaction */
        return db_end(db, false);
    rc = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc == SQLITE_OK)
        rc = is_direct(to, path) ? copy_pages(db, to, stop) : SQLITE_CANTOPEN;
    sqlite3_close(to);
    if (rc == SQLITE_DONE)
        return db_end(db, true);
    db_end(db, false);
    if (rc == SQLITE_INTERRUPT)
        return failure_set(db->failure, EX_TEMPFAIL, "%s: stopped before it was complete",
                           path);
    if (rc == SQLITE_FULL)
        return failure_set(db->failure, EX_IOERR, "%s: the disk is full", path);
    return failure_set(db->failure, EX_IOERR, "%s: can't be copied to %s: %s", db->path, path,
                       sqlite3_errstr(rc));
}

int64_t db_changes(const struct db *db)
{
    return sqlite3_changes64(db->handle);
}

const char *db_library_version(void)
{
    return sqlite3_libversion();
}
