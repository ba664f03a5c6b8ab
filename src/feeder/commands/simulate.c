/*
 * feeder simulate: simulated matches, either at the pace of their clocks with a transaction per
 * update, or as a load of so many rows per second with a transaction for all that is due.
 * simulation.h decides what happens.
 */
#include <inttypes.h>
#include <stddef.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "base/process/clock.h"
#include "base/process/stop.h"
#include "feeder/command.h"
#include "feeder/simulate/simulation.h"
#include "feeder/store/database.h"
#include "feeder/store/import.h"

#define DEFAULT_MATCHES 6
#define DEFAULT_SPEED   60.0
#define SEEDS           1000000 /* possible random seeds: short enough to retype */
#define TICK_MS         10      /* minimum between two transactions of a load */
#define LOAD_PARTS      10      /* of a second: how much a late load catches up at a time */
#define TURN_MS         50      /* maximum of a transaction, so that others get their turns */
#define LATE_MS         1000    /* beyond this, a clock does not catch up */

struct simulate {
    const struct options *options;
    double speed;
    int64_t until; /* by the clock */
    struct simulation simulation;
    char memory[SIMULATION_TEXT_MAX];
    struct buf text; /* the next update */
    int64_t at;      /* when it is due; -1: none */
    struct db db;
    struct import import;
    int64_t updates, rows;  /* committed */
    int64_t started, began; /* began: for the pace; started: for the report */
    int64_t tick;           /* of a load: no transaction before */
};

static void draw(struct simulate *s)
{
    s->simulation.now = time(NULL);
    s->at = simulation_next(&s->simulation, &s->text);
}

static bool goes_on(const struct simulate *s)
{
    return s->at >= 0 && !stop_requested() && clock_left(s->until) != 0;
}

/* Imports updates: at least one, until `rows` rows in all or the end of a turn. */
static int import(struct simulate *s, int64_t rows, int64_t *updates)
{
    int64_t end = clock_ms() + TURN_MS;

    do {
        if (import_update(&s->import, s->memory, true) < 0)
            return -1;
        ++*updates;
        draw(s);
    } while (goes_on(s) && s->import.rows < rows && clock_left(end) > 0);
    return 0;
}

/* The same, in one transaction. */
static int commit(struct simulate *s, int64_t rows)
{
    int64_t updates = s->updates;

    if (db_begin_write(&s->db) < 0)
        return -1;
    int rc = import(s, rows, &updates);
    rc = db_end(&s->db, rc == 0);
    if (rc == 0) {
        s->updates = updates;
        s->rows = s->import.rows;
    }
    return rc;
}

/* When the next transaction is due. */
static int64_t due_at(const struct simulate *s)
{
    int64_t rate = s->options->rate, due;

    if (rate == 0)
        return s->began + (int64_t)((double)s->at * SECOND_MS / s->speed);
    due = s->began + (s->rows + 1) * SECOND_MS / rate;
    return due > s->tick ? due : s->tick;
}

/* The number of rows that it may reach.  Clocks that were delayed, on a machine that slept,
 * continue from there; a load catches up. */
static int64_t rows_due(struct simulate *s, int64_t due)
{
    int64_t now = clock_ms(), rate = s->options->rate, rows, most;

    if (rate == 0) {
        s->began += now - due > LATE_MS ? now - due : 0;
        return s->rows + 1;
    }
    s->tick = now + TICK_MS;
    rows = (now - s->began) * rate / SECOND_MS;
    most = s->rows + (rate + LOAD_PARTS - 1) / LOAD_PARTS;
    return rows < most ? rows : most;
}

static int play(struct simulate *s)
{
    while (goes_on(s)) {
        int64_t due = due_at(s);
        stop_sleep(due < s->until ? due : s->until);
        if (goes_on(s) && commit(s, rows_due(s, due)) < 0)
            return -1;
    }
    return 0;
}

static uint64_t seed(const struct options *options)
{
    struct timespec now;

    if (options->seed >= 0)
        return (uint64_t)options->seed;
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)(now.tv_nsec / 1000 % SEEDS);
}

static void report(const struct simulate *s)
{
    int64_t ms = clock_ms() - s->started;

    log_line(&s->options->log, LOG_INFO,
             "seed %" PRIu64 ": %" PRIu64 " matches, %" PRId64 " updates, %" PRId64
             " rows, in %" PRId64 ".%03d s",
             s->simulation.seed, s->simulation.begun, s->updates, s->rows, ms / SECOND_MS,
             (int)(ms % SECOND_MS));
}

static int simulate(struct simulate *s, struct failure *failure)
{
    const struct options *options = s->options;

    if (command_open_database(options, &s->db, 0, failure) < 0 ||
        import_open(&s->import, &s->db) < 0)
        return -1;
    s->started = s->began = s->tick = clock_ms();
    if (options->for_ms >= 0)
        s->until = s->started + options->for_ms;
    draw(s);
    int rc = play(s);
    if (!options->quiet)
        report(s);
    return rc;
}

int simulate_run(const struct options *options, struct failure *failure)
{
    struct simulate s = {.options = options, .until = CLOCK_NEVER};

    if (options->rate > 0 && options->speed > 0)
        return failure_set(failure, EX_USAGE, "--rate and --speed: use only one of them");
    s.speed = options->speed > 0 ? options->speed : DEFAULT_SPEED;
    buf_init(&s.text, s.memory, sizeof s.memory);
    s.simulation.now = time(NULL);
    s.simulation.speed = (int64_t)s.speed;
    simulation_init(&s.simulation, seed(options),
                    options->matches > 0 ? (int)options->matches : DEFAULT_MATCHES,
                    options->loop || options->for_ms >= 0);
    stop_init();
    int rc = simulate(&s, failure);
    db_close(&s.db);
    return rc;
}
