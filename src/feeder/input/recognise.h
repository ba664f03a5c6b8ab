/*
 * Finds matches that the database knows under an id other than their document's, and gives them
 * that id in a playlist.
 */
#pragma once

#include "base/sqlite/db.h"
#include "feeder/input/playlist.h"

/* Call before reading the list or its course.  Returns 0 or -1. */
int recognise_matches(struct db *live, struct playlist *list);
