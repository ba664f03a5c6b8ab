/*
 * Adds updates to the log: a row for each event, one for a change of status, and the message.
 * The caller holds the transaction.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/sqlite/db.h"

#define IMPORT_TIME_MAX 32

struct import {
    struct db *db;
    struct sqlite3_stmt *read, *events, *status, *score, *insert, *now;
    int64_t now_ms; /* when created_at was last determined */
    char created_at[IMPORT_TIME_MAX];
    int64_t rows; /* inserted since import_open */
};

/* These return 0, or -1 with db->failure. */
int import_open(struct import *import, struct db *db);

/*
 * Imports one update, a C string in UTF-8; compact: it is minified.  If the update is improper,
 * the status is EX_DATAERR and the sentence says why, without naming the update; some rows may
 * have been written, so the caller rolls back.
 */
int import_update(struct import *import, const char *text, bool compact);

/* Inserts and counts one row, or all rows that a statement returns as type and data. */
int import_row(struct import *import, const char *match, const char *type, const char *data);
int import_rows(struct import *import, struct sqlite3_stmt *rows, const char *match);

/* Fails with the first error in the text as an update. */
int import_check(struct db *db, const char *text);

/* Fails if a JSON text lacks the shape of a document.  rest: NULL; or *rest becomes the text
 * without that place, allocated, if anything is left.  Other such places remain in it. */
int import_check_shape(struct db *db, const char *text, char **rest);

/* Fails because the text is not JSON, and says where, if this SQLite can tell. */
int import_fail_json(struct db *db, const char *text);

/* Ends a statement that finds errors, with rows of the place, what was expected and what was
 * found; rc: the result of db_ask.  Fails if there is a row. */
int import_judge(struct db *db, struct sqlite3_stmt *statement, int rc);
