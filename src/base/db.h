/*
 * The one door to SQLite: only db_sqlite.h, for the files behind this header, includes
 * sqlite3.h.
 *
 * A struct db is one connection to a livescore database; sql/schema.sql says
 * what is in it.  Functions that can fail return -1 and say why in db->failure.
 *
 * Never carry an open struct db over fork(2), and never open and close the
 * database's files, -wal and -shm included, by hand in a process that has one
 * open: closing any descriptor of a file drops all of the process's POSIX locks
 * on it, SQLite's too (https://www.sqlite.org/howtocorrupt.html).
 */
#ifndef BASE_DB_H
#define BASE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/failure.h"
#include "base/file.h"
#include "base/queue.h"

#define DB_APPLICATION_ID 0x4C535652 /* as in sql/schema.sql: "LSVR" */
#define DB_SCHEMA_VERSION 2          /* as in sql/schema.sql */
#define DB_ROW_DATA_MAX   (1 << 20)  /* bytes of one row's data, as in sql/schema.sql */
#define DB_WRITE_MS       5000       /* of processor time, for a statement that writes */
#define DB_DEFAULT_PATH   "/var/lib/livescore/livescore.db"

struct sqlite3;
struct sqlite3_stmt;

enum db_access {
    DB_READ,    /* read-only; the file must be a livescore database, of this version or older */
    DB_WRITE,   /* for writing; of this version */
    DB_UPGRADE, /* for writing; of this version or older */
    DB_EMPTY_TOO, /* for writing; may be an empty file, or anything: the caller asks
                   * db_identity() */
};

enum db_identity {
    DB_OURS,    /* a livescore database of this version */
    DB_OLDER,   /* of an earlier version: it can be read, and brought up ('feeder upgrade') */
    DB_EMPTY,   /* no file yet, or one without content */
    DB_NEWER,   /* a livescore database that this program is too old for */
    DB_FOREIGN, /* somebody else's */
};

struct db {
    struct sqlite3 *handle; /* NULL: closed */
    const char *path;       /* the caller's; must outlive the struct */
    enum db_access access;
    int64_t deadline;    /* of the clock: statements are interrupted there */
    int busy_ms;         /* for a lock */
    int64_t busy_end;    /* of the wait for one */
    bool writing;        /* in a transaction of db_begin_write */
    int64_t step_end;    /* then, of the statement that runs; 0: it has not begun to count */
    struct file_id file; /* that is open */
    struct queue queue;  /* of those who want to write */
    bool has_queue;      /* it is open */
    struct failure *failure; /* the caller's */
};

/*
 * For a program that writes much: spares SQLite what only threads and statistics
 * need.  large: the database may grow beyond some 100 MB.  Call it before the first
 * db_open, or not at all.
 */
void db_init_for_bulk(bool large);

/*
 * Opens path.  A wait for a lock ends after busy_ms (but see db_begin_write).  With DB_READ,
 * statements and waits also end when the process is told to stop (stop.h).  Fails if a file
 * beside it was planted: a link in the place of -wal, -shm or -journal, or another user's
 * journal.  The struct must not
 * move until db_close, which may be called at any time, also twice and after a
 * db_open that failed.
 */
int db_open(struct db *db, const char *path, enum db_access access, int busy_ms,
            struct failure *failure);
void db_close(struct db *db);

/*
 * A private database of this process, empty: working space, and a room without a view for
 * queries that others wrote.  It is gone when it is closed, and takes to the disk what
 * outgrows its cache.  name stands for its path in messages.
 */
int db_open_private(struct db *db, const char *name, struct failure *failure);

/* Whether path is no longer the file that is open: replaced, gone, or never opened. */
bool db_replaced(const struct db *db);

int db_identity(struct db *db, enum db_identity *identity);

/* -1 unless the identity is DB_OURS, or DB_OLDER where the access takes that: says why the
 * database can't be used. */
int db_expect(struct db *db, enum db_identity identity);

/* Lets scripts of this connection write to sqlite_schema: the rules of a table can be changed
 * there, and nowhere else. */
void db_unlock_schema(struct db *db);

