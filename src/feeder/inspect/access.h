/*
 * Whether a user may do what the service does with a database's files, by owner, group and mode
 * of the files and of all folders above them.  Ignores access control lists and capabilities.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

#define ACCESS_GROUPS_MAX 256

#define ACCESS_NAME_MAX 64

struct access_user {
    char name[ACCESS_NAME_MAX];
    uid_t uid;
    gid_t groups[ACCESS_GROUPS_MAX];
    int n_groups;
};

/* Returns 0, or -1 if the user does not exist or has too many groups. */
int access_user_find(struct access_user *user, const char *name);

/* Finds a user by number; if it has no name, the number serves as one. */
void access_user_of(struct access_user *user, uid_t uid);

/* The first class that the user is in.  The value is the shift of its bits in a mode. */
enum access_class { ACCESS_OTHERS = 0, ACCESS_GROUP = 3, ACCESS_OWNER = 6 };
enum access_class access_class(const struct access_user *user, const struct stat *st);

/* want: mode bits 4, 2 and 1, to read, write and search. */
bool access_allowed(const struct access_user *user, const struct stat *st, unsigned want);

/* Whether the user may search every folder on the way to path.  If not, *folder, of cap bytes,
 * is the first closed one. */
bool access_reaches(const struct access_user *user, const char *path, char *folder, size_t cap);
