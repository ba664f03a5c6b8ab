/* feeder cursor: prints the end of the log. */
#include <inttypes.h>
#include <stdio.h>

#include "base/text/row_hash.h"
#include "feeder/command.h"
#include "feeder/store/database.h"
#include "feeder/store/sql.h"

int cursor_run(const struct options *options, struct failure *failure)
{
    struct sqlite3_stmt *statement = NULL;
    struct db db = {0};
    int64_t head = 0;
    uint64_t at = 0;
    int rc = 0;

    if (database_is_there(options->db_path)) {
        rc = db_open(&db, options->db_path, DB_READ, DATABASE_BUSY_MS, failure);
        if (rc == 0 && (rc = db_prepare(&db, sql_cursor, &statement)) == 0)
            rc = db_step(&db, statement);
        head = rc == 1 ? db_column_int(statement, 0) : 0;
        if (rc == 1 && options->at && !db_column_is_null(statement, 1))
            at = row_hash(head, db_column_text(statement, 1), db_column_text(statement, 2),
                          db_column_text(statement, 3));
        db_close(&db);
    }
    if (rc >= 0 && at != 0)
        printf("%" PRId64 "&at=%016" PRIx64 "\n", head, at);
    else if (rc >= 0)
        printf("%" PRId64 "\n", head);
    return rc < 0 ? -1 : 0;
}
