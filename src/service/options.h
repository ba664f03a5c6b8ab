/*
 * The command line of livescore.
 */
#ifndef SERVICE_OPTIONS_H
#define SERVICE_OPTIONS_H

#include "service/config.h"

/*
 * Fills the config from defaults, the environment and the command line.  Returns -1 to
 * continue, or an exit code after printing help or the version, or after logging the errors.
 */
int options_parse(struct config *config, int argc, char **argv);

#endif
