/* feeder init: creates the database. */
#include <stddef.h>
#include <sysexits.h>

#include "feeder/command.h"
#include "feeder/store/database.h"

static int open_database(const struct options *options, struct db *db, int64_t input,
                         bool *created, struct failure *failure)
{
    int rc = database_open(db, options->db_path, input, created, failure);

    if (rc == 0 && *created && !options->quiet)
        log_line(&options->log, LOG_INFO, "%s: created", options->db_path);
    return rc;
}

int command_open_database(const struct options *options, struct db *db, int64_t input,
                          struct failure *failure)
{
    bool created;

    return open_database(options, db, input, &created, failure);
}

int init_run(const struct options *options, struct failure *failure)
{
    struct db db;
    bool created;
    int rc = open_database(options, &db, 0, &created, failure);

    if (rc == 0 && !created && !options->quiet)
        log_line(&options->log, LOG_INFO, "%s: already a livescore database", options->db_path);
    db_close(&db);
    return rc;
}
