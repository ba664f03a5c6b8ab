/*
 * A command of feeder, and what it is told on the command line.  main.c has
 * the table of commands, options.c that of options; each command is a file of
 * its own and reports what fails through the log.
 */
#ifndef FEEDER_COMMAND_H
#define FEEDER_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/log.h"

#define OPTIONS_AT_ONCE     (-1)
#define OPTIONS_GIVEN_MAX   64
#define OPTIONS_KEEP_MAX    INT64_C(1000000000000)
#define OPTIONS_SPEED_MAX   1000000
#define OPTIONS_RATE_MAX    1000000
#define OPTIONS_FORMAT_LIST "list" /* in place of a format; needs no operand */

struct options {
    struct log log;
    const char *program;
    const char *db_path;
    const char *command; /* NULL: none was named */
    char **operands;     /* of the command */
    int operand_count;
    bool quiet, help, version;
    int64_t every_ms; /* between updates, or OPTIONS_AT_ONCE */
    double speed;     /* how much faster than play, or 0: not given */
    bool loop, follow;
    const char *format;          /* a name or a path, or NULL */
    const char *from, *until;    /* instants as they were written, or NULL */
    int64_t matches, rate;       /* 0: not given */
    int64_t seed, for_ms;        /* -1: not given */
    int64_t older_ms, keep_last; /* -1, 0: not given */
    bool dry_run, json, repair, force;
    const char *user;              /* or NULL */
    char given[OPTIONS_GIVEN_MAX]; /* the letters of the options given */
};

struct command {
    const char *name;
    const char *operands; /* as the usage line shows them */
    int operand_count;    /* exactly this many are needed */
    const char *options;  /* the letters of those it takes, beside the common ones */
    const char *summary;
    const char *help;                   /* what it does, in lines of at most 79 columns */
    int (*run)(const struct options *); /* returns an exit code */
};

extern const struct command command_init, command_load, command_add, command_void,
    command_simulate, command_prune, command_status, command_check, command_backup;

/*
 * Reads the command line: common options may stand before and behind the command.
 * Returns 0, or -1 if it makes no sense, after saying so in the log.
 */
int options_parse(struct options *options, int argc, char **argv);

/* Whether the command takes all the options and as many operands as were given.
 * Returns 0 or -1, as above. */
int options_check(const struct options *options, const struct command *command);

/* The lines of a command's help, or of the tool's, that tell about options. */
void options_print_help(const struct command *command);

#endif
