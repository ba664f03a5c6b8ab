/* The command line: one table of options, each with the commands that take it. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/db.h"
#include "feeder/command.h"
#include "feeder/simulate/simulation.h"

static const struct option long_options[] = {
    {"database", required_argument, NULL, 'd'},
    {"quiet", no_argument, NULL, 'q'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {"every", required_argument, NULL, 'e'},
    {"loop", no_argument, NULL, 'l'},
    {"speed", required_argument, NULL, 's'},
    {"matches", required_argument, NULL, 'm'},
    {"seed", required_argument, NULL, 'S'},
    {"rate", required_argument, NULL, 'r'},
    {"for", required_argument, NULL, 'T'},
    {"older-than", required_argument, NULL, 'o'},
    {"keep-last", required_argument, NULL, 'k'},
    {"dry-run", no_argument, NULL, 'n'},
    {"json", no_argument, NULL, 'j'},
    {"format", required_argument, NULL, 'f'},
    {"from", required_argument, NULL, 'F'},
    {"until", required_argument, NULL, 'U'},
    {"follow", no_argument, NULL, 'w'},
    {"merge", no_argument, NULL, 'M'},
    {"skip-bad", no_argument, NULL, 'b'},
    {"user", required_argument, NULL, 'u'},
    {"repair", no_argument, NULL, 'R'},
    {"force", no_argument, NULL, 'x'},
    {NULL, 0, NULL, 0},
};

static const char short_options[] = "d:qhVe:lf:s:m:r:n";

static const struct {
    char letter;
    const char *text;
} descriptions[] = {
    {'d', "-d, --database FILE   the database ($LIVESCORE_DB, or " DB_DEFAULT_PATH ")"},
    {'q', "-q, --quiet           say nothing but errors"},
    {'h', "-h, --help            help for the tool, or for the command named"},
    {'V', "-V, --version         the version, and that of SQLite"},
    {'e', "-e, --every DURATION  an update every so often, such as 500ms, 2s or 1m"},
    {'s', "-s, --speed X         X times as fast as play: 60 makes an hour a minute"},
    {'l', "-l, --loop            begin again at the end, until interrupted"},
    {'f', "-f, --format FORMAT   the input's: a name, 'list', or an SQL file of your own"},
    {'F', "    --from WHEN       only from a day or an instant on: 2022-12-18T18:00Z"},
    {'U', "    --until WHEN      only up to then, a bare day included"},
    {'w', "    --follow          go on with lines that are appended, until interrupted"},
    {'M', "    --merge           updates are a document: only what is new in it goes in"},
    {'b', "    --skip-bad        leave out what is wrong, and put in the rest"},
    {'m', "-m, --matches N       so many side by side"},
    {'S', "    --seed N          what chance begins with: the same gives the same"},
    {'r', "-r, --rate N          so many rows a second, whatever the clocks of play say"},
    {'T', "    --for DURATION    so long, such as 10s or 2h"},
    {'o', "    --older-than DURATION  rows that came longer ago than that: 12h, 7d"},
    {'k', "    --keep-last N     but the newest N rows stay, however old they are"},
    {'n', "-n, --dry-run         only say what would be done"},
    {'j', "    --json            as one JSON object"},
    {'u', "    --user NAME       may this one, the service's user, do what it has to?"},
    {'R', "    --repair          put right what can be"},
    {'x',
     "    --force           replace the file that is there; delete whatever the clock says"},
};

#define COMMON "dqhV"

static int usage(const struct options *options, const char *what, const char *word)
{
    log_line(&options->log, LOG_ERR, "%s%s: '%s --help' lists what there is", what, word,
             options->program);
    return -1;
}

static int take_speed(struct options *options, const char *argument)
{
    char *end;

    options->speed = strtod(argument, &end);
    if (strspn(argument, "0123456789.") == strlen(argument) && *argument && *end == '\0' &&
        options->speed > 0 && options->speed <= OPTIONS_SPEED_MAX)
        return 0;
    log_line(&options->log, LOG_ERR,
             "--speed: expected a number above 0, of at most %d, found %s", OPTIONS_SPEED_MAX,
             argument);
    return -1;
}

static int take_number(const struct options *options, const char *name, const char *argument,
                       int64_t min, int64_t max, int64_t *n)
{
    if (span_to_int(span_of(argument), max, n) == 0 && *n >= min)
        return 0;
    log_line(&options->log, LOG_ERR,
             "--%s: expected a number from %" PRId64 " to %" PRId64 ", found %s", name, min,
             max, argument);
    return -1;
}

static int take_duration(const struct options *options, const char *name, const char *argument,
                         int64_t *ms)
{
    if (clock_parse(argument, ms) == 0)
        return 0;
    log_line(&options->log, LOG_ERR,
             "--%s: expected a duration such as 500ms, 2s or 1m, found %s", name, argument);
    return -1;
}

static void note(struct options *options, int letter)
{
    size_t n = strlen(options->given);

    if (n + 1 < sizeof options->given && !strchr(options->given, letter))
        options->given[n] = (char)letter;
}

static int take(struct options *options, int letter, const char *argument)
{
    switch (letter) {
    case 'd': options->db_path = argument; break;
    case 'q': options->quiet = true; break;
    case 'h': options->help = true; break;
    case 'V': options->version = true; break;
    case 'l': options->loop = true; break;
    case 'w': options->follow = true; break;
    case 'M': options->merge = true; break;
    case 'b': options->skip_bad = true; break;
    case 'f': options->format = argument; break;
    case 'F': options->from = argument; break;
    case 'U': options->until = argument; break;
    case 's': return take_speed(options, argument);
    case 'e': return take_duration(options, "every", argument, &options->every_ms);
    case 'T': return take_duration(options, "for", argument, &options->for_ms);
    case 'S': return take_number(options, "seed", argument, 0, INT64_MAX, &options->seed);
    case 'm':
        return take_number(options, "matches", argument, 1, SIMULATION_MATCHES_MAX,
                           &options->matches);
    case 'r':
        return take_number(options, "rate", argument, 1, OPTIONS_RATE_MAX, &options->rate);
    case 'n': options->dry_run = true; break;
    case 'j': options->json = true; break;
    case 'u': options->user = argument; break;
    case 'R': options->repair = true; break;
    case 'x': options->force = true; break;
    case 'o': return take_duration(options, "older-than", argument, &options->older_ms);
    case 'k':
        return take_number(options, "keep-last", argument, 0, OPTIONS_KEEP_MAX,
                           &options->keep_last);
    default: return -1; /* getopt has said it */
    }
    return 0;
}

