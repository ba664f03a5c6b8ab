/*
 * Fuzz target: two versions of a document from one source: a byte that chooses the format, the
 * first, a NUL, the second.
 *
 * Both are merged into one log, or refused (EX_DATAERR); nothing in them makes the database
 * fail. Loading the second again changes nothing, even if only the log remembers what it said.
 */
#include <string.h>
#include <sysexits.h>

#include "base/sqlite/db.h"
#include "base/text/json.h"
#include "base/text/utf8.h"
#include "feeder/input/format.h"
#include "feeder/store/merge.h"
#include "feeder/store/sql.h"
#include "json.h"

static const char *const names[] = {"livescore", "openfootball", "football-data", "statsbomb"};

#define FORMATS (sizeof names / sizeof *names)

static struct format formats[FORMATS];
static struct playlist list;
static struct merge merge;
static struct db db;
static struct failure failure;

static void init(void)
{
    must(db_open(&db, ":memory:", DB_EMPTY_TOO, 0, &failure) == 0 &&
         db_run(&db, sql_schema) == 0);
    must(playlist_open(&list, "the document", &failure) == 0 && merge_open(&merge, &db) == 0);
    for (size_t i = 0; i < FORMATS; i++)
        must(format_find(&formats[i], names[i], &failure) == 0);
}

static bool is_text(const char *text, size_t len)
{
    return utf8_valid(text, len) == len && json_bad_colon(text, len) == len;
}

/* The fault is the document's, not the database's. */
static void must_be_refused(void)
{
    if (failure.status != EX_DATAERR)
        fprintf(stderr, "%s\n", failure.text);
    must(failure.status == EX_DATAERR);
}

/* From now on only the log knows the match. */
static void forget_match(const char *id)
{
    db_bind_string(merge.forget, 1, id);
    must(db_step(&db, merge.forget) == 0);
    db_reset(merge.forget);
}

/* Merges what the document says of each match.  forget: as if it were the first document.
 * Returns the number of rows, or -1 if it is refused. */
static int64_t load(struct format *format, const char *document, bool forget)
{
    int64_t before = merge.import.rows;
    struct playlist_match match;
    int rc;

    must(playlist_clear(&list) == 0);
    if (format_apply(format, &list, NULL, document, "15946.json", NULL) < 0) {
        must_be_refused();
        return -1;
    }
    must(playlist_drop(&list) == 0);
    if (playlist_follow(&list) < 0) {
        must_be_refused();
        return -1;
    }
    while ((rc = playlist_match(&list, &match)) == 1) {
        if (match.improper)
            return -1;
        if (forget)
            forget_match(match.id);
        if (merge_match(&merge, match.id, match.message, match.events, 0) < 0) {
            must_be_refused();
            return -1;
        }
    }
    must(rc == 0);
    return merge.import.rows - before;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    uint8_t *nul = size > 1 ? memchr(data + 1, '\0', size - 1) : NULL;
    size_t first = nul ? (size_t)(nul - data) : size;

    if (seed % 16 == 0)
        return LLVMFuzzerMutate(data, size, max);
    if (!nul && size > 1 && seed % 16 < 4 && 2 * size <= max) { /* the same document twice */
        data[size] = '\0';
        memcpy(data + size + 1, data + 1, size - 1);
        return 2 * size;
    }
    if (nul && seed % 2)
        return json_mutate(data, size, max, first + 1, seed / 16);
    /* changes the first: moves the rest out of the way, and back */
    static uint8_t behind[1 << 16];
    size_t left = size - first;
    if (left > sizeof behind || left > max)
        return size;
    memcpy(behind, data + first, left);
    size = json_mutate(data, first, max - left, 1, seed / 16);
    memcpy(data + size, behind, left);
    return size + left;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!list.db.handle)
        init();
    if (size < 2)
        return 0;
    struct format *format = &formats[data[0] % FORMATS];
    char *first = malloc(size), *second;
    memcpy(first, data + 1, size - 1);
    first[size - 1] = '\0';
    second = strlen(first) + 1 < size ? first + strlen(first) + 1 : first;
    must(db_begin_write(&db) == 0);
    if (strlen(second) + (size_t)(second - first) == size - 1 &&
        is_text(first, strlen(first)) && is_text(second, strlen(second)) &&
        load(format, first, false) >= 0 && load(format, second, false) >= 0)
        must(load(format, second, true) == 0);
    db_end(&db, false);
    free(first);
    return 0;
}