/* -1 if what is open was found by a link, symbolic or hard: in a folder that others write to,
 * an empty file of that name may be anybody's. */
int db_expect_direct(struct db *db);

/* Leaves -wal and -shm behind at closing: readers that may not write into the
 * folder need them to be there. */
int db_keep_wal(struct db *db);

/* Statements of this connection fail once the clock passes deadline. */
void db_set_deadline(struct db *db, int64_t deadline);

/* Runs a script of one or more statements and drops the rows they return. */
int db_run(struct db *db, const char *script);

/*
 * db_begin_write waits for its turn (queue.h), and for SQLite's lock: it fails only when for
 * busy_ms no other process has come to the front of the queue, and none has committed.
 * Between it and db_end a statement that takes longer than DB_WRITE_MS fails, unless it is a
 * script: a trigger may never end.  db_end commits if ok, else rolls back and returns -1; what
 * it rolls back for stays in db->failure.
 */
int db_begin_read(struct db *db);
int db_begin_write(struct db *db);
int db_end(struct db *db, bool ok);

/* A turn without a transaction, for what begins one by itself. */
int db_take_turn(struct db *db);
void db_leave_turn(struct db *db);

/*
 * Copies the whole database, as it is at this moment, into the file at path, which must
 * exist and be empty, be no link, and is garbage if that fails.  Does not sync it.  Ends early,
 * with EX_TEMPFAIL, once stop() says so.
 */
int db_copy(struct db *db, const char *path, bool (*stop)(void));

/* Statements.  They belong to the caller, who finalizes them before db_close;
 * db_finalize takes NULL. */
int db_prepare(struct db *db, const char *sql, struct sqlite3_stmt **statement);
void db_finalize(struct sqlite3_stmt *statement);

/*
 * The same for a query that somebody else wrote: one SELECT, which reads its parameters,
 * what json_each and json_tree make of them, and the table statuses, and nothing else: no other
 * table, no file, no setting.  What is wrong with it is said with its line.
 */
int db_prepare_query(struct db *db, const char *sql, struct sqlite3_stmt **statement);

/* Parameters count from 1.  Text is borrowed until the next bind or reset. */
void db_bind_int(struct sqlite3_stmt *statement, int parameter, int64_t n);
void db_bind_text(struct sqlite3_stmt *statement, int parameter, struct span text);

/* The same for text that is copied. */
void db_bind_copy(struct sqlite3_stmt *statement, int parameter, struct span text);

/* The same for a C string: SQLite's functions need a NUL behind their arguments, and where
 * they know of none, each call copies the text to add one. */
void db_bind_string(struct sqlite3_stmt *statement, int parameter, const char *text);

/* 1: there is a row; 0: there are no more; -1. */
int db_step(struct db *db, struct sqlite3_stmt *statement);

/*
 * All parameters at once: a letter of types for each, s a C string or NULL, i an int64_t.
 * db_bind binds them; db_ask prepares the statement before and steps to its first row (finalize
 * it, whatever comes); db_execute steps, and resets; db_do does all of it, for one use.
 */
void db_bind(struct sqlite3_stmt *statement, const char *types, ...);
int db_ask(struct db *db, struct sqlite3_stmt **statement, const char *sql, const char *types,
           ...);
int db_execute(struct db *db, struct sqlite3_stmt *statement, const char *types, ...);
int db_do(struct db *db, const char *sql, const char *types, ...);

/* Ends what a statement holds.  What made db_step fail stays in db->failure. */
void db_reset(struct sqlite3_stmt *statement);

/* Columns count from 0.  NULL reads as 0 and as an empty text.  Text lasts until
 * the next step or reset. */
int64_t db_column_int(struct sqlite3_stmt *statement, int column);
struct span db_column_text(struct sqlite3_stmt *statement, int column);
int db_column_count(struct sqlite3_stmt *statement);
bool db_column_is_null(struct sqlite3_stmt *statement, int column);

/* Rows that the last statement wrote itself, not counting its triggers. */
int64_t db_changes(const struct db *db);

/* SQLite's version and how it was built, for --version. */
const char *db_library_version(void);

#endif
