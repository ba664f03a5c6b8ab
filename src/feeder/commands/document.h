/* What load does with a document that says what its source knows now. */
#ifndef FEEDER_DOCUMENT_H
#define FEEDER_DOCUMENT_H

#include "base/db.h"
#include "feeder/command.h"
#include "feeder/input/source.h"

/* Puts in what is new in it, in one transaction, and says what that was.  Returns as a command
 * does. */
int document_load(const struct options *options, struct source *source, struct db *db,
                  struct failure *failure);

#endif
