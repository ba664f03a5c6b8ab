/*
 * A document as parts that stand by themselves, such as what it says about each match.  Those
 * that the database knows, since the same told of their matches last, are not read again.
 */
#ifndef FEEDER_PARTS_H
#define FEEDER_PARTS_H

#include "feeder/input/playlist.h"

/*
 * Divides the document of a format that comes with feeder, the SELECT sql, into the table part
 * of the list, and counts the matches of known parts in list->known.  live: the database; none
 * is open where it is to be created.  Returns 0 or -1.
 */
int parts_divide(struct playlist *list, struct db *live, const char *sql, const char *document);

#endif
