/*
 * The parts of feeder check that look at what is around the database: readers that keep the
 * -wal from being emptied, the service's files, and the service's user.
 */
#ifndef FEEDER_CHECK_H
#define FEEDER_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/db.h"

/* What is wrong and remains so; what is no fault, and may be meant; what is put right. */
enum check_kind { CHECK_FOUND, CHECK_NOTED, CHECK_REPAIRED, CHECK_KINDS };

struct check {
    const char *db_path;
    const char *user; /* or NULL */
    bool repair;
    int said[CHECK_KINDS];
};

/* Prints a line, "PATH: what: remedy", and counts it. */
void check_say(struct check *c, enum check_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

struct wal_state {
    int64_t pages, left; /* in the -wal, and of them those that can't be moved */
};

/* Tries for a second to move all that is in the -wal into the database. */
void check_wal(struct db *db, struct wal_state *wal);

/* Who reads, if that was not possible.  The database must be closed. */
void check_readers(struct check *c, const struct wal_state *wal);

void check_service(struct check *c);

/* Whose the files are: the database's owner must be able to use all, and nobody else may have
 * put one there. */
void check_owners(struct check *c);

/* What the user of viewers may and may not do: read everything, write nothing.  0, or -1: there
 * is no such user. */
int check_user(struct check *c, struct failure *failure);

#endif
