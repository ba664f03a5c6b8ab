/*
 * The system calls that each role may make: one table, and the filter built from it.  Pure:
 * neither asks the kernel for anything nor changes it.
 */
#pragma once

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__) || defined(__aarch64__)
#define SANDBOX_KNOWS_MACHINE 1
#else
#define SANDBOX_KNOWS_MACHINE 0 /* the table is empty there */
#endif

/* AddressSanitizer searches for leaks from a thread that traces the others. */
#ifdef __SANITIZE_ADDRESS__
#define SANDBOX_SANITIZED 1
#else
#define SANDBOX_SANITIZED 0
#endif

#define CALLS_KEY_WORDS   4   /* 32 bits each */
#define CALLS_PROGRAM_MAX 960 /* instructions */

enum sandbox_role {
    SANDBOX_VIEWER,   /* serves one connection, where there is no listener */
    SANDBOX_LISTENER, /* accepts and forks; its viewers inherit the filter, but not the key */
    SANDBOX_POLLER,   /* the only writer of ring and bell */
    SANDBOX_ROLES,
};

enum call_fate {
    CALL_UNKNOWN, /* ENOSYS: libc falls back to an older call */
    CALL_ALLOW,
    CALL_REFUSE, /* EACCES */
    CALL_DIE,    /* SIGSYS: no honest process of this role makes the call */
};

/*
 * Writes a role's filter.  The filter compares the key, which becomes part of the program, with
 * arguments that the kernel ignores.  Returns the length in instructions, or 0 if it exceeds
 * CALLS_PROGRAM_MAX or the machine is unknown.
 */
size_t calls_program(struct sock_filter *program, enum sandbox_role role,
                     const uint32_t key[CALLS_KEY_WORDS]);
