/*
 * The ring and the bell as files.  Both lie beside the database, and anyone who can write to
 * its folder can put something else there.  A file is trusted if it is of the right type, has
 * one name, and belongs to the database's owner, to root or to this process's user.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#define BESIDE_PATH_MAX 4096 /* bytes of a path, and a NUL */

/* Writes the path of a file beside the database: db_path and the suffix, such as "-wal".
 * Returns 0, or -1 with errno if it does not fit. */
int beside_path(char *path, size_t cap, const char *db_path, const char *suffix);

/* The size of a file beside the database, by name; 0: there is none. */
int64_t beside_size(const char *db_path, const char *suffix);

/* The folder of a file. */
void beside_folder(char *folder, size_t cap, const char *path);

/* Why a file was planted, not created by our programs or SQLite; NULL: it was not.  type:
 * S_IFREG or S_IFIFO.  db: the database, whose owner must own the file; NULL: any owner. */
const char *beside_distrust(const struct stat *st, mode_t type, const struct stat *db);

/*
 * Opens the file with that suffix and type, S_IFREG or S_IFIFO.  Returns a descriptor, or -1
 * with errno.  If the file is not trusted, *trouble says why.
 */
int beside_open(const char *db_path, const char *suffix, mode_t type, int flags,
                const char **trouble);

/*
 * The same for the process that writes: creates a missing file, writable by its owner and
 * readable by everyone who may read the database.  An unusable file is removed first if this
 * process is root or the database's owner; *trouble then says what it was.
 */
int beside_make(const char *db_path, const char *suffix, mode_t type, int flags,
                const char **trouble);

/* As lstat(2) for the file with that suffix. */
int beside_stat(const char *db_path, const char *suffix, struct stat *st);

/* Whether the path still leads to the open file. */
bool beside_in_place(int fd, const char *db_path, const char *suffix);
