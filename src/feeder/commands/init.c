/* feeder init: makes the database. */
#include <stddef.h>

#include "feeder/command.h"
#include "feeder/store/database.h"

static int run(const struct options *options)
{
    struct db db;
    bool created;
    int status = 0;

    if (database_open(&db, options->db_path, 0, &created) < 0) {
        log_line(&options->log, LOG_ERR, "%s", db.error);
        status = db.status;
    } else if (!options->quiet) {
        log_line(&options->log, LOG_INFO, created ? "%s: created" : "%s: is one already",
                 options->db_path);
    }
    db_close(&db);
    return status;
}

const struct command command_init = {
    .name = "init",
    .operands = "",
    .options = "",
    .summary = "Makes an empty livescore database",
    .help = "Does nothing to a database that is one already, and refuses to touch one of\n"
            "another program.  The files DB-wal and DB-shm beside it belong to it: they stay,\n"
            "so that a service which may only read finds them.\n",
    .run = run,
};
