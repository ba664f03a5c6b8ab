/* feeder add: inserts one event or message. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/text/json.h"
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

int add_run(const struct options *options, struct failure *failure)
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
