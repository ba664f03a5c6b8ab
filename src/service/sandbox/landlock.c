/* Landlock rules, one per folder. There are no libc wrappers. */
#include "service/sandbox/calls.h"

#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Missing in the headers of Debian 12. */
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif
#define SCOPE_ABSTRACT_SOCKETS (1ULL << 0)
#define SCOPE_SIGNALS          (1ULL << 1)

/* The kernel takes only the fields that the requested ABI has. */
struct ruleset {
    uint64_t files;
    uint64_t ports; /* bind, connect */
    uint64_t scopes;
};

/* Everything that the ABI can forbid.  Rights are numbered in the order of their
 * introduction. */
static struct ruleset everything(int abi, bool alone)
{
    static const uint8_t rights[] = {0, 13, 14, 15, 15, 16};
    int known = abi < 5 ? abi : 5;
    struct ruleset r = {.files = (UINT64_C(1) << rights[known]) - 1};

    if (abi >= 4)
        r.ports = 3;
    if (abi >= 6)
        r.scopes = SCOPE_ABSTRACT_SOCKETS | (alone ? SCOPE_SIGNALS : 0);
    return r;
}

static uint64_t rights_of(enum landlock_use use)
{
    switch (use) {
    case LANDLOCK_READ: return LANDLOCK_ACCESS_FS_READ_FILE;
    case LANDLOCK_LIST: return LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
    case LANDLOCK_REMOVE: return LANDLOCK_ACCESS_FS_REMOVE_FILE;
    default:
        return LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |
               LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_FIFO |
               LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE;
    }
}

/* Opens the folder that contains path, or its nearest existing ancestor.  Changes path. */
static int open_folder(char *path)
{
    int fd;

    do {
        path = dirname(path);
        fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    } while (fd < 0 && strcmp(path, "/") != 0 && strcmp(path, ".") != 0);
    return fd;
}

static void allow(int ruleset, uint64_t handled, char *path, enum landlock_use use)
{
    struct landlock_path_beneath_attr rule = {.allowed_access = rights_of(use) & handled,
                                              .parent_fd = open_folder(path)};

    if (rule.parent_fd < 0)
        return; /* nothing is allowed there */
    syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    close(rule.parent_fd);
}

/* The database may be a symbolic link: allow the link's folder and the file's. */
static void allow_both(int ruleset, uint64_t handled, const struct landlock_folder *folder)
{
    char path[PATH_MAX];

    if (snprintf(path, sizeof path, "%s", folder->file) < (int)sizeof path)
        allow(ruleset, handled, path, folder->use);
    if (realpath(folder->file, path))
        allow(ruleset, handled, path, folder->use);
}

int landlock_enter(const struct landlock_folder *folders, size_t n, bool alone)
{
    int abi =
        (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (abi < 1)
        return -1;
    struct ruleset all = everything(abi, alone);
    size_t size = abi >= 6   ? sizeof all
                  : abi >= 4 ? offsetof(struct ruleset, scopes)
                             : offsetof(struct ruleset, ports);
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &all, size, 0);
    int rc = -1;

    if (ruleset < 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        allow_both(ruleset, all.files, &folders[i]);
    if (syscall(SYS_landlock_restrict_self, ruleset, 0) == 0)
        rc = 0;
    close(ruleset);
    return rc;
}
