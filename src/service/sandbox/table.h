/* The table of calls, as its two readers see it: the filter (program.c) and its unit test. */
#pragma once

#include "service/sandbox/calls.h"

#define TESTS_MAX     4
#define TABLE_NUMBERS 512 /* all call numbers are below */

/* A half of an argument: the kernel passes 64 bits, a filter sees 32.  Both machines are
 * little-endian. */
#define LOW(n)  (2U * (n))
#define HIGH(n) (2U * (n) + 1U)

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

struct test {
    uint32_t word, mask;
    uint32_t n, values[10]; /* the masked word must be one of them */
};

void table_cells(enum sandbox_role role, uint8_t cells[TABLE_NUMBERS]);

uint32_t table_first(void); /* the number of the most frequent call */

/*
 * Returns the tests that must all hold for a cell to allow its call, and the fate if one fails.
 * *n is 0 for a cell without a condition.
 */
enum call_fate table_condition(enum cell cell, const uint32_t key[CALLS_KEY_WORDS],
                               struct test tests[TESTS_MAX], size_t *n);
