/*
 * Shared by the files that implement db.h, and by no others: SQLite itself, and the wording of
 * errors.
 */
#pragma once

#include <sqlite3.h>

/* With an older library at run time the program does not start: ld.so reports the functions of
 * 3.38 as missing. */
_Static_assert(SQLITE_VERSION_NUMBER >= 3038000,
               "livescore needs SQLite 3.38 (2022) or later: install a newer libsqlite3-dev");

#include "base/sqlite/db.h"

/* The file that this connection writes to: its own or, if that is in memory, the one attached
 * as "live".  NULL: none. */
const char *db_file_name(const struct db *db);

/* The process in a write transaction; 0: none, or unknown. */
int64_t db_writer(const struct db *db);

/* Whether to repeat what SQLite has just refused.  If a reader that can't write -shm looks at
 * its header while another process writes it, and that is done a moment later, SQLite takes the
 * header for damaged (SQLITE_READONLY_RECOVERY).  Waits as for a lock.  *tries: 0 at first. */
bool db_try_again(struct db *db, int *tries);

/* These fill in db->failure and return -1.  The database is to be created under the name of a
 * link: */
int db_fail_link(struct db *db);

/* It is locked; front: the process at the front of the queue, or 0: */
int db_fail_locked(struct db *db, int64_t front);

/* SQLite's last error: */
int db_fail_sqlite(struct db *db);
