/*
 * A command of feeder.  main.c has the table of commands, options.c that of options; each
 * command is a file of its own.
 */
#ifndef FEEDER_COMMAND_H
#define FEEDER_COMMAND_H

#include "base/db.h"
#include "feeder/options.h"

struct command {
    const char *name;
    const char *operands; /* as the usage line shows them */
    int operand_count;    /* exactly this many are needed */
    const char *options;  /* the names of those it takes, beside the common ones */
    const char *summary;
    const char *help; /* what it does, in lines of at most 79 columns */

    /* Returns an exit code, or -1 with *failure, which main then logs. */
    int (*run)(const struct options *, struct failure *failure);
};

extern const struct command command_init, command_load, command_add, command_void,
    command_simulate, command_prune, command_status, command_check, command_backup,
    command_upgrade, command_cursor, command_replicate;

/* For a command that creates the database if there is none, and says so: as database_open. */
int command_open_database(const struct options *options, struct db *db, int64_t input,
                          struct failure *failure);

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
