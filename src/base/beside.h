/*
 * The ring and the bell as files: both lie beside the database, and anybody who can write to
 * its folder can put something else there.  What is trusted: a file of the right kind, under
 * one name, of the database's owner, of root, or of this process's own user.
 */
#ifndef BASE_BESIDE_H
#define BASE_BESIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#define BESIDE_PATH_MAX                                                                        \
    4096 /* bytes of a path, and a NUL; beside a longer one there is no ring */

/* The path of a file beside the database: its own with the suffix, such as "-wal".  Returns 0,
 * or -1 with errno if it does not fit. */
int beside_path(char *path, size_t cap, const char *db_path, const char *suffix);

/* The folder that a file is in. */
void beside_folder(char *folder, size_t cap, const char *path);

/* Why a file is not one that a program of ours or SQLite made, but planted; NULL: it is.  type:
 * S_IFREG or S_IFIFO.  db: the database, whose owner's it must be; NULL: anybody's will do. */
const char *beside_distrust(const struct stat *st, mode_t type, const struct stat *db);

/*
 * Opens the file with that suffix, which must be of that type: S_IFREG or S_IFIFO.  Returns a
 * descriptor, or -1 with errno, and *trouble, if it is one that is not trusted, says why.
 */
int beside_open(const char *db_path, const char *suffix, mode_t type, int flags,
                const char **trouble);

/*
 * The same for the process that writes: a file that is missing is made, for its owner to
 * write and for the readers of the database to read.  One that it can't use is removed first,
 * if the database or everything is its user's; *trouble then says what that was.
 */
int beside_make(const char *db_path, const char *suffix, mode_t type, int flags,
                const char **trouble);

/* Whether the path still leads to the file that is open. */
bool beside_in_place(int fd, const char *db_path, const char *suffix);

#endif
