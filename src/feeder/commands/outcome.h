/* What the commands that put in one event say of it. */
#ifndef FEEDER_OUTCOME_H
#define FEEDER_OUTCOME_H

#include "feeder/options.h"
#include "feeder/store/event.h"

/* Prints the id of the row that was inserted, or logs why there is none.  Returns the exit
 * code. */
int outcome_report(const struct options *options, const struct db *db, enum event_result result,
                   int64_t id, const char *error);

#endif
