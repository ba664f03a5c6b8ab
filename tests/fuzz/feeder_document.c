/*
 * Fuzz target: a byte that chooses a format, then a document of any bytes.
 *
 * The format makes updates of a document that is JSON, or the document is refused (EX_DATAERR);
 * nothing in it makes the database fail.  The updates are the same every time, and in
 * proportion to the document's length.
 */
#include <string.h>
#include <sysexits.h>

#include "base/sqlite/db.h"
#include "base/text/json.h"
#include "base/text/utf8.h"
#include "feeder/input/format.h"
#include "feeder/store/sql.h"
#include "json.h"

#define UPDATES_MAX 200000 /* for a document of the fuzzer's length */

enum { DATA, KICKOFF, ELAPSED, PROBLEM };

static const char *const formats[] = {sql_import_livescore, sql_import_openfootball,
                                      sql_import_football_data, sql_import_statsbomb};

#define FORMATS (sizeof formats / sizeof *formats)

static struct failure failure;
static struct playlist list; /* formats run in its database */
static struct sqlite3_stmt *queries[FORMATS], *is_json;

static void init(void)
{
    must(playlist_open(&list, "the document", &failure) == 0 &&
         db_prepare(&list.db, sql_is_json, &is_json) == 0);
    for (size_t i = 0; i < FORMATS; i++)
        must(db_prepare_query(&list.db, formats[i], &queries[i]) == 0);
}

static bool says(const char *document)
{
    bool valid;

    db_bind_string(is_json, 1, document);
    must(db_step(&list.db, is_json) == 1);
    valid = db_column_int(is_json, 0) != 0;
    db_reset(is_json);
    return valid;
}

/* A hash of all rows. */
static uint64_t run(struct sqlite3_stmt *query, const char *document)
{
    uint64_t hash = 0;
    int rc;

    db_bind_string(query, 1, document);
    db_bind_string(query, 2, "15946");
    for (int n = 0; (rc = db_step(&list.db, query)) == 1; n++) {
        must(n < UPDATES_MAX && !db_column_is_null(query, DATA));
        for (int i = 0; i < db_column_count(query); i++) {
            struct span text = db_column_text(query, i);
            must(!memchr(text.at, '\0', text.len));
            hash = hash * 31 + must_hash(text.at, text.len);
        }
    }
    if (rc < 0 && failure.status != EX_DATAERR)
        fprintf(stderr, "%s\n", failure.text);
    must(rc == 0 || failure.status == EX_DATAERR);
    db_reset(query);
    return hash;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    return seed % 16 == 0 ? LLVMFuzzerMutate(data, size, max)
                          : json_mutate(data, size, max, 1, seed / 16);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!is_json)
        init();
    if (size < 1)
        return 0;
    char *document = malloc(size);
    struct sqlite3_stmt *query = queries[data[0] % FORMATS];
    memcpy(document, data + 1, size - 1);
    document[size - 1] = '\0';
    format_guess((struct span){document, size - 1});
    size--;
    if (strlen(document) == size && utf8_valid(document, size) == size &&
        json_bad_colon(document, size) == size && says(document))
        must(run(query, document) == run(query, document));
    free(document);
    return 0;
}
