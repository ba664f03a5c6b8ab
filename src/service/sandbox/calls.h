/*
 * The parts of a sandbox: the system calls that each role may make, in one table, the filter
 * built from it (both pure), and the rules for files.
 */
#pragma once

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "service/sandbox/sandbox.h"

#define CALLS_KEY_WORDS   4   /* 32 bits each */
#define CALLS_PROGRAM_MAX 640 /* instructions */
#define CALLS_NUMBERS     512 /* all call numbers are below */
#define TESTS_MAX         4

/* A half of an argument: the kernel passes 64 bits, a filter sees 32.  Both machines are
 * little-endian. */
#define LOW(n)  (2U * (n))
#define HIGH(n) (2U * (n) + 1U)

enum call_fate {
    CALL_UNKNOWN, /* ENOSYS: libc falls back to an older call */
    CALL_ALLOW,
    CALL_REFUSE, /* EACCES */
    CALL_DIE,    /* SIGSYS: no honest process of this role makes the call */
};

/* A cell of the table: a fate, or a condition for allowing the call. */
enum cell {
    GONE = CALL_UNKNOWN,
    YES = CALL_ALLOW,
    NO = CALL_REFUSE,
    DIE = CALL_DIE,
    READING_1, /* open: no flag in argument 1 writes */
    READING_2,
    NO_CODE,      /* mmap, mprotect: not executable */
    NO_ADDRESS,   /* sendto: only to the connected peer */
    LOCKING,      /* fcntl: locks and flags, but not the recipient of signals */
    OWN_PROCESS,  /* prlimit64 */
    OWN_IDLENESS, /* sched_setscheduler */
    QUEUE,        /* ioctl */
    TUNING,       /* setsockopt */
    NAMING,       /* prctl */
    KEY_2,        /* arguments 2 and 3 are the key */
    KEY_3,
};

/* A call that is not in the table is CALL_UNKNOWN. */
struct call {
    uint32_t number;
    enum cell cells[SANDBOX_ROLES];
};

struct test {
    uint32_t word, mask;
    uint32_t n, values[10]; /* the masked word must be one of them */
};

const struct call *calls_table(size_t *n);

/* Returns the tests that must all hold for a cell to allow its call, and the fate if one fails.
 * *n is 0 for a cell without a condition. */
enum call_fate calls_condition(enum cell cell, const uint32_t key[CALLS_KEY_WORDS],
                               struct test tests[TESTS_MAX], size_t *n);

/* Writes a role's filter, which compares the key with arguments that the kernel ignores.
 * Returns its length, or 0 if it exceeds CALLS_PROGRAM_MAX or the machine is unknown. */
size_t calls_program(struct sock_filter *program, enum sandbox_role role,
                     const uint32_t key[CALLS_KEY_WORDS]);

/* Landlock, the kernel's rules for files, as far as the running kernel supports them.  A
 * process loses all access to files by path except what it lists. */

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

/* Restricts the process and its children.  With `alone` it can't signal others.  Requires
 * no_new_privs.  Returns 0, or -1 if the kernel has no Landlock. */
int landlock_enter(const struct landlock_folder *folders, size_t n, bool alone);
