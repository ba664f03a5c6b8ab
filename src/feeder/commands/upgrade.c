/*
 * feeder upgrade: upgrades a database of an earlier version, in one transaction.
 *
 * sql/feeder/upgrade_from_N.sql has the version's special steps; any other difference from the
 * schema is repaired as by feeder check --repair (store/schema.h), in a database of this
 * version, too: an earlier program may have made it with fewer indexes.  The log is not
 * changed.
 */
#include <stdbool.h>
#include <stddef.h>
#include <sysexits.h>

#include "feeder/command.h"
#include "feeder/store/database.h"
#include "feeder/store/schema.h"
#include "feeder/store/sql.h"

struct upgrade {
    const struct options *options;
    struct db live, fresh;
    bool left; /* a difference can't be repaired */
};

static void say(const struct upgrade *u, int level, struct span text)
{
    log_line(&u->options->log, level, "%s: %.*s", u->options->db_path, (int)text.len, text.at);
}

static void take_difference(void *context, struct span text, bool mends)
{
    struct upgrade *u = context;

    (void)mends; /* all that could be is repaired already */
    u->left = true;
    say(u, LOG_ERR, text);
}

/* In the transaction: another process may have upgraded before it began. */
static int change(struct upgrade *u)
{
    enum db_identity identity;

    if (db_identity(&u->live, &identity) < 0)
        return -1;
    return (identity == DB_OLDER && db_run(&u->fresh, sql_upgrade_from_1) < 0) ||
                   schema_mend(&u->fresh) < 0 ||
                   schema_compare(&u->fresh, take_difference, u) < 0
               ? -1
               : 0;
}

/* Warns about matches that their documents will not recognise. */
static int tell_lost(struct upgrade *u)
{
    struct sqlite3_stmt *statement = NULL;
    int rc = db_ask(&u->live, &statement, sql_upgrade_ids, "");

    for (; rc == 1; rc = db_step(&u->live, statement))
        say(u, LOG_WARNING, db_column_text(statement, 0));
    db_finalize(statement);
    return rc;
}

static int upgrade(struct upgrade *u, struct failure *failure)
{
    const struct options *options = u->options;
    enum db_identity identity;

    if (database_open_existing(&u->live, options->db_path, DB_UPGRADE, failure) < 0 ||
        db_identity(&u->live, &identity) < 0)
        return -1;
    if (schema_open(&u->fresh, options->db_path, failure) < 0 || db_begin_write(&u->fresh) < 0)
        return -1;
    int rc = change(u);
    if (db_end(&u->fresh, rc == 0 && !u->left) < 0)
        return u->left ? EX_DATAERR : -1;
    if (identity == DB_OLDER && tell_lost(u) < 0)
        return -1;
    if (!options->quiet)
        log_line(&options->log, LOG_INFO,
                 identity == DB_OLDER ? "%s: upgraded to schema %d"
                                      : "%s: already has schema %d",
                 options->db_path, DB_SCHEMA_VERSION);
    return EX_OK;
}

int upgrade_run(const struct options *options, struct failure *failure)
{
    struct upgrade u = {.options = options};
    int rc = upgrade(&u, failure);

    db_close(&u.fresh);
    db_close(&u.live);
    return rc;
}
