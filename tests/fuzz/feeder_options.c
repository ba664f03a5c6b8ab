/*
 * Fuzz target: a command line of feeder, up to and including the command.
 *
 * It is refused with one line in the log, or all its values are within bounds and the command
 * has all operands that it reads.
 */
#include <math.h>
#include <unistd.h>

#include "command_line.h"
#include "feeder/command.h"
#include "feeder/simulate/simulation.h"

static bool is_duration(int64_t ms)
{
    return ms >= 0 && ms <= INT64_C(1000) * 86400 * 1000;
}

static void check(const struct options *o, int argc)
{
    must(o->db_path && o->db_path[0] && o->operand_count >= 0 && o->operand_count < argc);
    must(o->speed == 0 ||
         (isfinite(o->speed) && o->speed > 0 && o->speed <= OPTIONS_SPEED_MAX));
    must(o->every_ms == OPTIONS_AT_ONCE || is_duration(o->every_ms));
    must(o->for_ms == -1 || is_duration(o->for_ms));
    must(o->older_ms == -1 || is_duration(o->older_ms));
    must(o->matches >= 0 && o->matches <= SIMULATION_MATCHES_MAX);
    must(o->rate >= 0 && o->rate <= OPTIONS_RATE_MAX && o->seed >= -1);
    must(o->keep_last >= 0 && o->keep_last <= OPTIONS_KEEP_MAX);
    for (int i = 0; i < o->operand_count; i++)
        must(o->operands[i]);
    must(!o->operands[o->operand_count]);
}

static void check_command(const struct options *o, const struct command *command)
{
    command_line_logged = 0;
    int rc = options_check(o, command);
    must(command_line_logged == (rc < 0));
    if (rc == 0 && !o->format)
        must(o->operand_count == command->operand_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct command_line line;
    struct options options;

    command_line_make(&line, data, size);
    int rc = options_parse(&options, line.argc, line.argv);
    must(rc == 0 ? command_line_logged == 0 : rc == -1 && command_line_logged > 0);
    if (rc < 0)
        return 0;
    check(&options, line.argc);
    for (const struct command *c = commands; c->name; c++)
        check_command(&options, c);
    return 0;
}
