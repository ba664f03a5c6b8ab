/* One look at the database: a statement's rows, in one short read that nothing waits for. */
#ifndef SERVICE_LOOKUP_H
#define SERVICE_LOOKUP_H

#include "base/db.h"
#include "service/rows/sql.h"

/* Binds the statement's parameters and steps through it.  Returns 0, or -1 if it fails. */
typedef int lookup_read(void *context, struct db *db, struct sqlite3_stmt *statement);

/* Opens the database, has one of the statements of sql.h read, and closes it.  Returns 0, or
 * -1 with *failure. */
int lookup(const char *path, const char *sql, lookup_read *read, void *context,
           struct failure *failure);

#endif
