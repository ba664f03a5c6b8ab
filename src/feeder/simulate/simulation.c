/* A match is a sequence of phases.  In those with play, each second is drawn for an event. */
#include "feeder/simulate/simulation.h"

#include <inttypes.h>
#include <stddef.h>
#include <time.h>

#include "feeder/simulate/names.h"

enum { HOME, AWAY };
enum { PLAYERS = 18, STARTERS = 11, FEWEST = 8, SUBSTITUTIONS = 5 };
enum {
    BEAT = 60,            /* maximum seconds of play between updates */
    KICKOFF_FIRST = 60,   /* minimum after the announcement ... */
    KICKOFF_SPREAD = 240, /* ... plus up to this, at random */
    NEXT_MATCH = 300,     /* after the end of one */
    KICK = 40,            /* between kicks of a shoot-out */
    KICKS = 5,            /* per side, before sudden death */
    SCORED_OF_100 = 75,   /* of penalties in a shoot-out */
    LEAGUES = 3,          /* of every four matches, one each; the other is a cup match */
    LEAGUE_TEAMS = 20,
    HOME_SHARE = 42,                   /* of the goals, at least ... */
    HOME_SHARE_SPREAD = 26,            /* ... plus up to this, at random */
    MATCH_SECONDS = 90 * 60,           /* the basis of the chances below */
    CHANCES_IN = 1000 * MATCH_SECONDS, /* odds of a chance of one, per second */
};

enum phase {
    SCHEDULED,
    FIRST_HALF,
    HALF_TIME,
    SECOND_HALF,
    EXTRA_FIRST,
    EXTRA_SECOND,
    SHOOTOUT,
    OVER,
};

/* Minutes on the clock; of stoppage, plus a random number up to spread; seconds of rest before
 * the phase. */
static const struct {
    const char *status;
    int from, to, stoppage, spread, rest;
} phases[] = {
    [SCHEDULED] = {.status = "Scheduled"},
    [FIRST_HALF] = {"First Half", 0, 45, 1, 4, 0},
    [HALF_TIME] = {.status = "Half Time"},
    [SECOND_HALF] = {"Second Half", 45, 90, 2, 6, 900},
    [EXTRA_FIRST] = {"Extra Time", 90, 105, 0, 2, 300},
    [EXTRA_SECOND] = {"Extra Time", 105, 120, 0, 3, 120},
    [SHOOTOUT] = {.status = "Penalty Shoot-out", .rest = 240},
    [OVER] = {.status = NULL}, /* depends on what was played */
};

/* Events, and their number in a thousand matches of 90 minutes. */
enum kind { GOAL, PENALTY, OWN_GOAL, MISS, YELLOW, RED, VAR, SUBSTITUTION, KINDS };

static const struct {
    const char *type;
    int chances;
} kinds[KINDS] = {
    [GOAL] = {"goal", 2200},
    [PENALTY] = {"penalty", 220},
    [OWN_GOAL] = {"own-goal", 75},
    [MISS] = {"missed-penalty", 70},
    [YELLOW] = {"yellow-card", 3600},
    [RED] = {"red-card", 60},
    [VAR] = {"var", 300},
    [SUBSTITUTION] = {"substitution", 16000},
};

static const char *const reviews[] = {
    "no penalty", "goal disallowed, offside", "handball, no goal", "no red card", "no offence",
};

static bool is_play(int phase)
{
    return phase == FIRST_HALF || phase == SECOND_HALF || phase == EXTRA_FIRST ||
           phase == EXTRA_SECOND;
}

static bool is_level(const struct simulated_match *m)
{
    return m->sides[HOME].score == m->sides[AWAY].score;
}

/* A round-robin: in round r, pair p is of the teams r + p and r - p, modulo 19; pair 0 is of
 * team r and the twentieth.  Cup matches are between any teams. */
static void draw_teams(struct simulated_match *m, uint64_t first)
{
    uint64_t league = m->number % (LEAGUES + 1), pair = m->number / (LEAGUES + 1),
             turns = LEAGUE_TEAMS - 1, teams[SIMULATION_SIDES];

    m->round = (int)(pair / (LEAGUE_TEAMS / 2) % (2 * turns)) + 1;
    pair %= LEAGUE_TEAMS / 2;
    teams[HOME] = ((uint64_t)m->round + pair) % turns;
    teams[AWAY] = pair == 0 ? turns : ((uint64_t)m->round + turns - pair) % turns;
    for (int i = 0; i < SIMULATION_SIDES; i++) {
        uint64_t team = m->cup ? 2 * m->number + (uint64_t)i
                               : league * LEAGUE_TEAMS + teams[m->round % 2 ? i : 1 - i];
        m->sides[i] = (struct simulated_side){.team = (first + team) % NAMES_TEAMS,
                                              .on_pitch = (1u << STARTERS) - 1};
    }
}

