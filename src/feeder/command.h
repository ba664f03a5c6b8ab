/*
 * A command of feeder.  main.c has the table of commands, options.c that of options; each
 * command is a file of its own and reports what fails through the log.
 */
#ifndef FEEDER_COMMAND_H
#define FEEDER_COMMAND_H

#include "feeder/options.h"

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
    command_simulate, command_prune, command_status, command_check, command_backup,
    command_upgrade;

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
