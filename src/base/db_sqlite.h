/*
 * What the files of db.h share, and nobody else includes: SQLite itself, and how a
 * failure is put into words.
 */
#ifndef BASE_DB_SQLITE_H
#define BASE_DB_SQLITE_H

#include <sqlite3.h>

/* A program that finds an older library when it is started does not start: the functions that
 * came with 3.38 are missing, and ld.so says so. */
_Static_assert(SQLITE_VERSION_NUMBER >= 3038000,
               "livescore needs SQLite 3.38 (2022) or later: install a newer libsqlite3-dev");

#include "base/db.h"

/* The file that this connection writes to: its own or, where that is in memory, the one that
 * is attached as "live".  NULL: none. */
const char *db_file_name(const struct db *db);

/* The process that is in a transaction that writes, or 0: none is, or it can't be told. */
int64_t db_writer(const struct db *db);

/* These fill in db->failure.  Always -1.  The database is to be made, and its name is a link:
 */
int db_fail_link(struct db *db);

/* It is locked; front: the process at the front of the queue, or 0: */
int db_fail_locked(struct db *db, int64_t front);

/* What SQLite said last: */
int db_fail_sqlite(struct db *db);

#endif
