/*
 * feeder: puts updates into a livescore database.  See feeder(1) and `feeder --help`. Each
 * command is a file in commands/.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/sqlite/db.h"
#include "feeder/command.h"

static void print_help(void)
{
    printf("Usage: feeder [-d DB] COMMAND [OPTION...] [OPERAND...]\n"
           "Puts updates into a livescore database; every row is live at once.\n\n"
           "Commands:\n");
    for (const struct command *c = commands; c->name; c++)
        printf("  %-9s %-16s %s\n", c->name, c->operands, c->summary);
    options_print_help(NULL);
    printf("\n'feeder help COMMAND' describes a command; feeder(1) describes them all.\n");
}

static void print_command_help(const struct command *command)
{
    printf("Usage: feeder [-d DB] %s%s%s%s\n%s.\n\n%s", command->name,
           command->options[0] ? " [OPTION...]" : "", command->operands[0] ? " " : "",
           command->operands, command->summary, command->help);
    options_print_help(command);
}

static int unknown(const struct options *options, const char *name)
{
    log_line(&options->log, LOG_ERR, "%s: no such command: 'feeder --help' lists them", name);
    return EX_USAGE;
}

/* `feeder --help`, `feeder help`, `feeder help load`, `feeder load --help`. */
static int help(const struct options *options)
{
    const char *name = options->command;

    if (name && strcmp(name, "help") == 0)
        name = options->operand_count > 0 ? options->operands[0] : NULL;
    if (!name) {
        print_help();
        return EX_OK;
    }
    const struct command *command = command_find(name);
    if (!command)
        return unknown(options, name);
    print_command_help(command);
    return EX_OK;
}

static int run(const struct options *options)
{
    if (options->version) {
        printf("feeder (livescore) %s, SQLite %s\n", LIVESCORE_VERSION, db_library_version());
        return EX_OK;
    }
    if (options->help || (options->command && strcmp(options->command, "help") == 0))
        return help(options);
    if (!options->command) {
        log_line(&options->log, LOG_ERR, "expected a command: 'feeder --help' lists them");
        return EX_USAGE;
    }
    const struct command *command = command_find(options->command);
    if (!command)
        return unknown(options, options->command);
    if (options_check(options, command) < 0)
        return EX_USAGE;
    struct failure failure = {.status = EX_SOFTWARE};
    int status = command->run(options, &failure);
    return status < 0 ? failure_log(&failure, &options->log) : status;
}

int main(int argc, char **argv)
{
    struct options options;
    int status = options_parse(&options, argc, argv) < 0 ? EX_USAGE : run(&options);

    if (fflush(stdout) == EOF || ferror(stdout)) {
        log_line(&options.log, LOG_ERR, "can't write to standard output");
        return status == EX_OK ? EX_IOERR : status;
    }
    return status;
}
