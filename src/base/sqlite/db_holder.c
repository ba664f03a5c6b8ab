/* Finds the process that blocks writers in the kernel's list of locks. */
#include "base/sqlite/db_sqlite.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sysexits.h>

#include "base/files/beside.h"

#define LINE_MAX_BYTES 256
#define NAME_CAP       64
#define LOOKS          20
#define WAL_WRITE_LOCK 120 /* a byte of -shm, https://www.sqlite.org/walformat.html */

const char *db_file_name(const struct db *db)
{
    const char *name = sqlite3_db_filename(db->handle, "main");

    if (!name || !*name)
        name = sqlite3_db_filename(db->handle, "live");
    return name && *name ? name : NULL;
}

/* The process in a line of proc_locks(5), if its lock is the write lock of the WAL with index
 * *shm; else 0. */
static int64_t writer_in(const char *line, const struct stat *shm)
{
    unsigned major, minor;
    unsigned long long inode;
    int64_t pid, first, last;

    if (sscanf(line, "%*d: POSIX %*s WRITE %" SCNd64 " %x:%x:%llu %" SCNd64 " %" SCNd64, &pid,
               &major, &minor, &inode, &first, &last) != 6 ||
        makedev(major, minor) != shm->st_dev || inode != shm->st_ino ||
        first > WAL_WRITE_LOCK || last < WAL_WRITE_LOCK)
        return 0;
    return pid;
}

static int64_t look_for_writer(const struct stat *shm)
{
    FILE *locks = fopen("/proc/locks", "re");
    char line[LINE_MAX_BYTES];
    int64_t pid = 0;

    while (locks && pid <= 0 && fgets(line, sizeof line, locks))
        pid = writer_in(line, shm);
    if (locks)
        fclose(locks);
    return pid > 0 ? pid : 0;
}

/* Opening the -shm is not allowed here (see db.h), but the kernel lists all locks.  It lists
 * them page by page, so a lock that crosses the end of a page as others come and go may be
 * missing: look several times. */
int64_t db_writer(const struct db *db)
{
    const char *name = db_file_name(db);
    char path[BESIDE_PATH_MAX];
    int64_t pid = 0;
    struct stat shm;

    if (!name || beside_path(path, sizeof path, name, "-shm") < 0 || stat(path, &shm) < 0)
        return 0;
    for (int i = 0; pid == 0 && i < LOOKS; i++)
        pid = look_for_writer(&shm);
    return pid;
}

/* "process 77 (sqlite3)" */
static const char *name_process(int64_t pid, char name[NAME_CAP])
{
    char path[NAME_CAP], comm[NAME_CAP / 2] = "";
    FILE *file;

    snprintf(path, sizeof path, "/proc/%" PRId64 "/comm", pid);
    file = fopen(path, "re");
    if (file && fgets(comm, sizeof comm, file))
        comm[strcspn(comm, "\n")] = '\0';
    if (file)
        fclose(file);
    snprintf(name, NAME_CAP, "process %" PRId64 "%s%s%s", pid, *comm ? " (" : "", comm,
             *comm ? ")" : "");
    return name;
}

int db_fail_locked(struct db *db, int64_t front)
{
    char name[NAME_CAP];
    int64_t pid = db_writer(db);

    if (pid > 0)
        return failure_set(db->failure, EX_TEMPFAIL,
                           "%s: locked by %s: end its transaction, or wait for its end",
                           db->path, name_process(pid, name));
    if (front > 0)
        return failure_set(
            db->failure, EX_TEMPFAIL,
            "%s: %s is first in the queue of writers, but makes no progress: end it", db->path,
            name_process(front, name));
    return failure_set(
        db->failure, EX_TEMPFAIL,
        "%s: locked by an unknown process: 'fuser %s' lists those that have it open", db->path,
        db->path);
}
