/* feeder void: takes one event back. */
#include <sysexits.h>

#include "base/buf.h"
#include "feeder/command.h"
#include "feeder/commands/outcome.h"
#include "feeder/store/database.h"

static enum event_result take_back(struct db *db, const struct options *options, int64_t voids,
                                   int64_t *id, char error[EVENT_ERROR_MAX])
{
    if (database_open_existing(db, options->db_path) < 0)
        return EVENT_FAILED;
    return event_void(db, voids, id, error);
}

static int run(const struct options *options)
{
    struct db db = {0};
    const char *word = options->operands[0];
    char error[EVENT_ERROR_MAX];
    int64_t voids, id = 0;

    if (span_to_int(span_of(word), INT64_MAX, &voids) < 0) {
        log_line(&options->log, LOG_ERR, "ID: expected the id of a row, a number, found %s",
                 word);
        return EX_USAGE;
    }
    enum event_result result = take_back(&db, options, voids, &id, error);
    int status = outcome_report(options, &db, result, id, error);
    db_close(&db);
    return status;
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