static void begin(struct simulation *s, struct simulated_match *m, int64_t at)
{
    struct random random = {s->seed};
    uint64_t number = ++s->begun;
    uint64_t first_team = random_next(&random) % NAMES_TEAMS;

    random.state += number;
    random.state = random_next(&random); /* unlike those of other numbers */
    *m = (struct simulated_match){
        .random = random, .number = number, .at = at, .announced = at, .now = s->now};
    m->cup = number % (LEAGUES + 1) == 0;
    m->home_share = HOME_SHARE + random_below(&m->random, HOME_SHARE_SPREAD);
    m->kickoff = at + KICKOFF_FIRST + random_below(&m->random, KICKOFF_SPREAD);
    draw_teams(m, first_team);
}

static void enter(struct simulated_match *m, enum phase phase)
{
    m->at += phases[phase].rest;
    m->phase = (int)phase;
    if (!is_play(m->phase))
        return;
    m->half = m->phase;
    m->second = phases[phase].from * 60;
    m->end = 60 * (phases[phase].to + phases[phase].stoppage +
                   random_below(&m->random, phases[phase].spread)) +
             random_below(&m->random, 60);
}

/* The final whistle of a half. */
static void end_half(struct simulated_match *m)
{
    switch (m->phase) {
    case FIRST_HALF: enter(m, HALF_TIME); break;
    case SECOND_HALF: enter(m, m->cup && is_level(m) ? EXTRA_FIRST : OVER); break;
    case EXTRA_FIRST: enter(m, EXTRA_SECOND); break;
    default: enter(m, is_level(m) ? SHOOTOUT : OVER);
    }
}

/* A player on the pitch other than the goalkeeper. */
static int draw_player(struct simulated_match *m, int side)
{
    int player;

    do
        player = 1 + random_below(&m->random, PLAYERS - 1);
    while (!(m->sides[side].on_pitch >> player & 1));
    return player;
}

static bool send_off(struct simulated_side *side, int player)
{
    if (__builtin_popcount(side->on_pitch) <= FEWEST)
        return false;
    side->on_pitch &= ~(1u << player);
    return true;
}

static bool book(struct simulated_side *side, struct simulated_event *event)
{
    uint32_t bit = 1u << event->player;

    if (side->booked & bit) {
        event->type = "second-yellow";
        return send_off(side, event->player);
    }
    side->booked |= bit;
    return true;
}

static bool substitute(struct simulated_side *side, struct simulated_event *event)
{
    if (side->substitutions == SUBSTITUTIONS)
        return false;
    event->replaced = event->player;
    event->player = STARTERS + side->substitutions++;
    side->on_pitch &= ~(1u << event->replaced);
    side->on_pitch |= 1u << event->player;
    return true;
}

static bool happen(struct simulated_match *m, enum kind kind)
{
    bool attack = kind == GOAL || kind == PENALTY || kind == OWN_GOAL || kind == MISS;
    int home_share = attack ? m->home_share : 50;
    int side = random_below(&m->random, 100) < home_share ? HOME : AWAY;
    int player_side = kind == OWN_GOAL ? !side : side;
    struct simulated_event event = {.type = kinds[kind].type,
                                    .side = side,
                                    .player_side = player_side,
                                    .player = draw_player(m, player_side),
                                    .replaced = -1};
    bool could = true;

    switch (kind) {
    case GOAL:
    case PENALTY:
    case OWN_GOAL: m->sides[side].score++; break;
    case YELLOW: could = book(&m->sides[side], &event); break;
    case RED: could = send_off(&m->sides[side], event.player); break;
    case SUBSTITUTION:
        could = m->half != FIRST_HALF && substitute(&m->sides[side], &event);
        break;
    case VAR:
        event.detail = reviews[random_below(&m->random, sizeof reviews / sizeof *reviews)];
        break;
    default: break;
    }
    if (could)
        m->event = event;
    return could;
}

/* Plays a second.  Returns whether there was an event. */
static bool play_second(struct simulated_match *m)
{
    int drawn = random_below(&m->random, CHANCES_IN);

    for (int kind = 0; kind < KINDS; kind++) {
        if (drawn < kinds[kind].chances)
            return happen(m, (enum kind)kind);
        drawn -= kinds[kind].chances;
    }
    return false;
}

static void play(struct simulated_match *m)
{
    do {
        m->at++;
        if (++m->second == m->end) {
            end_half(m);
            return;
        }
        if (play_second(m))
            return;
    } while (m->second % BEAT != 0);
}

/* Whether one side can't be caught any more. */
static bool is_decided(const struct simulated_match *m)
{
    const struct simulated_side *home = &m->sides[HOME], *away = &m->sides[AWAY];
    int lead = home->shootout - away->shootout;

    if (home->kicks >= KICKS && away->kicks >= KICKS)
        return home->kicks == away->kicks && lead != 0;
    return lead > KICKS - away->kicks || -lead > KICKS - home->kicks;
}

static void kick(struct simulated_match *m)
{
    int side = m->sides[HOME].kicks > m->sides[AWAY].kicks ? AWAY : HOME;
    bool scored = random_below(&m->random, 100) < SCORED_OF_100;

    m->at += KICK;
    m->sides[side].kicks++;
    m->sides[side].shootout += scored;
    m->event = (struct simulated_event){.type = scored ? "shootout-goal" : "shootout-miss",
                                        .side = side,
                                        .player_side = side,
                                        .player = draw_player(m, side),
                                        .replaced = -1};
}

