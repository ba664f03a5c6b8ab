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

#include <stdbool.h>
#include <sys/types.h>

#include "service/config.h"
#include "service/sandbox/calls.h"

#define SANDBOX_OOM_SCORE 500 /* of a viewer, at least: the kernel ends viewers first */

/* All zero before it is entered. */
struct sandbox {
    bool tried;                    /* to enter it: that is done once */
    bool entered;                  /* something of it is in force, for children too */
    struct sandbox_secret *secret; /* NULL: none is needed, or it is in a child */
};

/*
 * Enters the sandbox of that role when it is called first, unless the config says not to.
 * Returns NULL, or, the first time, what this kernel or machine lacks of it; the rest is in
 * force.  The files that the config names need not exist yet, but the folders they are in
 * should.
 */
const char *sandbox_enter(struct sandbox *s, enum sandbox_role role,
                          const struct config *config);

/* In a viewer that a listener has forked: takes what the listener itself still needs. */
void sandbox_inherit(struct sandbox *s);

/* kill(2) and unlink(2) for a listener, in a sandbox or not. */
int sandbox_kill(const struct sandbox *s, pid_t pid, int signal);
int sandbox_unlink(const struct sandbox *s, const char *path);

/* For the log, behind the signal that a child died of: what that says of it, or "". */
const char *sandbox_cause(int signal);

#endif
