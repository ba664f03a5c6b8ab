/* feeder cursor: prints the end of the log. */
#include <inttypes.h>
#include <stdio.h>

#include "feeder/command.h"
#include "feeder/store/database.h"
#include "feeder/store/sql.h"

static int run(const struct options *options, struct failure *failure)
{
    struct sqlite3_stmt *statement = NULL;
    struct db db = {0};
    int64_t head = 0;
    int rc = 0;

    if (database_is_there(options->db_path)) {
        rc = db_open(&db, options->db_path, DB_READ, DATABASE_BUSY_MS, failure);
        if (rc == 0 && (rc = db_prepare(&db, sql_cursor, &statement)) == 0)
            rc = db_step(&db, statement);
        head = rc == 1 ? db_column_int(statement, 0) : 0;
        db_finalize(statement);
        db_close(&db);
    }
    if (rc >= 0)
        printf("%" PRId64 "\n", head);
    return rc < 0 ? -1 : 0;
}

const struct command command_cursor = {
    .name = "cursor",
    .operands = "",
    .options = "",
    .summary = "Prints the id of the newest row",
    .help = "Prints 0 if there is no row yet, or no database; creates none.\n",
    .run = run,
};
