/*
 * The only interface to SQLite: no other file includes sqlite3.h, except db_sqlite.h for those
 * that implement this one.
 *
 * A struct db is a connection to a livescore database, which sql/schema.sql describes.
 * Functions that can fail return -1 with the reason in db->failure.
 *
 * Never carry an open struct db over fork(2).  While one is open, never open and close the
 * database, its -wal or its -shm by hand: closing any descriptor of a file drops all of the
 * process's POSIX locks on it, including SQLite's (https://www.sqlite.org/howtocorrupt.html).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/files/file.h"
#include "base/process/failure.h"
#include "base/sqlite/queue.h"
#include "base/text/buf.h"

#define DB_APPLICATION_ID 0x4C535652 /* as in sql/schema.sql: "LSVR" */
#define DB_SCHEMA_VERSION 2          /* as in sql/schema.sql */
#define DB_ROW_DATA_MAX   (1 << 20)  /* bytes of a row's data, as in sql/schema.sql */
#define DB_WRITE_MS       5000       /* processor time of a writing statement */
#define DB_DEFAULT_PATH   "/var/lib/livescore/livescore.db"

struct sqlite3;
struct sqlite3_stmt;

enum db_access {
    DB_READ,      /* read-only, a livescore database of this version or older */
    DB_WRITE,     /* for writing, of this version */
    DB_UPGRADE,   /* for writing, of this version or older */
    DB_EMPTY_TOO, /* for writing, any file, even an empty one: check db_identity() */
};

enum db_identity {
    DB_OURS,    /* a livescore database of this version */
    DB_OLDER,   /* an earlier version: readable; 'feeder upgrade' upgrades it */
    DB_EMPTY,   /* no file, or an empty one */
    DB_NEWER,   /* a livescore database of a later version */
    DB_FOREIGN, /* another program's */
};

struct db {
    struct sqlite3 *handle; /* NULL: closed */
    const char *path;       /* the caller's; must outlive the struct */
    enum db_access access;
    int64_t deadline;        /* when statements are interrupted */
    int busy_ms;             /* to wait for a lock */
    int64_t busy_end;        /* when that wait ends */
    bool writing;            /* in a transaction begun by db_begin_write */
    int64_t step_end;        /* of the running statement, while writing; 0: not started */
    struct file_id file;     /* of the open file */
    struct queue queue;      /* of writers */
    bool has_queue;          /* queue is open */
    struct failure *failure; /* the caller's */
};

/*
 * For a program that writes much: saves SQLite's costs for threads and statistics.  large: the
 * database may exceed some 100 MB.  Call before the first db_open, or not at all.
 */
void db_init_for_bulk(bool large);

/*
 * Opens path.  Waits for a lock for at most busy_ms (but see db_begin_write).  With DB_READ, a
 * stop request (stop.h) also ends statements and waits.  Fails if a file beside path was
 * planted: a link as -wal, -shm or -journal, or another user's journal.  The struct must not
 * move until db_close, which may be called at any time: twice, or after a failed db_open.
 */
int db_open(struct db *db, const char *path, enum db_access access, int busy_ms,
            struct failure *failure);
void db_close(struct db *db);

/*
 * Opens an empty database private to this process, for working data and for queries from other
 * people, which see nothing else.  It spills to disk as needed, and is gone after db_close.
 * name stands for its path in messages.
 */
int db_open_private(struct db *db, const char *name, struct failure *failure);

/* Whether path no longer leads to the open file: replaced, gone, or never opened. */
bool db_replaced(const struct db *db);

int db_identity(struct db *db, enum db_identity *identity);

/* Like db_expect, by the file's header: for a database that db_open could not open for lack of
 * its -wal or -shm.  No connection of this process may be open. */
int db_peek(struct db *db);

/* Returns 0 for DB_OURS, and for DB_OLDER if the access allows it; otherwise -1 with the
 * reason. */
int db_expect(struct db *db, enum db_identity identity);

/* Lets this connection's scripts write to sqlite_schema, the only way to change the constraints
 * of a table. */
