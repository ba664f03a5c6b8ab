/* Checks owner, group and others; the first class that the user is in decides. */
#include "feeder/inspect/access.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int access_user_find(struct access_user *user, const char *name)
{
    const struct passwd *entry = getpwnam(name);

    if (!entry)
        return -1;
    *user = (struct access_user){.uid = entry->pw_uid, .n_groups = ACCESS_GROUPS_MAX};
    snprintf(user->name, sizeof user->name, "%s", name);
    return getgrouplist(name, entry->pw_gid, user->groups, &user->n_groups) < 0 ? -1 : 0;
}

void access_user_of(struct access_user *user, uid_t uid)
{
    const struct passwd *entry = getpwuid(uid);

    if (entry && access_user_find(user, entry->pw_name) == 0)
        return;
    *user = (struct access_user){.uid = uid};
    snprintf(user->name, sizeof user->name, "%u", (unsigned)uid);
}

enum access_class access_class(const struct access_user *user, const struct stat *st)
{
    if (user->uid == st->st_uid)
        return ACCESS_OWNER;
    for (int i = 0; i < user->n_groups; i++)
        if (user->groups[i] == st->st_gid)
            return ACCESS_GROUP;
    return ACCESS_OTHERS;
}

bool access_allowed(const struct access_user *user, const struct stat *st, unsigned want)
{
    return user->uid == 0 || (st->st_mode >> access_class(user, st) & want) == want;
}

bool access_reaches(const struct access_user *user, const char *path, char *folder, size_t cap)
{
    char *whole = realpath(path, NULL);
    struct stat st;
    bool reaches = whole != NULL;

    for (char *slash = whole; reaches && slash; slash = strchr(slash + 1, '/')) {
        snprintf(folder, cap, "%.*s", slash == whole ? 1 : (int)(slash - whole), whole);
        reaches = stat(folder, &st) == 0 && access_allowed(user, &st, 1);
    }
    free(whole);
    return reaches;
}
