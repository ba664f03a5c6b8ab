/* The command line: one table of options.  Each command in main.c names its own. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/process/option.h"
#include "feeder/command.h"
#include "feeder/simulate/simulation.h"

#define COMMON "database quiet help version"

static const char *set_speed(void *settings, const char *value)
{
    struct options *options = settings;
    char *end;

    options->speed = strtod(value, &end);
    return strspn(value, "0123456789.") == strlen(value) && *value && *end == '\0' &&
                   options->speed > 0 && options->speed <= OPTIONS_SPEED_MAX
               ? NULL
               : "a number above 0, of at most 1000000";
}

/* What a rule sets. */
#define SETS(type, field) .kind = OPTION_##type, .at = offsetof(struct options, field)
#define FLAG(field)       SETS(FLAG, field)
#define TEXT(field)       SETS(TEXT, field)
#define TIME(field)       SETS(TIME, field), .value = "DURATION"
#define NUMBER(field)     SETS(NUMBER, field), .value = "N"

/* clang-format off */
static const struct option_rule rules[] = {
    {"database", 'd', TEXT(db_path), .min = 1, .value = "FILE",
     .help = "the database ($LIVESCORE_DB, or " DB_DEFAULT_PATH ")"},
    {"quiet", 'q', FLAG(quiet), .help = "print nothing but errors"},
    {"help", 'h', FLAG(help), .help = "print help for feeder, or for a command"},
    {"version", 'V', FLAG(version), .help = "print the versions of feeder and SQLite"},
    {"every", 'e', TIME(every_ms),
     .help = "interval between updates, such as 500ms, 2s or 1m"},
    {"speed", 's', .kind = OPTION_OTHER, .value = "X", .take = set_speed,
     .help = "X times the speed of play: at 60, an hour takes a minute"},
    {"loop", 'l', FLAG(loop), .help = "start over at the end, until interrupted"},
    {"format", 'f', TEXT(format), .value = "FORMAT",
     .help = "of the input: a name, 'list', or an SQL file of your own"},
    {"from", 0, TEXT(from), .value = "WHEN",
     .help = "begin at this day or instant: 2022-12-18T18:00Z"},
    {"until", 0, TEXT(until), .value = "WHEN", .help = "end at this instant, or (load) after this day"},
    {"follow", 0, FLAG(follow),
     .help = "continue with appended lines, until interrupted"},
    {"merge", 0, FLAG(merge),
     .help = "treat updates as a document: insert only what is new in it"},
    {"skip-bad", 0, FLAG(skip_bad), .help = "leave out what is wrong, and insert the rest"},
    {"matches", 'm', NUMBER(matches),
     .help = "number of matches at a time", .min = 1, .max = SIMULATION_MATCHES_MAX},
    {"seed", 0, NUMBER(seed),
     .help = "of the random numbers: the same seed, the same matches", .max = INT64_MAX},
    {"rate", 'r', NUMBER(rate),
     .help = "rows per second, regardless of the clocks of play",
     .min = 1, .max = OPTIONS_RATE_MAX},
    {"for", 0, TIME(for_ms), .help = "run for this time, such as 10s or 2h"},
    {"older-than", 0, TIME(older_ms), .help = "delete rows older than this: 12h, 7d"},
    {"keep-last", 0, NUMBER(keep_last),
     .help = "keep the newest N rows, however old they are",
     .max = OPTIONS_KEEP_MAX},
    {"dry-run", 'n', FLAG(dry_run), .help = "only print what would be done"},
    {"json", 0, FLAG(json), .help = "print a JSON object"},
    {"metrics", 0, FLAG(metrics), .help = "print metrics, for node_exporter's textfile collector"},
    {"user", 0, TEXT(user), .value = "NAME",
     .help = "check the permissions of this user, the service's"},
    {"repair", 0, FLAG(repair), .help = "repair what can be repaired"},
    {"at", 0, FLAG(at), .help = "with the row's hash, for the URL of a stream"},
    {"rebuild", 0, FLAG(rebuild), .help = "start over, from the whole log of the origin"},
    {"file", 0, TEXT(file), .min = 1, .value = "FILE", .help = "the file of tokens"},
    {"name", 0, TEXT(name), .min = 1, .value = "NAME", .help = "the token's, for livescore's log"},
    {"match", 0, TEXT(match), .value = "ID,...", .help = "limit the token to these matches"},
    {"type", 0, TEXT(type), .value = "TYPE,...", .help = "limit the token to these types of rows"},
    {"force", 0, FLAG(force),
     .help = "replace an existing file; delete whatever the clock says"},
};
/* clang-format on */

static const struct option_table table = {.rules = rules, .n = sizeof rules / sizeof *rules};

int options_parse(struct options *options, int argc, char **argv)
{
    const char *path = getenv("LIVESCORE_DB");
    struct option_table logged = table;

    *options = (struct options){.db_path = path && *path ? path : DB_DEFAULT_PATH,
                                .every_ms = OPTIONS_AT_ONCE,
                                .seed = -1,
                                .for_ms = -1,
                                .older_ms = -1};
    log_open(&options->log, "feeder");
    logged.log = &options->log;
    int operand = option_read(&logged, options, argc, argv, &options->given);
    if (operand < 0)
        return -1;
    if (operand < argc)
        options->command = argv[operand++];
    options->operands = argv + operand;
    options->operand_count = argc - operand;
    return 0;
}

static bool has_word(const char *list, const char *word)
{
    struct span rest = span_of(list);

    while (rest.len > 0)
        if (span_is(span_cut(&rest, ' '), word))
            return true;
    return false;
}

/* A bit for each rule that the command takes; NULL: the common ones. */
static uint64_t taken_by(const struct command *command)
{
    uint64_t taken = 0;

    for (size_t i = 0; i < table.n; i++)
        if (has_word(COMMON, rules[i].name) ||
            (command && has_word(command->options, rules[i].name)))
            taken |= UINT64_C(1) << i;
    return taken;
}

int options_check(const struct options *options, const struct command *command)
{
    uint64_t wrong = options->given & ~taken_by(command);

    if (wrong) {
        log_line(&options->log, LOG_ERR, "--%s: %s has no such option: 'feeder help %s'",
                 rules[__builtin_ctzll(wrong)].name, command->name, command->name);
        return -1;
    }
    if (options->operand_count == command->operand_count ||
        (options->format && strcmp(options->format, OPTIONS_FORMAT_LIST) == 0))
        return 0;
    log_line(&options->log, LOG_ERR, "usage: feeder [-d DB] %s%s%s", command->name,
             command->operands[0] ? " " : "", command->operands);
    return -1;
}

void options_print_help(const struct command *command)
{
    printf("\nOptions:\n");
    option_print(&table, taken_by(command));
}
