/*
 * The table of calls as the two see it that read it: the filter (program.c), and calls_fate.
 */
#ifndef SERVICE_SANDBOX_TABLE_H
#define SERVICE_SANDBOX_TABLE_H

#include "service/sandbox/calls.h"

#define TESTS_MAX     4
#define TABLE_NUMBERS 512 /* there is no call from here on */

/* A word of an argument: the kernel passes 64 bits, a filter sees 32 (both machines have the
 * low half first). */
#define LOW(n)  (2U * (n))
#define HIGH(n) (2U * (n) + 1U)

/* What a cell of the table says: a fate, or a condition under which the call is allowed. */
enum cell {
    GONE = CALL_UNKNOWN,
    YES = CALL_ALLOW,
    NO = CALL_REFUSE,
    DIE = CALL_DIE,
    READING_1, /* open: argument 1 has no flag that writes */
    READING_2,
    NO_CODE,     /* mmap, mprotect: not executable */
    NO_ADDRESS,  /* sendto: to the peer that it is connected to */
    LOCKING,     /* fcntl: locks and flags, but not whom it signals */
    OWN_PROCESS, /* prlimit64 */
    A_FORK,      /* clone: a process, no thread, no namespace */
    QUEUE,       /* ioctl */
    TUNING,      /* setsockopt */
    NAMING,      /* prctl */
    KEY_2,       /* arguments 2 and 3 are the key */
    KEY_3,
};

struct test {
    uint32_t word, mask;
    uint32_t n, values[10]; /* the word under the mask is one of them */
};

/* The role's cell for each number. */
void table_cells(enum sandbox_role role, uint8_t cells[TABLE_NUMBERS]);

uint32_t table_first(void); /* the number of the call that is made most often */

/*
 * The tests under which a cell allows its call: all of them must hold, otherwise what is
 * returned is its fate.  *n is 0 for a cell without a condition.
 */
enum call_fate table_condition(enum cell cell, const uint32_t key[CALLS_KEY_WORDS],
                               struct test tests[TESTS_MAX], size_t *n);

#endif
