/*
 * A document that is loaded again whenever it has changed: reads what is not known to be in,
 * and merges it match by match, all or nothing.
 */
#include "feeder/commands/document.h"

#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>

#include "feeder/input/recognise.h"
#include "feeder/store/database.h"
#include "feeder/store/merge.h"

static int fail_source(const struct options *options, const struct source *source)
{
    log_line(&options->log, LOG_ERR, "%s", source->error);
    return source->status;
}

static int fail_db(const struct options *options, const struct db *db)
{
    log_line(&options->log, LOG_ERR, "%s", db->error);
    return db->status;
}

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

/* Of a document; updates have the ids that they have. */
static int recognise(struct source *source, struct db *db)
{
    return format_is_livescore(&source->format) ? 0 : recognise_matches(db, &source->list);
}

static int merge_all(const struct options *options, struct source *source, struct merge *m)
{
    struct db *db = m->import.db;
    struct playlist_match match;
    enum source_result found;

    if (recognise(source, db) < 0)
        return fail_db(options, db);
    while ((found = source_match(source, &match)) == SOURCE_UPDATE)
        if (merge_match(m, match.id, match.message, match.events,
                        source->left_out > 0 ? 0 : match.part) < 0)
            return fail_db(options, db);
    if (found == SOURCE_FAILED)
        return fail_source(options, source);
    if (source->digest != 0 && source->left_out == 0 &&
        merge_note(m, source->digest, m->matches + source->list.known) < 0)
        return fail_db(options, db);
    return EX_OK;
}

static int merge(const struct options *options, struct source *source, struct db *db)
{
    struct merge m;
    int status;

    if (merge_open(&m, db) < 0 || db_begin_write(db) < 0) {
        status = fail_db(options, db);
    } else {
        status = merge_all(options, source, &m);
        bool keep = status == EX_OK && !options->dry_run;
        if (db_end(db, keep) < 0 && keep)
            status = fail_db(options, db);
        if (status == EX_OK)
            report(options, source, &m);
        else if (!options->quiet)
            log_line(&options->log, LOG_INFO, "nothing was inserted");
    }
    merge_close(&m);
    return status == EX_OK && source->left_out > 0 ? EX_DATAERR : status;
}

/* A database that is not there is made when the document is known to be good. */
static int open_database(const struct options *options, const struct source *source,
                         struct db *db, bool there)
{
    bool created = false;
    int rc = there || !options->dry_run
                 ? database_open(db, options->db_path, source->bytes, &created)
                 : database_open_scratch(db);

    if (rc < 0)
        return fail_db(options, db);
    if (created && !options->quiet)
        log_line(&options->log, LOG_INFO, "%s: created", options->db_path);
    return EX_OK;
}

int document_load(const struct options *options, struct source *source, struct db *db)
{
    bool there = database_is_there(options->db_path);
    int status = there ? open_database(options, source, db, there) : EX_OK;
    struct merge known = {0};

    if (status != EX_OK)
        return status;
    int rc = there ? merge_known(db, source->digest, &known.matches) : 0;
    if (rc < 0)
        return fail_db(options, db);
    if (rc == 1) {
        report(options, source, &known);
        return EX_OK;
    }
    if (source_read(source, db) < 0)
        return fail_source(options, source);
    if (!there)
        status = open_database(options, source, db, there);
    return status == EX_OK ? merge(options, source, db) : status;
}
