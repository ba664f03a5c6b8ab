/*
 * The parts of feeder check that look at what is around the database: readers that keep the
 * -wal from being emptied, the service's files, and the service's user.
 */
#ifndef FEEDER_CHECK_H
#define FEEDER_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/db.h"
#include "base/log.h"

struct check {
    const struct log *log;
    const char *db_path;
    const char *user; /* or NULL */
    bool repair;
    int findings; /* that remain */
    int repaired;
};

/* Prints a finding: "PATH: what: remedy". */
void check_found(struct check *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same for what is no fault, and may be meant. */
void check_noted(struct check *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same for a finding that is put right. */
void check_repaired(struct check *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

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

/* What the user of viewers may and may not do: read everything, write nothing.  Returns an exit
 * code. */
int check_user(struct check *c);

#endif
