/*
 * The command line of livescore.
 */
#pragma once

#include "service/config.h"

/*
 * Fills the config from defaults, the environment and the command line.  Returns -1 to
 * continue, or an exit code after printing help or the version, or after logging the errors.
 */
int options_parse(struct config *config, int argc, char **argv);
