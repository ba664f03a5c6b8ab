/* Wakes everybody at once. */
#include "service/ring/bell.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/db.h"

#define BELL_PATH_MAX 1024

static int open_fifo(const char *path)
{
    return open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
}

/* Opened first and made only if it is not there: every connection comes here.  (What it is made
 * as may be another FIFO by the time that it is open, but not a link to one.) */
int bell_open(struct bell *b, const char *db_path)
{
    char path[BELL_PATH_MAX];
    struct stat db, st;
    bool made = false;

    *b = (struct bell){.fd = -1};
    if (db_path_beside(path, sizeof path, db_path, "-bell") < 0)
        return -1;
    b->fd = open_fifo(path);
    if (b->fd < 0 && errno == ENOENT && stat(db_path, &db) == 0) {
        made = mkfifo(path, db.st_mode & 0666) == 0;
        b->fd = open_fifo(path);
    }
    if (b->fd < 0)
        return -1;
    if (fstat(b->fd, &st) < 0 || !S_ISFIFO(st.st_mode)) {
        bell_close(b);
        errno = EINVAL;
        return -1;
    }
    if (made && st.st_nlink == 1)
        fchmod(b->fd, db.st_mode & 0666); /* whatever the umask was */
    b->device = st.st_dev;
    b->inode = st.st_ino;
    return 0;
}

void bell_close(struct bell *b)
{
    if (b->fd >= 0)
        close(b->fd);
    b->fd = -1;
}

bool bell_in_place(const struct bell *b, const char *db_path)
{
    char path[BELL_PATH_MAX];
    struct stat st;

    return db_path_beside(path, sizeof path, db_path, "-bell") == 0 && lstat(path, &st) == 0 &&
           st.st_dev == b->device && st.st_ino == b->inode;
}

/* Emptied first: an edge is a write, and a full FIFO takes none. */
void bell_ring(const struct bell *b)
{
    char dropped[512];

    while (read(b->fd, dropped, sizeof dropped) == sizeof dropped)
        ;
    if (write(b->fd, "", 1) < 0)
        return; /* full again: then another has just rung it */
}
