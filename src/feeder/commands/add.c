/* feeder add: one event, or one message. */
#include <string.h>
#include <sysexits.h>

#include "base/json.h"
#include "base/utf8.h"
#include "feeder/command.h"
#include "feeder/commands/outcome.h"
#include "feeder/store/database.h"

enum operand { MATCH, TYPE, JSON, OPERANDS };

static int check_utf8(const struct options *options)
{
    static const char *const names[OPERANDS] = {"MATCH", "TYPE", "JSON"};

    for (int i = 0; i < OPERANDS; i++) {
        size_t len = strlen(options->operands[i]);
        if (utf8_valid(options->operands[i], len) < len) {
            log_line(&options->log, LOG_ERR, "%s: expected UTF-8, found something else",
                     names[i]);
            return -1;
        }
    }
    return 0;
}

static int check_json(const struct options *options)
{
    const char *json = options->operands[JSON];
    size_t len = strlen(json), colon = json_bad_colon(json, len);

    if (colon == len)
        return 0;
    log_line(&options->log, LOG_ERR, "JSON: byte %zu: expected JSON, found : behind a bracket",
             colon + 1);
    return -1;
}

static enum event_result rehearse(struct db *db, const struct options *options,
                                  const struct event *event, char error[EVENT_ERROR_MAX])
{
    enum event_result result = EVENT_DONE;
    bool rehearsed;
    int64_t id;

    if (database_rehearse(db, options->db_path, &rehearsed) < 0)
        return EVENT_FAILED;
    if (rehearsed)
        result = event_insert(db, event, &id, error);
    if (result == EVENT_DONE)
        db_close(db);
    return result;
}

static enum event_result add(struct db *db, const struct options *options, int64_t *id,
                             char error[EVENT_ERROR_MAX])
{
    struct event event = {.match = options->operands[MATCH],
                          .type = options->operands[TYPE],
                          .data = options->operands[JSON]};
    enum event_result result = rehearse(db, options, &event, error);
    bool created;

    if (result != EVENT_DONE)
        return result;
    if (database_open(db, options->db_path, 0, &created) < 0)
        return EVENT_FAILED;
    if (created && !options->quiet)
        log_line(&options->log, LOG_INFO, "%s: created", options->db_path);
    return event_insert(db, &event, id, error);
}

static int run(const struct options *options)
{
    struct db db = {0};
    char error[EVENT_ERROR_MAX];
    int64_t id = 0;

    if (check_utf8(options) < 0 || check_json(options) < 0)
        return EX_DATAERR;
    enum event_result result = add(&db, options, &id, error);
    int status = outcome_report(options, &db, result, id, error);
    db_close(&db);
    return status;
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
