/* The database as feeder opens it: for writing, created if missing (but never through a link),
 * with its -wal and -shm kept. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/sqlite/db.h"

#define DATABASE_BUSY_MS 5000 /* to wait for another writer */

/* Configures SQLite for the expected input (see below).  database_open does so too, but only
 * before the first db_open of a process does it have an effect. */
void database_expect(const char *path, int64_t input);

/* Returns 0 or -1; call db_close in either case.  input: the bytes of updates to come, or -1 if
 * unknown.  *created: whether this call created it. */
int database_open(struct db *db, const char *path, int64_t input, bool *created,
                  struct failure *failure);

/* The same, but fails if the database is missing.  access: DB_WRITE or DB_UPGRADE. */
int database_open_existing(struct db *db, const char *path, enum db_access access,
                           struct failure *failure);

/* Whether the file exists and is not empty. */
bool database_is_there(const char *path);

/* Opens an empty one in memory, for data that is not kept. */
int database_open_scratch(struct db *db, struct failure *failure);
