/*
 * Divides a document into independent parts, such as what it says about each match.  Parts that
 * the database knows, because they were the last to tell of their matches, are not read again.
 */
#pragma once

#include "feeder/input/playlist.h"

/*
 * Divides a document of a built-in format, the SELECT sql, into the list's table part, and
 * counts the matches of known parts in list->known.  live: the database; not open if it is yet
 * to be created.  Returns 0 or -1.
 */
int parts_divide(struct playlist *list, struct db *live, const char *sql, const char *document);
