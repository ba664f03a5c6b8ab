/* The command line: one table of options, each with the commands that take it. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/db.h"
#include "feeder/command.h"

static const struct option long_options[] = {
    {"database", required_argument, NULL, 'd'},
    {"quiet", no_argument, NULL, 'q'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {"every", required_argument, NULL, 'e'},
    {"loop", no_argument, NULL, 'l'},
    {NULL, 0, NULL, 0},
};

static const char short_options[] = "d:qhVe:l";

static const struct {
    char letter;
    const char *text;
} descriptions[] = {
    {'d', "-d, --database FILE   the database ($LIVESCORE_DB, or " DB_DEFAULT_PATH ")"},
    {'q', "-q, --quiet           say nothing but errors"},
    {'h', "-h, --help            help for the tool, or for the command named"},
    {'V', "-V, --version         the version, and that of SQLite"},
    {'e', "-e, --every DURATION  an update every so often, such as 500ms, 2s or 1m"},
    {'l', "-l, --loop            begin again at the end, until interrupted"},
};

#define COMMON "dqhV"

static int usage(const struct options *options, const char *what, const char *word)
{
    log_line(&options->log, LOG_ERR, "%s%s: '%s --help' lists what there is", what, word,
             options->program);
    return -1;
}

static int take(struct options *options, int letter, const char *argument)
{
    switch (letter) {
    case 'd': options->db_path = argument; break;
    case 'q': options->quiet = true; break;
    case 'h': options->help = true; break;
    case 'V': options->version = true; break;
    case 'l': options->loop = true; break;
    case 'e':
        if (clock_parse(argument, &options->every_ms) == 0)
            break;
        log_line(&options->log, LOG_ERR,
                 "--every: expected a duration such as 500ms, 2s or 1m, found %s", argument);
        return -1;
    default: return -1; /* getopt has said it */
    }
    return 0;
}

int options_parse(struct options *options, int argc, char **argv)
{
    const char *path = getenv("LIVESCORE_DB");
    int letter;

    *options = (struct options){.program = "feeder", .every_ms = OPTIONS_AT_ONCE};
    log_open(&options->log, options->program);
    options->db_path = path && *path ? path : DB_DEFAULT_PATH;
    while ((letter = getopt_long(argc, argv, short_options, long_options, NULL)) != -1)
        if (take(options, letter, optarg) < 0)
            return letter == '?' ? usage(options, "unknown or incomplete option", "") : -1;
    if (options->db_path[0] == '\0')
        return usage(options, "-d: expected a file name, found nothing", "");
    if (optind < argc)
        options->command = argv[optind++];
    options->operands = argv + optind;
    options->operand_count = argc - optind;
    return 0;
}

int options_check(const struct options *options, const struct command *command)
{
    if (options->every_ms != OPTIONS_AT_ONCE && !strchr(command->options, 'e'))
        return usage(options, "this command has no --every: ", command->name);
    if (options->loop && !strchr(command->options, 'l'))
        return usage(options, "this command has no --loop: ", command->name);
    if (options->operand_count == command->operand_count)
        return 0;
    log_line(&options->log, LOG_ERR, "usage: %s [-d DB] %s%s%s", options->program,
             command->name, command->operands[0] ? " " : "", command->operands);
    return -1;
}

void options_print_help(const struct command *command)
{
    printf("\nOptions:\n");
    for (size_t i = 0; i < sizeof descriptions / sizeof *descriptions; i++)
        if (strchr(COMMON, descriptions[i].letter) ||
            (command && strchr(command->options, descriptions[i].letter)))
            printf("  %s\n", descriptions[i].text);
}
