/*
 * Names for matches that are played by nobody: clubs and players, all invented,
 * with letters of many alphabets, since real ones have them too.
 */
#ifndef FEEDER_NAMES_H
#define FEEDER_NAMES_H

#include <stdint.h>

#include "base/buf.h"

#define NAMES_TEAMS   1000 /* different ones */
#define NAMES_PLAYERS 40   /* of one team, all with different surnames */

/* Appends the name of a team; numbers NAMES_TEAMS apart have the same. */
void names_put_team(struct buf *b, uint64_t number);

/* Appends the name of a player, 0 to NAMES_PLAYERS - 1, of the team that `squad` stands
 * for: any number. */
void names_put_player(struct buf *b, uint64_t squad, int player);

#endif
