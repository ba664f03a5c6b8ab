/*
 * What a process of the service may still do once it handles input from strangers.  README.md
 * has the table.
 *
 * Each process enters the sandbox of its role once and can't leave.  A listener enters before
 * it forks, so that its viewers inherit the sandbox at no cost.  For what only the listener may
 * do, it has a key that its children don't inherit.
 */
#pragma once

#include <sys/types.h>

#include "service/config.h"

#if defined(__x86_64__) || defined(__aarch64__)
#define SANDBOX_KNOWS_MACHINE 1
#else
#define SANDBOX_KNOWS_MACHINE 0 /* the table is empty there */
#endif

/* AddressSanitizer searches for leaks from a thread that traces the others. */
#ifdef SANITIZED
#define SANDBOX_SANITIZED 1
#else
#define SANDBOX_SANITIZED 0
#endif

#define SANDBOX_OOM_SCORE 500 /* a viewer's minimum: the kernel kills viewers first */
#define SANDBOX_ZONES     "/usr/share/zoneinfo/" /* readable: libc's time zones */

enum sandbox_role {
    SANDBOX_VIEWER,   /* serves one connection, where there is no listener */
    SANDBOX_LISTENER, /* accepts and forks; its viewers inherit the filter, but not the key */
    SANDBOX_POLLER,   /* the only writer of ring and bell */
    SANDBOX_ROLES,
};

/* All zero before entry. */
struct sandbox {
    bool tried;                    /* entry is attempted once */
    bool entered;                  /* part of it is in force, for children too */
    struct sandbox_secret *secret; /* NULL: not needed; zeros in a child */
};

/* Enters the role's sandbox on the first call, unless the config disables it.  Returns NULL,
 * or, on the first call, what this kernel or machine lacks; the rest is in force.  The folders
 * of the files that the config names should exist. */
const char *sandbox_enter(struct sandbox *s, enum sandbox_role role,
                          const struct config *config);

/* fork(2), kill(2) and unlink(2) for a listener, sandboxed or not.  libc does not learn of the
 * fork: what it knows of its thread stays the parent's. */
pid_t sandbox_fork(const struct sandbox *s);
int sandbox_kill(const struct sandbox *s, pid_t pid, int signal);
int sandbox_unlink(const struct sandbox *s, const char *path);
