/*
 * A format is a SELECT that turns a document into updates.
 *
 * Its parameters are ?1, the document as JSON text, and ?2, the file's name without its folder
 * and last suffix.  It may read the table statuses.  Its columns are, in this order:
 *
 *     data      an update, JSON as in UPDATES in feeder(1)
 *     kickoff   when the match began, ISO 8601, UTC by default; or NULL
 *     elapsed   seconds from there to the update, breaks included; or NULL
 *     problem   a sentence for which the document is refused; or NULL
 *
 * All but the first are optional.  The updates of a match come in order.  Built-in formats are
 * in sql/import/.  Users can write others, which run without access to anything else (see
 * db_prepare_query).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/text/buf.h"
#include "feeder/input/playlist.h"

#define FORMAT_FILE_MAX  (256 * 1024) /* bytes of a user's SELECT */
#define FORMAT_HEAD      4096         /* bytes of a document to guess the format from */
#define FORMAT_SECONDS   60           /* for one document */
#define FORMAT_NAME_MAX  256
#define FORMAT_LIVESCORE "livescore"

struct format {
    const char *name; /* the caller's */
    const char *sql;
    char *own;                  /* text of a user's file, or NULL */
    struct sqlite3_stmt *query; /* prepared for the first document */
    bool day_off;               /* the last document was an empty list of matches */
};

/* Finds the format called name, or reads the file name if it has a slash or ends in .sql.
 * Returns 0 or -1.  Call format_free in either case, before closing the list that it was
 * applied to. */
int format_find(struct format *format, const char *name, struct failure *failure);
void format_free(struct format *format);

/* Whether the format's documents are updates. */
bool format_is_livescore(const struct format *format);

/* Whether the format's documents have the shape that import_check_shape checks; other formats
 * define their own. */
bool format_has_shape(const struct format *format);

/* The name of the format of a document that begins with head, or NULL. */
const char *format_guess(struct span head);

/* Prints a line for each built-in format. */
void format_list(void);

/*
 * Adds a document's updates to the list.  file: its name, for ?2.  place: the origin of the
 * updates in messages, or NULL.  live: the database, open or not; what it knows of the document
 * is left out (see parts.h).  NULL: leave nothing out.  Returns 0, or -1 with list->db.failure,
 * a sentence without the file's name.
 */
int format_apply(struct format *format, struct playlist *list, struct db *live,
                 const char *document, const char *file, const char *place);
