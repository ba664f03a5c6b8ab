/*
 * A command of feeder.  main.c has the table of commands, options.c that of options.  Each
 * command is a file of its own.
 */
#ifndef FEEDER_COMMAND_H
#define FEEDER_COMMAND_H

#include "base/db.h"
#include "feeder/options.h"

struct command {
    const char *name;
    const char *operands; /* as in the usage line */
    int operand_count;    /* the exact number required */
    const char *options;  /* names of its options, besides the common ones */
    const char *summary;
    const char *help; /* a description, in lines of at most 79 columns */

    /* returns an exit code, or -1 with *failure, which main logs */
    int (*run)(const struct options *, struct failure *failure);
};

extern const struct command command_init, command_load, command_add, command_void,
    command_simulate, command_prune, command_status, command_check, command_backup,
    command_upgrade, command_cursor, command_replicate, command_token;

/* database_open for a command that creates a missing database, and reports that. */
int command_open_database(const struct options *options, struct db *db, int64_t input,
                          struct failure *failure);

/*
 * Parses the command line; common options may precede or follow the command.  Returns 0, or -1
 * after logging the error.
 */
int options_parse(struct options *options, int argc, char **argv);

/* Checks that the command takes these options and this number of operands.  Returns 0, or -1
 * after logging the error. */
int options_check(const struct options *options, const struct command *command);

/* Prints the options of a command, or of the tool if it is NULL. */
void options_print_help(const struct command *command);

#endif
