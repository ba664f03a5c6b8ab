/*
 * A program's options in one table, from which the command line is parsed, the defaults are set
 * and --help is printed.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/process/log.h"

/* What an option sets: a bool, a const char *, milliseconds as an int64_t, an int64_t, a
 * size_t, or whatever its own function does. */
enum option_kind {
    OPTION_FLAG,
    OPTION_TEXT,
    OPTION_TIME,
    OPTION_NUMBER,
    OPTION_COUNT,
    OPTION_OTHER
};

struct option_rule {
    const char *name; /* without the -- */
    char letter;      /* or '\0' */
    enum option_kind kind;
    size_t at;           /* offset of the field in the settings */
    const char *value;   /* the value's name in --help; NULL: no value */
    const char *help;    /* lines of at most 60 columns */
    const char *initial; /* the default, as typed; NULL: as in the settings */
    int64_t min, max;    /* of a number; min: also of milliseconds, or of bytes (0 or 1) */
    const char *(*take)(void *settings, const char *value); /* NULL, or what it expects */
};

#define OPTION_RULES_MAX 64

struct option_table {
    const struct option_rule *rules;
    size_t n;
    const struct log *log; /* its name is the program's */
};

/* Sets the defaults, then what the command line says.  *given has a bit for each rule used.
 * Returns the index of the first operand, which all others follow; or -1 after logging each
 * error. */
int option_read(const struct option_table *table, void *settings, int argc, char **argv,
                uint64_t *given);

/* Prints the rules whose bits are in `which`, for --help. */
void option_print(const struct option_table *table, uint64_t which);
