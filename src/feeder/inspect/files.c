/*
 * Permissions of the database, the files beside it and their folder.
 *
 * One user owns and writes them all, and runs feeder and the poller.  Viewers, which read input
 * from strangers, run as another user, who may read everything and write nothing.
 */
#include <stdio.h>
#include <sysexits.h>

#include "base/files/beside.h"
#include "base/sqlite/queue.h"
#include "feeder/inspect/access.h"
#include "feeder/inspect/check.h"

static const struct {
    const char *suffix;
    mode_t type;
    bool is_for_viewers; /* to read */
} files[] = {
    {"", S_IFREG, true},      {"-wal", S_IFREG, true},  {"-shm", S_IFREG, true},
    {"-ring", S_IFREG, true}, {"-bell", S_IFIFO, true}, {QUEUE_SUFFIX, S_IFREG, false},
};
#define N_FILES (sizeof files / sizeof *files)

/* Finds one of the files; -1 if it does not exist, or is a link or of another type: a remedy
 * would change the link's target, and check_service reports it. */
static int look(const struct check *c, size_t i, char *path, struct stat *st)
{
    if (beside_path(path, BESIDE_PATH_MAX, c->db_path, files[i].suffix) < 0)
        return -1;
    if (i == 0)
        return stat(path, st);
    return lstat(path, st) < 0 || beside_distrust(st, files[i].type, NULL) ? -1 : 0;
}

/* Checks the folder of files that should belong to owner. */
static void check_folder(struct check *c, const char *folder, const struct stat *st,
                         const struct access_user *owner)
{
    if (st->st_mode & S_IWOTH)
        check_say(c, CHECK_FOUND,
                  "%s: any user may put files beside the database: 'chmod o-w %s'", folder,
                  folder);
    if (!access_allowed(owner, st, 3))
        check_say(c, CHECK_FOUND,
                  "%s: does not belong to %s, unlike the database in it: 'chown %s %s'", folder,
                  owner->name, owner->name, folder);
}

/* All should belong to the owner of the folder or, if that is root, of the database. */
void check_owners(struct check *c)
{
    struct access_user owner, other;
    char path[BESIDE_PATH_MAX];
    struct stat db, st;

    beside_folder(path, sizeof path, c->db_path);
    if (stat(c->db_path, &db) < 0 || stat(path, &st) < 0)
        return;
    access_user_of(&owner, st.st_uid != 0 ? st.st_uid : db.st_uid);
    check_folder(c, path, &st, &owner);
    for (size_t i = 0; i < N_FILES; i++) {
        if (look(c, i, path, &st) < 0)
            continue;
        access_user_of(&other, st.st_uid);
        bool may = access_allowed(&owner, &st, 6);
        if (!may && st.st_uid == owner.uid)
            check_say(c, CHECK_FOUND, "%s: its owner may not write to it: 'chmod u+rw %s'",
                      path, path);
        else if (!may && i == 0)
            check_say(c, CHECK_FOUND,
                      "%s: does not belong to %s, unlike its folder: 'chown %s: %s'", path,
                      owner.name, owner.name, path);
        else if (!may || (st.st_uid != owner.uid && !access_allowed(&other, &db, 2)))
            check_say(
                c, CHECK_FOUND,
                "%s: does not belong to %s, unlike the database: 'chown --reference=%s %s'",
                path, owner.name, c->db_path, path);
    }
}

static void may_read(struct check *c, const struct access_user *user, const char *path,
                     const struct stat *st)
{
    if (!access_allowed(user, st, 4))
        check_say(c, CHECK_FOUND, "%s: %s may not read it: 'chmod a+r %s'", path, user->name,
                  path);
}

/* owner: the database's.  A user who owns it is meant to write. */
static void may_not_write(struct check *c, const struct access_user *user, const char *path,
                          const struct stat *st, uid_t owner)
{
    static const char *const remedies[] = {[ACCESS_OWNER] = "chown --reference=",
                                           [ACCESS_GROUP] = "chmod g-w",
                                           [ACCESS_OTHERS] = "chmod o-w"};
    enum access_class class = access_class(user, st);

    if (user->uid == 0 || user->uid == owner || !access_allowed(user, st, 2))
        return;
    check_say(c, CHECK_FOUND, "%s: %s may write to it, but viewers need only read: '%s%s %s'",
              path, user->name, remedies[class], class == ACCESS_OWNER ? c->db_path : "", path);
}

int check_user(struct check *c, struct failure *failure)
{
    struct access_user user;
    char path[BESIDE_PATH_MAX];
    struct stat db, st;

    if (!c->user)
        return 0;
    if (access_user_find(&user, c->user) < 0)
        return failure_set(
            failure, EX_NOUSER,
            "--user: %s: no such user: 'systemd-sysusers' creates livescore and feeder",
            c->user);
    if (!access_reaches(&user, c->db_path, path, sizeof path))
        check_say(c, CHECK_FOUND, "%s: %s may not search it: 'chmod a+x %s'", path, user.name,
                  path);
    if (stat(c->db_path, &db) < 0)
        return 0;
    for (size_t i = 0; i < N_FILES; i++) {
        if (look(c, i, path, &st) < 0)
            continue;
        if (files[i].is_for_viewers)
            may_read(c, &user, path, &st);
        may_not_write(c, &user, path, &st, db.st_uid);
    }
    beside_folder(path, sizeof path, c->db_path);
    if (stat(path, &st) == 0)
        may_not_write(c, &user, path, &st, db.st_uid);
    return 0;
}
