/*
 * The checks of feeder check around the database: readers that keep the -wal from being
 * emptied, the service's files, and the service's user.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/sqlite/db.h"

/* findings that remain; notes on what may be intended; repaired findings */
enum check_kind { CHECK_FOUND, CHECK_NOTED, CHECK_REPAIRED, CHECK_KINDS };

struct check {
    const char *db_path;
    const char *user; /* or NULL */
    bool repair;
    int said[CHECK_KINDS];
};

/* Prints a line, "PATH: what is wrong: remedy", and counts it. */
void check_say(struct check *c, enum check_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

struct wal_state {
    int64_t pages, left; /* in the -wal; of these, pages that can't be moved */
    bool litestream;     /* Litestream empties the -wal: nothing was moved */
};

/* Tries for a second to move all of the -wal into the database. */
void check_wal(struct db *db, struct wal_state *wal);

/* If that failed, finds the reader.  The database must be closed. */
void check_readers(struct check *c, const struct wal_state *wal);

void check_service(struct check *c);

/* Checks ownership: the database's owner must be able to use all files, and no other user may
 * have put them there. */
void check_owners(struct check *c);

/* Checks that the viewers' user can read everything and write nothing.  Returns 0, or -1 if
 * there is no such user. */
int check_user(struct check *c, struct failure *failure);
