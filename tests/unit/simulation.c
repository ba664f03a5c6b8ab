/* Simulated matches: statistics of a season, and properties of single matches. */
#include "feeder/simulate/simulation.h"

#include "feeder/simulate/names.h"
#include "tap.h"

#define SEASON 400

/* What a match has come to. */
struct told {
    int home, away, shootout_home, shootout_away, updates;
    int goals[SIMULATION_SIDES], cards, substitutions[SIMULATION_SIDES];
    bool over, extra;
};

static struct simulation simulation, other;
static struct told told[SEASON + 1];

static int number_behind(const char *text, const char *words)
{
    const char *at = strstr(text, words);

    return at ? atoi(at + strlen(words)) : -1;
}

static bool has_event(const char *text, const char *type)
{
    char words[64];

    snprintf(words, sizeof words, "\"type\":\"%s\"", type);
    return strstr(text, words);
}

/* Takes an update.  Returns whether it is consistent with the earlier ones. */
static bool take(const char *text)
{
    struct told *t = &told[number_behind(text, "\"sim-7-")];
    int side = strstr(text, "\"team\":\"away\"") ? 1 : 0;
    int home = number_behind(text, "\"score\":{\"home\":"),
        away = number_behind(text, ",\"away\":");
    bool goal =
        has_event(text, "goal") || has_event(text, "penalty") || has_event(text, "own-goal");

    if (t->over)
        return false;
    t->updates++;
    t->goals[side] += goal;
    t->cards += has_event(text, "yellow-card");
    t->substitutions[side] += has_event(text, "substitution");
    t->extra |= strstr(text, "\"Extra Time\"") != NULL;
    t->home = home;
    t->away = away;
    const char *shootout = strstr(text, "\"shootout\":");
    t->shootout_home = shootout ? number_behind(shootout, "\"home\":") : -1;
    t->shootout_away = shootout ? number_behind(shootout, "\"away\":") : -1;
    t->over = strstr(text, "\"Full Time\"") || strstr(text, "\"After ");
    return home == t->goals[0] && away == t->goals[1];
}

static void test_season(void)
{
    char memory[SIMULATION_TEXT_MAX];
    struct buf text;
    int64_t at, last = 0;
    size_t longest = 0;
    bool in_order = true, goes = true, fits = true;

    buf_init(&text, memory, sizeof memory);
    simulation_init(&simulation, 7, SEASON, false);
    while ((at = simulation_next(&simulation, &text)) >= 0 && fits && goes) {
        in_order &= at >= last;
        last = at;
        fits = !text.full && strlen(memory) + 1 == text.len;
        longest = text.len > longest ? text.len : longest;
        if (fits)
            goes = take(memory);
    }
    tap_ok(fits, "every update fits, and is a C string");
    tap_diag("the longest takes %zu bytes", longest);
    tap_ok(in_order, "updates come in the order of their times");
    tap_ok(goes, "the score is the goals so far, and nothing comes when all is over");
    tap_is_int(simulation_next(&simulation, &text), -1, "after the last match there is none");
}

static void test_figures(void)
{
    int goals = 0, squares = 0, cards = 0, extra = 0, shootouts = 0, over = 0, level = 0,
        most = 0;

    for (int i = 1; i <= SEASON; i++) {
        const struct told *t = &told[i];
        int n = t->home + t->away;
        goals += n;
        squares += n * n;
        cards += t->cards;
        over += t->over;
        extra += t->extra;
        shootouts += t->shootout_home >= 0;
        level += t->shootout_home >= 0 && t->shootout_home == t->shootout_away;
        for (int side = 0; side < SIMULATION_SIDES; side++)
            most = t->substitutions[side] > most ? t->substitutions[side] : most;
    }
    double mean = (double)goals / SEASON, variance = (double)squares / SEASON - mean * mean;

    tap_diag(
        "%.2f goals with variance %.2f, %.2f cards; of %d %d into extra time, %d shoot-outs",
        mean, variance, (double)cards / SEASON, SEASON, extra, shootouts);
    tap_is_int(over, SEASON, "each match ends");
    tap_ok(mean > 2.4 && mean < 3.1, "there are 2.7 goals in a match, or nearly");
    tap_ok(variance > mean * 0.75 && variance < mean * 1.35,
           "goals are spread as Poisson says");
    tap_ok(cards > SEASON * 2 && cards < SEASON * 5, "simulated matches have cards");
    tap_is_int(most, 5, "no side may change more than five players");
    tap_ok(extra > SEASON / 50 && extra < SEASON / 5, "some matches go into extra time");
    tap_ok(shootouts > 0 && shootouts < extra, "some matches in extra time go to a shoot-out");
    tap_is_int(level, 0, "no shoot-out ends level");
}

