/*
 * Landlock, the kernel's rules for files, as far as the running kernel supports them.  A
 * process loses all access to files by path except what it lists here.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Allowed operations on the files in a folder and below it. */
enum landlock_use {
    LANDLOCK_READ,
    LANDLOCK_LIST,   /* read, and list the folder */
    LANDLOCK_WRITE,  /* read, write, create, remove and truncate */
    LANDLOCK_REMOVE, /* remove only */
};

struct landlock_folder {
    const char *file; /* a path in the folder; need not exist yet */
    enum landlock_use use;
};

/*
 * Restricts the process and its future children.  With `alone` the process can't signal others.
 * Requires no_new_privs.  Returns 0, or -1 if the kernel has no Landlock.
 */
int landlock_enter(const struct landlock_folder *folders, size_t n, bool alone);
