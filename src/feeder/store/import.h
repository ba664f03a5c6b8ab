/*
 * Puts updates into the log: each becomes a row for each of its events, one for a change of
 * status, and its message.  The caller holds the transaction.
 */
#ifndef FEEDER_IMPORT_H
#define FEEDER_IMPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/db.h"

#define IMPORT_TIME_MAX 32

struct import {
    struct db *db;
    struct sqlite3_stmt *read, *events, *status, *score, *insert, *now;
    int64_t now_ms; /* of the clock, when created_at was asked for */
    char created_at[IMPORT_TIME_MAX];
    int64_t rows; /* written since import_open */
};

/* These return 0, or -1 with db->failure.  import_close is due after import_open in either
 * case. */
int import_open(struct import *import, struct db *db);
void import_close(struct import *import);

/*
 * The text is one update, a C string in UTF-8; compact says that it is minified.  If it is no
 * proper update the status is EX_DATAERR, and the sentence says why but not which update; some
 * of its rows may have been written, so the caller rolls back.
 */
int import_update(struct import *import, const char *text, bool compact);

/* Inserts one row, or all that a statement makes, of a type and data each; counts them. */
int import_row(struct import *import, const char *match, const char *type, const char *data);
int import_rows(struct import *import, struct sqlite3_stmt *rows, const char *match);

/* Fails with the first thing that is wrong with the text as an update. */
int import_check(struct db *db, const char *text);

/* Fails where the text, which is JSON, has not the shape of a document.  rest: NULL; or *rest
 * becomes the text without that, to be freed, if one is left: the other such places are as they
 * were in it. */
int import_check_shape(struct db *db, const char *text, char **rest);

/* Fails, since the text is not JSON, and says where it ends to be, if this SQLite can tell. */
int import_fail_json(struct db *db, const char *text);

/* Ends a statement that finds what is wrong, a row of the place, what was expected there, and
 * what was found; rc: of db_ask.  Fails if there is one. */
int import_judge(struct db *db, struct sqlite3_stmt *statement, int rc);

#endif
