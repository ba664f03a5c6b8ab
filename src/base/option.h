/*
 * The options of a program, in one table: the command line is read by it, the defaults are in
 * it, and --help prints it.
 */
#ifndef BASE_OPTION_H
#define BASE_OPTION_H

#include <stddef.h>
#include <stdint.h>

#include "base/log.h"

/* What an option sets: a bool, a const char *, an int64_t of milliseconds, an int64_t, a
 * size_t, or what its own function does. */
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
    size_t at;           /* offset in the settings of what it sets */
    const char *value;   /* what --help calls its value; NULL: it has none */
    const char *help;    /* lines of at most 60 columns */
    const char *initial; /* the default, as it would be typed; NULL: what the settings are */
    int64_t min, max;    /* of a number; min: of ms, or of bytes, 0 or 1 */
    const char *(*take)(void *settings,
                        const char *value); /* returns NULL, or what it expects */
};

#define OPTION_RULES_MAX 64

struct option_table {
    const struct option_rule *rules;
    size_t n;
    const struct log *log; /* its name is the program's */
};

/* Sets the defaults, then what the command line says; *given has a bit for each rule that was
 * used.  Returns the index of the first operand, behind which all are; or -1, with a line in
 * the log. */
int option_read(const struct option_table *table, void *settings, int argc, char **argv,
                uint64_t *given);

/* Prints the rules that have a bit in `which`, as --help shows them. */
void option_print(const struct option_table *table, uint64_t which);

#endif