int options_parse(struct options *options, int argc, char **argv)
{
    const char *path = getenv("LIVESCORE_DB");
    int letter;

    *options = (struct options){.program = "feeder",
                                .every_ms = OPTIONS_AT_ONCE,
                                .seed = -1,
                                .for_ms = -1,
                                .older_ms = -1};
    log_open(&options->log, options->program);
    options->db_path = path && *path ? path : DB_DEFAULT_PATH;
    while ((letter = getopt_long(argc, argv, short_options, long_options, NULL)) != -1) {
        if (take(options, letter, optarg) < 0)
            return letter == '?' ? usage(options, "unknown or incomplete option", "") : -1;
        note(options, letter);
    }
    if (options->db_path[0] == '\0')
        return usage(options, "-d: expected a file name, found nothing", "");
    if (optind < argc)
        options->command = argv[optind++];
    options->operands = argv + optind;
    options->operand_count = argc - optind;
    return 0;
}

static const char *long_name(char letter)
{
    const struct option *o = long_options;

    while (o->val != letter)
        o++;
    return o->name;
}

int options_check(const struct options *options, const struct command *command)
{
    for (const char *letter = options->given; *letter; letter++)
        if (!strchr(COMMON, *letter) && !strchr(command->options, *letter)) {
            log_line(&options->log, LOG_ERR, "--%s: %s has no such option: '%s help %s'",
                     long_name(*letter), command->name, options->program, command->name);
            return -1;
        }
    if (options->operand_count == command->operand_count ||
        (options->format && strcmp(options->format, OPTIONS_FORMAT_LIST) == 0))
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