/* Whether two simulations give the same n updates. */
static bool same(uint64_t seed, uint64_t other_seed, int updates)
{
    char memory[SIMULATION_TEXT_MAX], other_memory[SIMULATION_TEXT_MAX];
    struct buf text, other_text;

    buf_init(&text, memory, sizeof memory);
    buf_init(&other_text, other_memory, sizeof other_memory);
    simulation_init(&simulation, seed, 3, true);
    simulation_init(&other, other_seed, 3, true);
    for (int i = 0; i < updates; i++)
        if (simulation_next(&simulation, &text) != simulation_next(&other, &other_text) ||
            strcmp(memory, other_memory) != 0)
            return false;
    return true;
}

static void test_seeds(void)
{
    static const uint64_t numbers[] = {6457827717110365317u, 3203168211198807973u,
                                       9817491932198370423u};
    struct random random = {1234567};
    char memory[SIMULATION_TEXT_MAX];
    struct buf text;

    bool splitmix = true;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        splitmix &= random_next(&random) == numbers[i];
    tap_ok(splitmix, "the numbers are SplitMix64's");
    tap_ok(same(7, 7, 5000), "a seed gives the same matches again");
    tap_ok(simulation.begun > 3, "matches that end are followed by others");
    tap_ok(!same(7, 8, 4), "another seed gives other matches");
    buf_init(&text, memory, sizeof memory);
    simulation_init(&simulation, UINT64_MAX, SIMULATION_MATCHES_MAX, true);
    for (int i = 0; i < 2 * SIMULATION_MATCHES_MAX; i++)
        simulation_next(&simulation, &text);
    tap_ok(!text.full && strstr(memory, "\"sim-18446744073709551615-"),
           "as many matches as there may be, and the largest seed, are fine");
}

static void test_names(void)
{
    char names[NAMES_PLAYERS][64], memory[64];
    struct buf b;
    int twice = 0, alike = 0;

    for (int i = 0; i < NAMES_PLAYERS; i++) {
        buf_init(&b, names[i], sizeof names[i]);
        names_put_player(&b, 17, i);
        buf_putc(&b, '\0');
        for (int j = 0; j < i; j++)
            twice += strcmp(strchr(names[i], ' '), strchr(names[j], ' ')) == 0;
    }
    tap_is_int(twice, 0, "no two players of a team have one surname");
    static char teams[NAMES_TEAMS][64];
    for (int i = 0; i < NAMES_TEAMS; i++) {
        buf_init(&b, teams[i], sizeof teams[i]);
        names_put_team(&b, (uint64_t)i);
        buf_putc(&b, '\0');
        for (int j = 0; j < i; j++)
            alike += strcmp(teams[i], teams[j]) == 0;
    }
    tap_is_int(alike, 0, "no two teams have one name");
    buf_init(&b, memory, sizeof memory);
    names_put_team(&b, NAMES_TEAMS);
    buf_putc(&b, '\0');
    tap_is_text(memory, teams[0], "an index past the last name gives the first again");
}

int main(void)
{
    test_season();
    test_figures();
    test_seeds();
    test_names();
    return tap_done();
}
