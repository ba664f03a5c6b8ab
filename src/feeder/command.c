/* The table of commands. */
#include "feeder/command.h"

#include <string.h>

#include "feeder/help.h"

/* clang-format off */
#define COMMAND(name, operands, count, options, summary) \
    {#name, operands, count, options, summary, help_##name, name##_run}
/* clang-format on */

const struct command commands[] = {
    COMMAND(init, "", 0, "", "Creates an empty livescore database"),
    COMMAND(load, "FILE|-", 1,
            "every speed loop format from until follow merge skip-bad dry-run",
            "Loads updates from a file or standard input"),
    COMMAND(add, "MATCH TYPE JSON", 3, "", "Inserts one event and updates the score"),
    COMMAND(void, "ID", 1, "", "Voids one event, and corrects the score"),
    COMMAND(simulate, "", 0, "matches speed loop rate for seed", "Simulates matches"),
    COMMAND(prune, "", 0, "older-than keep-last dry-run force",
            "Deletes the oldest rows of the log"),
    COMMAND(status, "", 0, "json metrics", "Shows what is in the database, and what uses it"),
    COMMAND(check, "", 0, "user repair", "Finds problems, and suggests remedies"),
    COMMAND(backup, "FILE", 1, "force", "Copies the database while it is in use"),
    COMMAND(upgrade, "", 0, "", "Upgrades a database of an older version"),
    COMMAND(cursor, "", 0, "at", "Prints the id of the newest row"),
    COMMAND(replicate, "FILE|-", 1, "rebuild force", "Replicates the log of another livescore"),
    COMMAND(token, "new|list|revoke", 1, "file name match type until",
            "Makes, lists and revokes tokens for readers"),
    {.name = NULL},
};

const struct command *command_find(const char *name)
{
    const struct command *c = commands;

    while (c->name && strcmp(c->name, name) != 0)
        c++;
    return c->name ? c : NULL;
}
