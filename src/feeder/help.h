/* What `feeder help COMMAND` says of each command. */
#include "base/embed.h"

EMBED(help_add, "src/feeder/help/add.txt")
EMBED(help_backup, "src/feeder/help/backup.txt")
EMBED(help_check, "src/feeder/help/check.txt")
EMBED(help_cursor, "src/feeder/help/cursor.txt")
EMBED(help_init, "src/feeder/help/init.txt")
EMBED(help_load, "src/feeder/help/load.txt")
EMBED(help_prune, "src/feeder/help/prune.txt")
EMBED(help_replicate, "src/feeder/help/replicate.txt")
EMBED(help_simulate, "src/feeder/help/simulate.txt")
EMBED(help_status, "src/feeder/help/status.txt")
EMBED(help_token, "src/feeder/help/token.txt")
EMBED(help_upgrade, "src/feeder/help/upgrade.txt")
EMBED(help_void, "src/feeder/help/void.txt")
