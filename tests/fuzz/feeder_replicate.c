/*
 * Fuzz target: what an origin sends, any bytes, read into a new database by feeder replicate.
 *
 * It is taken or refused; nothing in it makes the database fail.  The log that results has no
 * row at or below what it calls pruned, and the same bytes again add none.
 */
#include <string.h>
#include <sys/mman.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/sqlite/db.h"
#include "feeder/command.h"
#include "feeder/store/sql.h"
#include "must.h"

#define EX_RESET 79
#define PATHS    64

static char folder[PATHS], path[PATHS + 8];

/* Returns the exit code. */
static int run(const char *input)
{
    char *operands[] = {(char *)input};
    struct failure failure = {0};
    struct options options = {.db_path = path,
                              .operands = operands,
                              .operand_count = 1,
                              .quiet = true};
    int rc = replicate_run(&options, &failure);

    if (rc < 0 && failure.status != EX_DATAERR && failure.status != EX_NOINPUT &&
        failure.status != EX_TEMPFAIL && failure.status != EX_RESET) {
        fprintf(stderr, "%d %s\n", failure.status, failure.text);
        abort();
    }
    return rc < 0 ? failure.status : rc;
}

/* How far the log goes; -1: there is none. */
static int64_t head(void)
{
    struct sqlite3_stmt *statement = NULL;
    struct failure failure;
    struct db db;
    int64_t id = -1;

    if (access(path, F_OK) == 0) {
        must(db_open(&db, path, DB_READ, 0, &failure) == 0 &&
             db_prepare(&db, sql_cursor, &statement) == 0 && db_step(&db, statement) == 1);
        id = db_column_int(statement, 0);
        db_finalize(statement);
        db_close(&db);
    }
    return id;
}

static void clean(void)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-queue"};
    char name[sizeof path + 8];

    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        snprintf(name, sizeof name, "%s%s", path, suffixes[i]);
        unlink(name);
    }
    rmdir(folder);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char input[PATHS];
    int fd = memfd_create("input", 0);

    must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    snprintf(input, sizeof input, "/proc/self/fd/%d", fd);
    snprintf(folder, sizeof folder, "/tmp/fuzz-replicate.XXXXXX");
    must(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/live.db", folder);
    run(input);
    int64_t before = head();
    int status = run(input);
    must(head() == before || (status == EX_OK && before < 0));
    clean();
    close(fd);
    return 0;
}
