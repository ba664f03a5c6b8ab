/*
 * What the schema of a database should be, and the statements that make it so.
 *
 * It is not written down a second time: an empty database in memory, made by sql/schema.sql,
 * has the one to look at beside it, as "live".  feeder check says what is different, feeder
 * upgrade puts it right.
 */
#ifndef FEEDER_SCHEMA_H
#define FEEDER_SCHEMA_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/db.h"

/* Opens the database in memory, with the one at path beside it; may write to its sqlite_schema.
 * Returns 0 or -1; db_close is due in either case. */
int schema_open(struct db *fresh, const char *path, struct failure *failure);

/* A sentence about a difference, and whether schema_mend puts it right. */
typedef void schema_found(void *context, struct span text, bool mends);

/* Calls found for each difference.  Returns 0 or -1. */
int schema_compare(struct db *fresh, schema_found *found, void *context);

/* Puts right what can be, in the caller's transaction.  The same. */
int schema_mend(struct db *fresh);

#endif
