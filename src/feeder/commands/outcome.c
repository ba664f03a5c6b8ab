/* An id for a script, or a reason for a person. */
#include "feeder/commands/outcome.h"

#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>

int outcome_report(const struct options *options, const struct db *db, enum event_result result,
                   int64_t id, const char *error)
{
    switch (result) {
    case EVENT_DONE:
        if (!options->quiet)
            printf("%" PRId64 "\n", id);
        return EX_OK;
    case EVENT_BAD: log_line(&options->log, LOG_ERR, "%s", error); return EX_DATAERR;
    default: log_line(&options->log, LOG_ERR, "%s", db->error); return db->status;
    }
}