/* Moves to the next update of a match that is not over. */
static void advance(struct simulated_match *m)
{
    m->event = (struct simulated_event){.type = NULL};
    if (m->phase == SCHEDULED) {
        m->at = m->kickoff;
        enter(m, FIRST_HALF);
    } else if (m->phase == HALF_TIME) {
        enter(m, SECOND_HALF);
    } else if (m->phase == SHOOTOUT && is_decided(m)) {
        enter(m, OVER);
    } else if (m->phase == SHOOTOUT) {
        kick(m);
    } else {
        play(m);
    }
}

static const char *status(const struct simulated_match *m)
{
    if (m->phase != OVER)
        return phases[m->phase].status;
    return m->half == SECOND_HALF      ? "Full Time"
           : m->sides[HOME].kicks == 0 ? "After Extra Time"
                                       : "After Penalties";
}

/* "23:15", or "45+2" in the 47th minute. */
static void put_time(struct buf *b, const struct simulated_match *m)
{
    int beyond = m->second - 60 * phases[m->half].to;

    buf_puts(b, "\"time\":\"");
    if (beyond < 0 || m->half == SCHEDULED)
        buf_printf(b, "%d:%02d\"", m->second / 60, m->second % 60);
    else
        buf_printf(b, "%d+%d\"", phases[m->half].to, beyond / 60 + 1);
}

static void put_player(struct buf *b, const struct simulated_match *m, const char *field,
                       int side, int player)
{
    buf_printf(b, ",\"%s\":\"", field);
    names_put_player(b, m->sides[side].team, player);
    buf_putc(b, '"');
}

static void put_event(struct buf *b, const struct simulated_match *m)
{
    const struct simulated_event *e = &m->event;

    buf_putc(b, '{');
    put_time(b, m);
    buf_printf(b, ",\"type\":\"%s\",\"team\":\"%s\"", e->type,
               e->side == HOME ? "home" : "away");
    put_player(b, m, "player", e->player_side, e->player);
    if (e->replaced >= 0)
        put_player(b, m, "replaces", e->player_side, e->replaced);
    if (e->detail)
        buf_printf(b, ",\"detail\":\"%s\"", e->detail);
    buf_putc(b, '}');
}

static void put_competition(struct buf *b, const struct simulation *s,
                            const struct simulated_match *m)
{
    static const char *const leagues[] = {"Union Cup", "Northern League", "Southern League",
                                          "Island League"};
    char when[sizeof "2026-11-27T19:00:00Z"] = "";
    time_t kickoff =
        (time_t)(m->now + (m->kickoff - m->announced) / (s->speed > 0 ? s->speed : 1));
    struct tm tm;

    buf_printf(b, ",\"competition\":\"%s\",\"round\":\"", leagues[m->number % (LEAGUES + 1)]);
    buf_printf(b, m->cup ? "Quarter-final\"" : "Matchday %d\"", m->round);
    if (m->now > 0 && gmtime_r(&kickoff, &tm) &&
        strftime(when, sizeof when, "%Y-%m-%dT%H:%M:00Z", &tm) > 0)
        buf_printf(b, ",\"starts_at\":\"%s\"", when);
}

static void put_update(struct buf *b, const struct simulation *s,
                       const struct simulated_match *m)
{
    const struct simulated_side *home = &m->sides[HOME], *away = &m->sides[AWAY];

    buf_printf(b, "{\"match_id\":\"sim-%" PRIu64 "-%" PRIu64 "\",\"home_team\":\"", s->seed,
               m->number);
    names_put_team(b, home->team);
    buf_puts(b, "\",\"away_team\":\"");
    names_put_team(b, away->team);
    buf_printf(b, "\",\"score\":{\"home\":%d,\"away\":%d},", home->score, away->score);
    put_time(b, m);
    buf_printf(b, ",\"status\":\"%s\"", status(m));
    if (m->phase == SHOOTOUT || home->kicks > 0)
        buf_printf(b, ",\"shootout\":{\"home\":%d,\"away\":%d}", home->shootout,
                   away->shootout);
    put_competition(b, s, m);
    buf_puts(b, ",\"events\":[");
    if (m->event.type)
        put_event(b, m);
    buf_put(b, "]}", sizeof "]}"); /* including the NUL */
}

void simulation_init(struct simulation *s, uint64_t seed, int matches, bool again)
{
    s->seed = seed;
    s->matches = matches;
    s->again = again;
    s->begun = 0;
    for (int i = 0; i < matches; i++)
        begin(s, &s->slots[i], 0);
}

int64_t simulation_next(struct simulation *s, struct buf *text)
{
    struct simulated_match *m = NULL;

    for (int i = 0; i < s->matches; i++)
        if (s->slots[i].at >= 0 && (!m || s->slots[i].at < m->at))
            m = &s->slots[i];
    if (!m)
        return -1;
    int64_t at = m->at;
    buf_clear(text);
    put_update(text, s, m);
    if (m->phase != OVER)
        advance(m);
    else if (s->again)
        begin(s, m, at + NEXT_MATCH);
    else
        m->at = -1;
    return at;
}
