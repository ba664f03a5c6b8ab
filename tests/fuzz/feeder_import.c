/*
 * Fuzz target: the text of an update, inserted into a database that has a match.
 *
 * It is accepted as a whole, and every row satisfies the schema; or a sentence says what is
 * wrong with it. No text makes the database fail.
 */
#include <string.h>
#include <sysexits.h>

#include "base/sqlite/db.h"
#include "base/text/json.h"
#include "base/text/utf8.h"
#include "feeder/store/import.h"
#include "feeder/store/sql.h"
#include "json.h"

static struct failure failure;
static struct db db;
static struct import import;

static const char first[] = "{\"match_id\":\"m1\",\"home_team\":\"A\",\"away_team\":\"B\","
                            "\"score\":{\"home\":1,\"away\":0},"
                            "\"time\":\"12:00\",\"status\":\"First "
                            "Half\",\"events\":[{\"type\":\"goal\",\"team\":\"home\"}]}";

static void init(void)
{
    must(db_open(&db, ":memory:", DB_EMPTY_TOO, 0, &failure) == 0 &&
         db_run(&db, sql_schema) == 0);
    must(import_open(&import, &db) == 0 && db_begin_write(&db) == 0);
    must(import_update(&import, first, true) == 0 && db_end(&db, true) == 0);
}

static void check(const char *text, bool compact)
{
    int64_t before = import.rows;

    must(db_begin_write(&db) == 0);
    int rc = import_update(&import, text, compact);
    if (rc < 0 && failure.status != EX_DATAERR)
        fprintf(stderr, "%s\n", failure.text);
    must(rc == 0 ? import.rows > before : failure.status == EX_DATAERR && failure.text[0]);
    db_end(&db, false);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    return seed % 16 == 0 ? LLVMFuzzerMutate(data, size, max)
                          : json_mutate(data, size, max, 0, seed / 16);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!import.read)
        init();
    char *text = malloc(size + 1);
    memcpy(text, data, size);
    text[size] = '\0';
    if (strlen(text) == size && utf8_valid(text, size) == size &&
        json_bad_colon(text, size) == size) {
        check(text, false);
        check(text, true);
    }
    free(text);
    return 0;
}
