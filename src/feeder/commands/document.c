/*
 * Loads a document that is loaded again whenever it changes: reads what is not known to be in
 * the log, and merges it match by match, all or nothing.
 */
#include "feeder/commands/document.h"

#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>

#include "feeder/input/recognise.h"
#include "feeder/store/database.h"
#include "feeder/store/merge.h"

static void report(const struct options *options, const struct source *source,
                   const struct merge *m)
{
    int64_t n = m->matches + source->list.known, rows = m->import.rows;
    char left_out[64] = "";

    if (options->quiet)
        return;
    if (source->left_out > 0)
        snprintf(left_out, sizeof left_out, ", %" PRId64 " left out", source->left_out);
    log_line(&options->log, LOG_INFO,
             "%s: %" PRId64 " match%s: %" PRId64 " new, %" PRId64 " changed, %" PRId64
             " as before%s; %" PRId64 " row%s",
             source->name, n, n == 1 ? "" : "es", m->fresh, m->changed,
             n - m->fresh - m->changed, left_out, rows, rows == 1 ? "" : "s");
}

/* In the transaction.  Updates keep their ids. */
static int merge_all(struct source *source, struct merge *m)
{
    struct db *db = m->import.db;
    struct playlist_match match;
    enum source_result found;

    if (!format_is_livescore(&source->format) && recognise_matches(db, &source->list) < 0)
        return -1;
    while ((found = source_match(source, &match)) == SOURCE_UPDATE)
        if (merge_match(m, match.id, match.message, match.events,
                        source->left_out > 0 ? 0 : match.part) < 0)
            return -1;
    if (found == SOURCE_FAILED)
        return -1;
    return source->digest == 0 || source->left_out > 0
               ? 0
               : merge_note(m, source->digest, m->matches + source->list.known);
}

/* Returns an exit code, or -1. */
static int merge(const struct options *options, struct source *source, struct db *db)
{
    struct merge m;
    int rc = -1;

    if (merge_open(&m, db) == 0 && db_begin_write(db) == 0) {
        rc = merge_all(source, &m);
        if (db_end(db, rc == 0 && !options->dry_run) < 0 && !options->dry_run)
            rc = -1;
        if (rc == 0) {
            report(options, source, &m);
        } else {
            rc = failure_log(db->failure, &options->log);
            if (!options->quiet)
                log_line(&options->log, LOG_INFO, "nothing was inserted");
        }
    }
    return rc == 0 && source->left_out > 0 ? EX_DATAERR : rc;
}

int document_load(const struct options *options, struct source *source, struct db *db,
                  struct failure *failure)
{
    bool there = database_is_there(options->db_path);
    struct merge known = {0};
    int rc = 0;

    if (there && command_open_database(options, db, source->bytes, failure) < 0)
        return -1;
    if (there)
        rc = merge_known(db, source->digest, &known.matches);
    if (rc == 1) {
        report(options, source, &known);
        return EX_OK;
    }
    if (rc == 0)
        rc = source_read(source, db);
    if (rc == 0 && !there) /* created once the document is known to be good */
        rc = options->dry_run ? database_open_scratch(db, failure)
                              : command_open_database(options, db, source->bytes, failure);
    return rc < 0 ? -1 : merge(options, source, db);
}
