/*
 * Landlock, the kernel's rules for files, as far as the running kernel has them: a process
 * gives up all that is done to files by path, but for what is named here.
 */
#ifndef SERVICE_SANDBOX_LANDLOCK_H
#define SERVICE_SANDBOX_LANDLOCK_H

#include <stdbool.h>
#include <stddef.h>

/* What may be done to the files in a folder, and below it. */
enum landlock_use {
    LANDLOCK_READ,
    LANDLOCK_LIST,   /* and list */
    LANDLOCK_WRITE,  /* and make, remove and cut short */
    LANDLOCK_REMOVE, /* nothing else */
};

struct landlock_folder {
    const char *file; /* names the folder that it is in, which need not exist yet */
    enum landlock_use use;
};

/*
 * Restricts the process, and all that it forks from then on.  With `alone` it may not signal
 * others either.  Needs no_new_privs.  Returns 0, or -1 if the kernel has no Landlock.
 */
int landlock_enter(const struct landlock_folder *folders, size_t n, bool alone);

#endif
