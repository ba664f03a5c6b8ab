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
    .summary = "Takes one event back, and corrects the score",
    .help = "Inserts a row of type void, whose data name the row that no longer counts and\n"
            "repeat what it said, and a message with the match's state without it: a goal is\n"
            "taken off the score, a change of status goes back to the one before it if it was\n"
            "the last.  Prints the id of the new row.  To put something else in its place in\n"
            "one go, use 'feeder add' with \"voids\".\n",
    .run = run,
};
