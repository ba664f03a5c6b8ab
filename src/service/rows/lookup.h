/* A single query: one short read of a statement's rows, without waiting for changes. */
#pragma once

#include "base/sqlite/db.h"
#include "service/rows/row.h"
#include "service/rows/sql.h"

/* Binds the statement's parameters and steps through it.  Returns 0, or -1 on failure. */
typedef int lookup_read(void *context, struct db *db, struct sqlite3_stmt *statement);

/* Opens the database, passes a statement to read, and closes the database.  The statement finds
 * in matches and match_events only what `only` admits; NULL: all.  Returns 0, or -1 with
 * *failure. */
int lookup(const char *path, const struct filter *only, const char *sql, lookup_read *read,
           void *context, struct failure *failure);
