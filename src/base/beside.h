/*
 * The ring and the bell as files: both lie beside the database, and anybody who can write to
 * its folder can put something else there.  What is trusted: a file of the right kind, under
 * one name, of the database's owner, of root, or of this process's own user.
 */
#ifndef BASE_BESIDE_H
#define BASE_BESIDE_H

#include <stdbool.h>
#include <sys/types.h>

#define BESIDE_PATH_MAX                                                                        \
    1024 /* bytes of a path, NUL included; with a longer one there is no ring */

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
