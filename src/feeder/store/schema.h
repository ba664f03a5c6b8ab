/*
 * Compares a database's schema with what it should be, and repairs it.
 *
 * The expected schema is not written down twice: an empty database in memory is created from
 * sql/schema.sql, and the one to check is attached as "live".  feeder check reports
 * differences, feeder upgrade repairs them.
 */
#pragma once

#include <stdbool.h>

#include "base/sqlite/db.h"
#include "base/text/buf.h"

/* Opens the database in memory and attaches the one at path; may write to its sqlite_schema.
 * Returns 0 or -1; call db_close in either case. */
int schema_open(struct db *fresh, const char *path, struct failure *failure);

/* Receives a sentence about a difference, and whether schema_mend repairs it. */
typedef void schema_found(void *context, struct span text, bool mends);

/* Calls found for each difference.  Returns 0 or -1. */
int schema_compare(struct db *fresh, schema_found *found, void *context);

/* Repairs what it can, in the caller's transaction.  Returns the same. */
int schema_mend(struct db *fresh);
