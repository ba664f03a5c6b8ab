/*
 * db_holder: finds the process that writes in the kernel's list of locks, even while others
 * lock and unlock.
 * tags: both
 */
#include "base/sqlite/db_sqlite.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "tap.h"

enum { LOOKS = 1000, OTHERS = 3, OTHER_FILES = 60 };

/* A child, which ends with this process; 0 in it. */
static pid_t begin_child(void)
{
    pid_t pid = fork();

    if (pid == 0)
        prctl(PR_SET_PDEATHSIG, SIGKILL);
    return pid;
}

static void end_child(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

/* Locks and unlocks its own files for ever; they are unlinked before it reports that it has
 * begun. */
static void churn(const char *folder, int told)
{
    int files[OTHER_FILES];
    char path[PATH_MAX];

    for (int i = 0; i < OTHER_FILES; i++) {
        snprintf(path, sizeof path, "%s/%d-%d", folder, (int)getpid(), i);
        files[i] = open(path, O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
        unlink(path);
    }
    if (write(told, "", 1) != 1)
        _exit(1);
    for (short type = F_WRLCK;; type = type == F_WRLCK ? F_UNLCK : F_WRLCK)
        for (int i = 0; i < OTHER_FILES; i++) {
            struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_len = 1};
            fcntl(files[i], F_SETLK, &lock);
        }
}

/* Begins a write transaction, reports that, and stays in it. */
static void hold(const char *path, int told)
{
    sqlite3 *handle;

    if (sqlite3_open(path, &handle) != SQLITE_OK ||
        sqlite3_exec(handle, "PRAGMA journal_mode=WAL; CREATE TABLE t(x); BEGIN IMMEDIATE",
                     NULL, NULL, NULL) != SQLITE_OK ||
        write(told, "", 1) != 1)
        _exit(1);
    for (;;)
        pause();
}

static void test_writer_among_others(const char *folder, const char *path)
{
    struct db db = {.path = path};
    pid_t holder, others[OTHERS];
    int missed = 0, told[2];
    char byte;

    if (pipe(told) < 0 || sqlite3_open(path, &db.handle) != SQLITE_OK)
        abort();
    if ((holder = begin_child()) == 0)
        hold(path, told[1]);
    tap_is_int(read(told[0], &byte, 1), 1, "a process writes to the database");
    for (int i = 0; i < OTHERS; i++)
        if ((others[i] = begin_child()) == 0)
            churn(folder, told[1]);
    close(told[1]);
    for (int i = 0; i < OTHERS; i++)
        if (read(told[0], &byte, 1) != 1)
            abort();
    for (int i = 0; i < LOOKS; i++)
        missed += db_writer(&db) != holder;
    tap_is_int(missed, 0, "each of %d looks finds the writer while others lock and unlock",
               LOOKS);
    for (int i = 0; i < OTHERS; i++)
        end_child(others[i]);
    end_child(holder);
    tap_is_int(db_writer(&db), 0, "a writer that was killed is not reported");
    sqlite3_close(db.handle);
    close(told[0]);
}

/* The database and what SQLite has put beside it; false if there is anything else. */
static bool clear(const char *folder)
{
    static const char *const names[] = {"live.db", "live.db-wal", "live.db-shm"};
    char path[PATH_MAX];

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    return rmdir(folder) == 0;
}

int main(void)
{
    char folder[] = "/tmp/livescore-test.XXXXXX", path[PATH_MAX];

    if (!mkdtemp(folder))
        abort();
    snprintf(path, sizeof path, "%s/live.db", folder);
    test_writer_among_others(folder, path);
    tap_ok(clear(folder), "looking for the holder leaves no file but the database");
    return tap_done();
}
