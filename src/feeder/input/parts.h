/*
 * A document as parts that stand by themselves, such as what it says about each match.  Those
 * that the database knows, since the same told of their matches last, are not read again.
 */
#ifndef FEEDER_PARTS_H
#define FEEDER_PARTS_H

#include "feeder/input/format.h"

/*
 * Divides the document of a format that comes with feeder, and counts the matches of known
 * parts in list->known.  live: the database; none is open where it is to be made.  Returns 0,
 * or -1 with list->db.error.
 */
int parts_divide(struct playlist *list, struct db *live, const struct format *format,
                 const char *document);

/* What is left of the document, which belongs to the statement: 1; 0: all of it is known; -1.
 */
int parts_left(struct playlist *list, const char *document, struct sqlite3_stmt **left);

/* Whether what is in the list tells of a match that a known part tells of, too: 1, 0 or -1. */
int parts_tied(struct playlist *list);

#endif
