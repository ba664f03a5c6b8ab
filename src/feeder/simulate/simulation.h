/*
 * Matches that are played by chance, as updates like those that feeder load reads.
 * They are believable, not a model of anything: goals fall with the same chance in each
 * second of play, 2.7 in a match; there are cards, substitutions, video reviews,
 * stoppage time, and in a cup match that is level extra time and a shoot-out.
 *
 * The same seed and number of matches give the same updates in the same order, on
 * every machine: nothing but whole numbers and random.h decides.  No I/O, no memory but
 * the caller's.
 */
#ifndef FEEDER_SIMULATION_H
#define FEEDER_SIMULATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "feeder/simulate/random.h"

#define SIMULATION_MATCHES_MAX 500  /* at the same time */
#define SIMULATION_TEXT_MAX    1024 /* bytes of an update */
#define SIMULATION_SIDES       2

/* Private, as are the fields of the two that follow. */
struct simulated_side {
    uint64_t team;
    int score, shootout, kicks, substitutions;
    uint32_t on_pitch, booked; /* a bit for each player */
};

struct simulated_event {
    const char *type; /* NULL: there is none */
    int side;         /* that it is credited to */
    int player_side, player;
    int replaced; /* the player who goes off, or -1 */
    const char *detail;
};

struct simulated_match {
    struct random random;
    uint64_t number; /* from 1 */
    int phase, half; /* now; the last one in which there was play */
    int second, end; /* of the half's clock: now, and when the whistle goes */
    int home_share;  /* of the goals, in per cent */
    bool cup;
    struct simulated_side sides[SIMULATION_SIDES];
    struct simulated_event event;
    int64_t at; /* when the next update is due, in seconds of play */
};

struct simulation {
    uint64_t seed;
    uint64_t begun; /* matches */
    int matches;
    bool again;
    struct simulated_match slots[SIMULATION_MATCHES_MAX];
};

/* matches: 1 to SIMULATION_MATCHES_MAX.  again: a match that is over makes room for
 * another, without end. */
void simulation_init(struct simulation *s, uint64_t seed, int matches, bool again);

/* Replaces what is in text by the next update, a C string.  Returns when it is due, in
 * seconds of play since the beginning, never less than the time before; or -1: all is over. */
int64_t simulation_next(struct simulation *s, struct buf *text);

#endif
