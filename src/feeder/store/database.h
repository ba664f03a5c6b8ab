/* The database as feeder opens it: for writing, made if it is missing, its -wal and -shm kept.
 * A missing one is not made through a link. */
#ifndef FEEDER_DATABASE_H
#define FEEDER_DATABASE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/db.h"

#define DATABASE_BUSY_MS 5000 /* how long to wait for another writer */

/* Has SQLite set up for what is to come, input as below; database_open does it too, but
 * only the first db_open of a process comes in time. */
void database_expect(const char *path, int64_t input);

/* Returns 0 or -1 with db->error and db->status set; db_close is due in either
 * case.  input: the bytes of updates to come, or -1 if that is not known.
 * *created: it was made by this call. */
int database_open(struct db *db, const char *path, int64_t input, bool *created);

/* Whether a file is there that is not empty. */
bool database_is_there(const char *path);

/*
 * Where there is no database yet, *rehearsed is true and db is an empty one in memory, of which
 * nothing remains: to see whether what is to be inserted would be refused, before a file is
 * made for it.
 */
int database_rehearse(struct db *db, const char *path, bool *rehearsed);

/* The same for a command that has no use for a new one: a missing database is an error. */
int database_open_existing(struct db *db, const char *path);

/* The same, and one of an older version will do. */
int database_open_older(struct db *db, const char *path);

/* An empty one in memory, for what is not to be kept. */
int database_open_scratch(struct db *db);

#endif
