/*
 * What a process of the service may still do once it handles what strangers send.
 *
 * Each process enters the sandbox of its role once, and can't leave it: a filter of system
 * calls (calls.h), rules for files (landlock.h), no new privileges, no core dump, no reading of
 * its memory by others.  A listener enters before it forks, so that its viewers inherit all of
 * that and pay nothing for it; what only the listener may do, it does with a key that its
 * children don't inherit.
 */
#ifndef SERVICE_SANDBOX_H
#define SERVICE_SANDBOX_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "service/sandbox/calls.h"

#define SANDBOX_OOM_SCORE   500 /* of a viewer, at least: the kernel ends viewers first */
#define SANDBOX_FOLDERS_MAX 16

/* The folders that the role needs, each named by a file in it, which need not exist. */
struct sandbox_folders {
    const char *read[4];                     /* files in them are opened for reading; or NULL */
    const char *write;                       /* a poller's: files are made and removed there */
    const char *remove[SANDBOX_FOLDERS_MAX]; /* a listener removes its sockets there */
};

struct sandbox {
    struct sandbox_secret *secret; /* NULL: not entered, or in a child */
};

/*
 * Enters the sandbox of that role.  Returns NULL, or what the kernel or the machine lacks of
 * it, as a sentence for the log; everything else is in force then.
 */
const char *sandbox_enter(struct sandbox *s, enum sandbox_role role,
                          const struct sandbox_folders *folders);

/* In a viewer that a listener has forked: takes what the listener itself still needs. */
void sandbox_inherit(struct sandbox *s);

/* kill(2) and unlink(2) for a listener, in a sandbox or not. */
int sandbox_kill(const struct sandbox *s, pid_t pid, int signal);
int sandbox_unlink(const struct sandbox *s, const char *path);

#endif
