/*
 * The command line of livescore.
 */
#ifndef SERVICE_OPTIONS_H
#define SERVICE_OPTIONS_H

#include "service/config.h"

/*
 * Fills the config: defaults, the environment, the command line.  Returns -1 to go on;
 * or an exit code, after help or the version were printed, or what is wrong was logged.
 */
int options_parse(struct config *config, int argc, char **argv);

#endif
