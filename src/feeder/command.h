/*
 * A command of feeder.  command.c has the table of commands, options.c that of options.  Each
 * command is a file of its own in commands/, with its description in help/.
 */
#pragma once

#include "base/sqlite/db.h"
#include "feeder/options.h"

/* Returns an exit code, or -1 with *failure, which main logs. */
typedef int command_run(const struct options *, struct failure *failure);

struct command {
    const char *name;
    const char *operands; /* as in the usage line */
    int operand_count;    /* the exact number required */
    const char *options;  /* names of its options, besides the common ones */
    const char *summary;
    const char *help; /* a description: help/NAME.txt */
    command_run *run;
};

command_run init_run, load_run, add_run, void_run, simulate_run, prune_run, status_run,
    check_run, backup_run, upgrade_run, cursor_run, replicate_run, token_run;

extern const struct command commands[]; /* up to one without a name */

/* NULL: there is none. */
const struct command *command_find(const char *name);

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
