/* feeder add: inserts one event or message. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/json.h"
#include "feeder/command.h"
#include "feeder/store/database.h"
#include "feeder/store/event.h"

enum operand { MATCH, TYPE, JSON, OPERANDS };

static int check_json(const char *json, struct failure *failure)
{
    char problem[JSON_PROBLEM_MAX];
    size_t len = strlen(json), at = json_look(json, len, problem);

    return at == len ? 0
                     : failure_set(failure, EX_DATAERR, "JSON: byte %zu: %s", at + 1, problem);
}

/* Without a database, none is created for an event that would be refused. */
static int rehearse(const struct event *event, struct failure *failure)
{
    struct db db;
    int64_t id;
    int rc = database_open_scratch(&db, failure);

    if (rc == 0)
        rc = event_insert(&db, event, &id);
    db_close(&db);
    return rc;
}

static int run(const struct options *options, struct failure *failure)
{
    struct event event = {.match = options->operands[MATCH],
                          .type = options->operands[TYPE],
                          .data = options->operands[JSON]};
    struct db db;
    int64_t id;

    if (check_json(event.data, failure) < 0 ||
        (!database_is_there(options->db_path) && rehearse(&event, failure) < 0))
        return -1;
    int rc = command_open_database(options, &db, 0, failure);
    if (rc == 0)
        rc = event_insert(&db, &event, &id);
    if (rc == 0 && !options->quiet)
        printf("%" PRId64 "\n", id);
    db_close(&db);
    return rc;
}

const struct command command_add = {
    .name = "add",
    .operands = "MATCH TYPE JSON",
    .operand_count = OPERANDS,
    .options = "",
    .summary = "Puts in one event, and moves the score",
    .help =
        "Inserts an event of a match and, in the same transaction, a message with the\n"
        "match's state after it; prints the id of the event's row:\n\n"
        "  feeder add m1 kickoff '{\"home_team\":\"Ajax\",\"away_team\":\"PSV\"}'\n"
        "  feeder add m1 goal "
        "'{\"time\":\"23:15\",\"team\":\"home\",\"player\":\"Klaassen\"}'\n"
        "  feeder add m1 halftime '{\"time\":\"45+2\"}'\n\n"
        "goal, own-goal and penalty add to the score of \"team\" (of an own goal too: the\n"
        "side that it counts for), shootout-goal to its shoot-out.  kickoff, halftime,\n"
        "secondhalf, fulltime and their like move the status.  \"voids\":ID says which row\n"
        "the event corrects: that one no longer counts.  The teams begin a match that is\n"
        "not there yet.  A row of type message is the state of a match, and goes in as it\n"
        "is, as do other types where the match has no state.  The database is made if\n"
        "there is none.\n",
    .run = run,
};
