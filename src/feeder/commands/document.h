/* Loads documents that say what their source knows now. */
#pragma once

#include "base/sqlite/db.h"
#include "feeder/command.h"
#include "feeder/input/source.h"

/* Merges what is new in the document, in one transaction, and reports it.  Returns as a command
 * does. */
int document_load(const struct options *options, struct source *source, struct db *db,
                  struct failure *failure);
