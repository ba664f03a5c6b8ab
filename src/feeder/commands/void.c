/* feeder void: voids one event. */
#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>

#include "feeder/command.h"
#include "feeder/store/database.h"
#include "feeder/store/event.h"

static int run(const struct options *options, struct failure *failure)
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

const struct command command_void = {
    .name = "void",
    .operands = "ID",
    .operand_count = 1,
    .options = "",
    .summary = "Voids one event, and corrects the score",
    .help = "Inserts a row of type void, whose data name the row that no longer counts and\n"
            "repeat its content, and a message with the match's state without it: a goal is\n"
            "taken off the score; the last change of status is undone.  Prints the id of the\n"
            "new row.  To replace an event in one step, use 'feeder add' with \"voids\".\n",
    .run = run,
};
