/* feeder void: voids one event. */
#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>

#include "feeder/command.h"
#include "feeder/store/database.h"
#include "feeder/store/event.h"

int void_run(const struct options *options, struct failure *failure)
{
    struct db db;
    int64_t voids, id;

    if (span_to_int(span_of(options->operands[0]), INT64_MAX, &voids) < 0)
        return failure_set(failure, EX_USAGE,
                           "ID: expected the id of a row, a number, found %s",
                           options->operands[0]);
    int rc = database_open_existing(&db, options->db_path, DB_WRITE, failure);
    if (rc == 0)
        rc = event_void(&db, voids, &id);
    if (rc == 0 && !options->quiet)
        printf("%" PRId64 "\n", id);
    db_close(&db);
    return rc;
}
