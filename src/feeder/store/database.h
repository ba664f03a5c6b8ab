/* The database as feeder opens it: to write to, created if it is missing, its -wal and -shm
 * kept.  A missing one is not created through a link. */
#ifndef FEEDER_DATABASE_H
#define FEEDER_DATABASE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/db.h"

#define DATABASE_BUSY_MS 5000 /* how long to wait for another writer */

/* Sets SQLite up for what is to come, input as below; database_open does it too, but only
 * before the first db_open of a process does it have an effect. */
void database_expect(const char *path, int64_t input);

/* Returns 0 or -1; db_close is due in either case.  input: the bytes of updates to come, or -1
 * if that is not known.  *created: this call created it. */
int database_open(struct db *db, const char *path, int64_t input, bool *created,
                  struct failure *failure);

/* The same, but a missing database is an error.  access: DB_WRITE or DB_UPGRADE. */
int database_open_existing(struct db *db, const char *path, enum db_access access,
                           struct failure *failure);

/* Whether there is a file at path that is not empty. */
bool database_is_there(const char *path);

/* An empty one in memory, of which nothing remains. */
int database_open_scratch(struct db *db, struct failure *failure);

#endif
