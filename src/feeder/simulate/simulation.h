/*
 * Simulated matches, as updates that feeder load could read.  They are believable, not a model:
 * 2.7 goals per match, equally likely in every second of play; cards, substitutions, video
 * reviews, stoppage time and, in a level cup match, extra time and a shoot-out.  Three leagues
 * of twenty teams play round by round; every fourth match is one of a cup.
 *
 * The same seed and number of matches give the same updates in the same order on every machine,
 * apart from starts_at: only integers and random.h decide.  No I/O; uses only the caller's
 * memory.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/text/buf.h"
#include "feeder/simulate/random.h"

#define SIMULATION_MATCHES_MAX 500  /* at a time */
#define SIMULATION_TEXT_MAX    1280 /* bytes of an update */
#define SIMULATION_SIDES       2

/* Private, like the fields of the next two. */
struct simulated_side {
    uint64_t team;
    int score, shootout, kicks, substitutions;
    uint32_t on_pitch, booked; /* a bit per player */
};

struct simulated_event {
    const char *type; /* NULL: none */
    int side;         /* credited with the event */
    int player_side, player;
    int replaced; /* the player going off, or -1 */
    const char *detail;
};

struct simulated_match {
    struct random random;
    uint64_t number; /* from 1 */
    int phase, half; /* the present phase; the last one with play */
    int second, end; /* of the half's clock: now, and at the whistle */
    int home_share;  /* of the goals, in percent */
    bool cup;
    int round;
    int64_t announced, kickoff, now; /* in seconds of play; and by the caller's clock */
    struct simulated_side sides[SIMULATION_SIDES];
    struct simulated_event event;
    int64_t at; /* when the next update is due, in seconds of play */
};

struct simulation {
    int64_t now, speed; /* for the caller to set: seconds since 1970 (0: matches have no
                           starts_at), and of play per second */
    uint64_t seed;
    uint64_t begun;
    int matches;
    bool again;
    struct simulated_match slots[SIMULATION_MATCHES_MAX];
};

/* matches: 1 to SIMULATION_MATCHES_MAX.  again: replace each match that is over, without
 * end. */
void simulation_init(struct simulation *s, uint64_t seed, int matches, bool again);

/* Replaces text by the next update, a C string.  Returns when it is due, in seconds of play
 * from the beginning, never less than before; or -1 when all matches are over. */
int64_t simulation_next(struct simulation *s, struct buf *text);
