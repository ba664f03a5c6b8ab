/*
 * Names of clubs and players for simulated matches: all invented, with letters of many
 * alphabets, as real ones have.
 */
#pragma once

#include <stdint.h>

#include "base/text/buf.h"

#define NAMES_TEAMS   1000 /* all different */
#define NAMES_PLAYERS 40   /* per team, all with different surnames */

/* Appends a team's name; numbers NAMES_TEAMS apart share one. */
void names_put_team(struct buf *b, uint64_t number);

/* Appends the name of a player, 0 to NAMES_PLAYERS - 1, of the team that `squad`, any number,
 * stands for. */
void names_put_player(struct buf *b, uint64_t squad, int player);
