/*
 * What a format is: a SELECT that makes updates of a document.
 *
 * Its parameters are ?1, the document, a JSON text, and ?2, the name of the file without
 * its folder and what follows the last dot.  It may read the table statuses.  Its columns are,
 * in this order:
 *
 *     data      an update, JSON as UPDATES in feeder(1) describes it
 *     kickoff   when the match began, ISO 8601, UTC unless it says otherwise; or NULL
 *     elapsed   seconds from there to the update, breaks included; or NULL
 *     problem   a sentence: the document is refused for it; or NULL
 *
 * All but the first may be left out.  The updates of one match are in their order.
 * The formats that feeder knows are in sql/import/; anybody can write another, which is
 * run where it can't reach anything (see db_prepare_query).
 */
#ifndef FEEDER_FORMAT_H
#define FEEDER_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "feeder/input/playlist.h"

#define FORMAT_FILE_MAX  (256 * 1024) /* bytes of a person's own SELECT */
#define FORMAT_HEAD      4096         /* bytes of a document that its format is guessed from */
#define FORMAT_SECONDS   60           /* for one document */
#define FORMAT_NAME_MAX  256
#define FORMAT_LIVESCORE "livescore"

struct format {
    const char *name; /* the caller's */
    const char *sql;
    char *own;                  /* what was read from a person's file, or NULL */
    struct sqlite3_stmt *query; /* once a document has come */
    bool day_off; /* the last document was a list of matches, and said that there are none */
};

/* The format called name, or the file of that path if it has a slash or ends in .sql.
 * Returns 0 or -1; format_free is due in either case, before the list that it was applied to is
 * closed. */
int format_find(struct format *format, const char *name, struct failure *failure);
void format_free(struct format *format);

/* Whether it is the format whose documents are updates. */
bool format_is_livescore(const struct format *format);

/* Whether its documents have the shape that import_check_shape looks for; what shape those of
 * other formats have is their own business. */
bool format_has_shape(const struct format *format);

/* The name of the format that a document beginning like this is in, or NULL. */
const char *format_guess(struct span head);

/* One line for each of those that feeder knows. */
void format_list(void);

/*
 * Adds the updates of a document to the list.  file: its name, from which ?2 is made;
 * place: where they say they are from, or NULL.  Returns 0, or -1 with list->db.failure: a
 * sentence that does not name the file.  live: the database, which need not be open; what it
 * knows of the document is left out (see parts.h).  NULL: nothing is.
 */
int format_apply(struct format *format, struct playlist *list, struct db *live,
                 const char *document, const char *file, const char *place);

#endif
