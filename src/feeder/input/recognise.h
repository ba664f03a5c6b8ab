/*
 * Matches that the database knows under an id that their document does not give them any more:
 * in a playlist they get the one that is there.
 */
#ifndef FEEDER_RECOGNISE_H
#define FEEDER_RECOGNISE_H

#include "base/db.h"
#include "feeder/input/playlist.h"

/* Before the list, or its course, is read.  Returns 0 or -1. */
int recognise_matches(struct db *live, struct playlist *list);

#endif