void db_unlock_schema(struct db *db);

/* Returns -1 if path is a symbolic or hard link: in a folder that others may write to, an empty
 * file of that name may be anyone's. */
int db_expect_direct(struct db *db);

/* Keeps -wal and -shm on closing: readers without write access to the folder need them. */
int db_keep_wal(struct db *db);

/* Makes this connection's statements fail after the deadline. */
void db_set_deadline(struct db *db, int64_t deadline);

/* Runs a script of statements, dropping any rows they return. */
int db_run(struct db *db, const char *script);

/*
 * db_begin_write waits for its turn (queue.h) and for SQLite's lock.  It fails only if, for
 * busy_ms, no other process has reached the front of the queue and none has committed.  Until
 * db_end, a statement that takes more than DB_WRITE_MS fails (its trigger may never end),
 * except in a script.  db_end commits if ok; else it rolls back, preserves db->failure and
 * returns -1.
 */
int db_begin_read(struct db *db);
int db_begin_write(struct db *db);
int db_end(struct db *db, bool ok);

/* Takes a turn only, for operations that begin a transaction themselves. */
int db_take_turn(struct db *db);
void db_leave_turn(struct db *db);

/*
 * Copies the current state of the database into the file at path, which must exist, be empty
 * and not be a link.  On failure its content is garbage.  Does not sync.  Stops early, with
 * EX_TEMPFAIL, when stop() returns true.
 */
int db_copy(struct db *db, const char *path, bool (*stop)(void));

/* Statements.  db_close finalizes those that the caller has not; db_finalize accepts NULL. */
int db_prepare(struct db *db, const char *sql, struct sqlite3_stmt **statement);
void db_finalize(struct sqlite3_stmt *statement);

/*
 * The same for a query from outside: one SELECT, which may read its parameters, what json_each
 * and json_tree make of them, and the table statuses; no other table, file or setting.  Errors
 * name the line.
 */
int db_prepare_query(struct db *db, const char *sql, struct sqlite3_stmt **statement);

/* Parameters count from 1. */
void db_bind_int(struct sqlite3_stmt *statement, int parameter, int64_t n);
void db_bind_copy(struct sqlite3_stmt *statement, int parameter, struct span text);

/* A C string that is borrowed until the next bind or reset.  SQLite's functions need
 * NUL-terminated arguments; without knowing of a NUL, each call copies the text. */
void db_bind_string(struct sqlite3_stmt *statement, int parameter, const char *text);

/* The number of the parameter with this name, such as ":day"; 0: the statement has none. */
int db_parameter(struct sqlite3_stmt *statement, const char *name);

/* Returns 1 for a row, 0 at the end, or -1. */
int db_step(struct db *db, struct sqlite3_stmt *statement);

/*
 * All parameters at once.  types has a letter for each: s, a C string or NULL; i, an int64_t.
 * db_bind binds them.  db_ask first prepares the statement, and then steps to its first row
 * (finalize it in any case).  db_execute steps and resets.  db_do does all of it, for a single
 * use.
 */
void db_bind(struct sqlite3_stmt *statement, const char *types, ...);
int db_ask(struct db *db, struct sqlite3_stmt **statement, const char *sql, const char *types,
           ...);
int db_execute(struct db *db, struct sqlite3_stmt *statement, const char *types, ...);
int db_do(struct db *db, const char *sql, const char *types, ...);

/* Releases what a statement holds.  db->failure survives. */
void db_reset(struct sqlite3_stmt *statement);

/* Columns count from 0.  NULL reads as 0 or empty text.  Text is valid until the next step or
 * reset. */
int64_t db_column_int(struct sqlite3_stmt *statement, int column);
struct span db_column_text(struct sqlite3_stmt *statement, int column);
int db_column_count(struct sqlite3_stmt *statement);
bool db_column_is_null(struct sqlite3_stmt *statement, int column);

/* Rows that the last statement changed, not counting its triggers. */
int64_t db_changes(const struct db *db);

/* For --version. */
const char *db_library_version(void);
