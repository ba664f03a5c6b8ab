/*
 * May a user do what the service does with a database's files?  Told by owner, group
 * and mode, of the files and of all folders above them; access control lists and
 * capabilities are not looked at.
 */
#ifndef FEEDER_ACCESS_H
#define FEEDER_ACCESS_H

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

/* Returns 0, or -1 if there is no such user, or one of too many groups. */
int access_user_find(struct access_user *user, const char *name);

/* The user of that number, who may have no name: then that is the number. */
void access_user_of(struct access_user *user, uid_t uid);

/* Which bits of a mode are a user's: the first of these that the user is.  The value is how far
 * they are shifted. */
enum access_class { ACCESS_OTHERS = 0, ACCESS_GROUP = 3, ACCESS_OWNER = 6 };
enum access_class access_class(const struct access_user *user, const struct stat *st);

/* want: bits of 4, 2 and 1, to read, write and search, as in a mode. */
bool access_allowed(const struct access_user *user, const struct stat *st, unsigned want);

/* Whether the user may search every folder on the way to path; if not, *folder is the
 * first that is closed, in memory of cap bytes. */
bool access_reaches(const struct access_user *user, const char *path, char *folder, size_t cap);

#endif
