/*
 * The system calls that each role may make: one table, and the filter that the kernel runs,
 * made of it.  Pure: nothing here asks or changes the kernel.
 */
#ifndef SERVICE_SANDBOX_CALLS_H
#define SERVICE_SANDBOX_CALLS_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__) || defined(__aarch64__)
#define SANDBOX_KNOWS_MACHINE 1
#else
#define SANDBOX_KNOWS_MACHINE 0 /* the table is empty there */
#endif

/* AddressSanitizer looks for leaks from a thread that traces all others: it must be let. */
#ifdef __SANITIZE_ADDRESS__
#define SANDBOX_SANITIZED 1
#else
#define SANDBOX_SANITIZED 0
#endif

#define CALLS_KEY_WORDS   4   /* of 32 bits */
#define CALLS_PROGRAM_MAX 960 /* instructions */

enum sandbox_role {
    SANDBOX_VIEWER,   /* serves one connection, where there is no listener */
    SANDBOX_LISTENER, /* accepts and forks; its viewers inherit its filter, not its key */
    SANDBOX_POLLER,   /* the one that writes ring and bell */
    SANDBOX_ROLES,
};

/* What becomes of a call. */
enum call_fate {
    CALL_UNKNOWN, /* ENOSYS: a libc that tries something newer goes on without it */
    CALL_ALLOW,
    CALL_REFUSE, /* EACCES */
    CALL_DIE,    /* SIGSYS: no honest process of the role ever calls it */
};

/*
 * Writes the filter of a role.  The key is compared with arguments that the kernel itself
 * ignores; it stays in the program.  Returns its length in instructions, or 0 if it does not
 * fit into CALLS_PROGRAM_MAX or the machine is not known.
 */
size_t calls_program(struct sock_filter *program, enum sandbox_role role,
                     const uint32_t key[CALLS_KEY_WORDS]);

/* What the table says of a call: the same answer as the program's, found by reading the table
 * from top to bottom.  For tests. */
enum call_fate calls_fate(enum sandbox_role role, uint32_t number, const uint64_t args[6],
                          const uint32_t key[CALLS_KEY_WORDS]);

#endif
