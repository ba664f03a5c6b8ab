/*
 * Puts updates into the log: one becomes a row for each of its events, one for
 * a change of status, and its message.  The caller holds the transaction.
 */
#ifndef FEEDER_IMPORT_H
#define FEEDER_IMPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/db.h"

#define IMPORT_ERROR_MAX 512
#define IMPORT_TIME_MAX  32

struct import {
    struct db *db;
    struct sqlite3_stmt *read, *events, *status, *score, *insert, *now;
    int64_t now_ms; /* of the clock, when created_at was asked for */
    char created_at[IMPORT_TIME_MAX];
    int64_t rows;                 /* written since import_open */
    char error[IMPORT_ERROR_MAX]; /* what is wrong with an update */
};

/* Returns 0 or -1 (see db->error); import_close is due in either case. */
int import_open(struct import *import, struct db *db);
void import_close(struct import *import);

/*
 * The text is one update, a C string in UTF-8; compact says that it is minified.
 *
 *  IMPORT_DONE    its rows are written
 *  IMPORT_BAD     it is not a proper update: import->error says why, and does not
 *                 name the update; some of its rows may have been written, so the
 *                 caller rolls back
 *  IMPORT_FAILED  the database can't take it: see db->error
 */
enum import_result { IMPORT_DONE, IMPORT_BAD, IMPORT_FAILED };

enum import_result import_update(struct import *import, const char *text, bool compact);

/* Whether it would be IMPORT_BAD, and why: IMPORT_DONE if not.  Nothing is written. */
enum import_result import_check(struct import *import, const char *text);

/* Inserts one row; counts it.  0, or -1 with db->error. */
int import_row(struct import *import, const char *match, const char *type, const char *data);

/* Writes the first thing that is wrong with the text as an update; nothing if nothing is. */
void import_explain(struct db *db, const char *text, char *error, size_t cap);

/* Writes where the text, which is JSON, has not the shape of a document; nothing if it has.
 * rest: NULL; or *rest becomes the text without that, to be freed, if one is left: the other
 * such places are as they were in it. */
void import_explain_shape(struct db *db, const char *text, char *error, size_t cap,
                          char **rest);

/* Writes that the text is not JSON, and where, if this SQLite can tell. */
void import_explain_json(struct db *db, const char *text, char *error, size_t cap);

#endif
