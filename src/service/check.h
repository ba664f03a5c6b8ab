/*
 * livescore --check: reports what would keep the service from serving with its configuration,
 * as the user and in the sandbox that it would have.  Changes nothing.
 */
#pragma once

#include "service/config.h"

/*
 * Logs a line for each part that is well and for each finding, with its remedy.  status: of
 * options_parse.  Returns the exit code of the first finding that prevents serving, or EX_OK.
 */
int check_all(const struct config *config, int status);

/* Whether the token file can be used; without it, no client could be answered.  Logs why not.
 */
bool check_tokens(const struct config *config);
