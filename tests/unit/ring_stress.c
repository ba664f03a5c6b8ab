/*
 * Writers and readers of one ring, each in its own process, as fast as possible for some
 * seconds: ring_stress [SECONDS].
 *
 * The log is the ids 1, 2, 3 ... up to `committed`, in shared memory: it stands for the
 * database. A writer is killed at random; another waits for the lock.  Another process may
 * write noise into the file.  Each reader follows as the service does, and now and then joins
 * again, by the snapshot, by its cursor, or by reading the log.  It checks that every row comes
 * once, in order, and unchanged.  At the end the log stands still, and every reader must reach
 * its end from the ring alone.
 * tags: both
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <time.h>

#include "base/process/clock.h"
#include "rows.h"
#include "service/ring/ring.h"
#include "tap.h"

#define SECONDS  3
#define READERS  4
#define WRITERS  2
#define DEVICE   3
#define INODE    5
#define END_MS   30000
#define KILL_US  4000
#define COUNTERS 5

enum phase { RUN, DRAIN };

/* Shared by all processes, beside the ring. */
static struct shared {
    _Atomic int64_t committed;
    _Atomic int phase;
    _Atomic uint64_t noises;
    struct {
        _Atomic int64_t rows, lost, joins, rewinds, copies;
        _Atomic(const char *) wrong;
        _Atomic int64_t wrong_at;
    } readers[READERS];
} * shared;

static char db[64];
static uint64_t random_state;

static uint64_t random_below(uint64_t n)
{
    return rows_random(&random_state) % n;
}

static void pause_us(uint64_t us)
{
    nanosleep(&(struct timespec){.tv_nsec = (long)us * 1000}, NULL);
}

/* Now and then, so that processes meet at every place of the code. */
static void maybe_pause(void)
{
    uint64_t dice = random_below(400);

    if (dice == 0)
        pause_us(random_below(3000));
    else if (dice < 20)
        sched_yield();
}

/* The database, as it is now. */
static int64_t read_committed(void)
{
    return atomic_load(&shared->committed);
}

/* It may be ahead of the ring. */
static void share_snapshot(struct ring *snapshots, const struct ring *r)
{
    static struct rows_row made;
    uint64_t begin = snapshots->head;
    int64_t head = read_committed();

    for (int64_t id = head > ROWS_MATCHES ? head - ROWS_MATCHES + 1 : 1; id <= head; id++) {
        ring_append(snapshots, rows_make(&made, id), 0);
        maybe_pause();
    }
    ring_end_snapshot(snapshots, begin, true, head, r->head);
}

/* As the poller begins: continues at the ring's end, or formats it. */
static int64_t take_over(struct ring *r, struct ring *snapshots)
{
    int64_t head, last_id;

    head = read_committed();
    ring_format(snapshots, DEVICE, INODE, 0);
    if (!ring_resume(r, DEVICE, INODE, &last_id) || last_id > head || last_id < head - 1000) {
        ring_format(r, DEVICE, INODE, head);
        last_id = head;
    }
    return last_id;
}

/* A poller: waits for the lock, then appends what is committed, until it is killed. */
static void write_for_ever(void)
{
    static struct rows_row made;
    struct ring r, snapshots;
    const char *trouble;
    int64_t id;

    if (ring_make(&r, db, &trouble) < 0)
        _exit(1);
    while (!ring_lock(&r))
        pause_us(200);
    snapshots = ring_snapshots(&r);
    id = take_over(&r, &snapshots);
    for (;;) {
        int64_t head = read_committed();
        if (!ring_intact(&r) || !ring_intact(&snapshots))
            id = take_over(&r, &snapshots);
        while (id < head) {
            id++;
            ring_append(&r, rows_make(&made, id), id - 1);
            maybe_pause();
        }
        share_snapshot(&snapshots, &r);
        ring_beat(&r, 0);
        pause_us(random_below(50));
    }
}

struct reader {
    struct ring ring;
    int number;
    int64_t cursor;
    bool live;
    uint64_t memory[RECORD_MAX / sizeof(uint64_t)];
};

static void complain(const struct reader *x, const char *wrong)
{
    atomic_store(&shared->readers[x->number].wrong_at, x->cursor);
    atomic_store(&shared->readers[x->number].wrong, wrong);
}

/* Whether the snapshot could be read to its end. */
static bool read_snapshot(struct reader *x)
{
    struct ring s;
    struct row row;
    int64_t at, n = 0, first = 0, last = 0;
    enum ring_result result;

    if (!ring_join(&x->ring) || !ring_join_snapshot(&s, &x->ring, random_below(2)))
        return false;
    while ((result = ring_next(&s, &row, &at, x->memory, sizeof x->memory)) == RING_ROW) {
        first = n++ == 0 ? row.id : first;
        last = row.id;
        if (row.id != first + n - 1 || !rows_is_right(&row))
            complain(x, "a snapshot has another message than the latest");
    }
    if (result != RING_GAP)
        return false;
    if (last != row.id || n != (last < ROWS_MATCHES ? last : ROWS_MATCHES))
        complain(x, "a snapshot has not one message of each match");
    x->cursor = row.id;
    x->ring.at = (uint64_t)at;
    atomic_fetch_add(&shared->readers[x->number].copies, 1);
    return true;
}

/* As a connection begins, or begins again, in one of the three ways without the database. */
static bool join_shared(struct reader *x)
{
    int64_t prev, id = random_below(2) == 0 ? RING_NEWEST : x->cursor;
    struct row row;

    if (random_below(2) == 0 && read_snapshot(x))
        return true;
    if (id == 0 || !ring_join(&x->ring) || !ring_rewind(&x->ring, id))
        return false;
    if (id == RING_NEWEST) {
        if (ring_next(&x->ring, &row, &prev, x->memory, sizeof x->memory) > RING_GAP ||
            x->cursor > row.id)
            return false;
        x->cursor = row.id;
    }
    atomic_fetch_add(&shared->readers[x->number].rewinds, 1);
    return true;
}

static void join(struct reader *x)
{
    atomic_fetch_add(&shared->readers[x->number].joins, 1);
    x->live = join_shared(x);
    if (!x->live) {
        x->live = ring_join(&x->ring);
        maybe_pause();
        x->cursor = read_committed();
    }
}

static void take(struct reader *x, const struct row *row, int64_t prev, bool gap)
{
    if (row->id <= x->cursor)
        return;
    if (gap || prev > x->cursor) {
        x->live = false;
        return;
    }
    if (row->id != x->cursor + 1)
        complain(x, "a row is missing");
    if (!rows_is_right(row))
        complain(x, "a row is not what was written");
    x->cursor = row->id;
    atomic_fetch_add(&shared->readers[x->number].rows, 1);
}

/* One step; true if there was nothing to do. */
static bool step(struct reader *x)
{
    struct row row;
    int64_t prev;

    if (!x->live)
        join(x);
    if (!x->live)
        return true;
    switch (ring_next(&x->ring, &row, &prev, x->memory, sizeof x->memory)) {
    case RING_ROW: take(x, &row, prev, false); return false;
    case RING_GAP: take(x, &row, prev, true); return false;
    case RING_EMPTY: return true;
    default:
        atomic_fetch_add(&shared->readers[x->number].lost, 1);
        x->live = false;
        return false;
    }
}

static void read_for_a_while(int number)
{
    static struct reader x;
    int64_t deadline = CLOCK_NEVER;

    x.number = number;
    while (ring_open(&x.ring, db) < 0)
        pause_us(200);
    while (!atomic_load(&shared->readers[number].wrong)) {
        bool drain = atomic_load(&shared->phase) == DRAIN;
        bool idle = step(&x);
        if (drain && x.live && x.cursor == read_committed())
            _exit(0);
        if (drain && deadline == CLOCK_NEVER)
            deadline = clock_ms() + END_MS;
        if (clock_left(deadline) == 0)
            complain(&x, "it did not come to the end");
        if (idle)
            pause_us(random_below(100));
        if (random_below(3000) == 0 && !drain)
            x.live = false;
        maybe_pause();
    }
    _exit(1);
}

static pid_t start(int role)
{
    pid_t pid = fork();

    if (pid == 0) {
        random_state ^= (uint64_t)getpid() << 20 ^ (uint64_t)clock_ms();
        if (role >= 0)
            read_for_a_while(role);
        write_for_ever();
    }
    return pid;
}

/* Some bytes, somewhere in the file. */
static void make_noise(void)
{
    char name[80], noise[40];
    int fd;

    snprintf(name, sizeof name, "%s-ring", db);
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (char)random_below(256);
    fd = open(name, O_WRONLY);
    if (fd >= 0) {
        off_t at = (off_t)(random_below(3) == 0 ? random_below(100) : random_below(1 << 20));
        if (pwrite(fd, noise, 1 + (size_t)random_below(sizeof noise), at) > 0)
            atomic_fetch_add(&shared->noises, 1);
        close(fd); /* loses no lock: this process has none */
    }
}

static int kill_one(pid_t *writers)
{
    size_t i = (size_t)random_below(WRITERS);

    kill(writers[i], SIGKILL);
    waitpid(writers[i], NULL, 0);
    writers[i] = start(-1);
    return 1;
}

/* Whether all has happened that the claims are about. */
static bool is_enough(int kills)
{
    int64_t rewinds = 0, copies = 0, rows = 0, lost = 0;

    for (int i = 0; i < READERS; i++) {
        rewinds += shared->readers[i].rewinds;
        copies += shared->readers[i].copies;
        rows += shared->readers[i].rows;
        lost += shared->readers[i].lost;
    }
    return rewinds > 0 && copies > 0 && rows > 1000 && lost > 0 && kills > 10;
}

/* Makes rows, deaths and noise until the time is over, somewhat longer on a busy machine.
 * Returns the number of deaths. */
static int run(pid_t *writers, int64_t seconds)
{
    int64_t end = clock_ms() + seconds * 1000, patience = end + END_MS, next_kill = 0;
    int kills = 0;

    while (clock_left(end) > 0 || (!is_enough(kills) && clock_left(patience) > 0)) {
        atomic_fetch_add(&shared->committed, 1 + (int64_t)random_below(100));
        pause_us(random_below(500));
        if (random_below(200) == 0)
            make_noise();
        if (clock_ms() >= next_kill) {
            kills += kill_one(writers);
            next_kill = clock_ms() + (int64_t)random_below(80);
        }
    }
    return kills;
}

static void report(const pid_t *readers, int kills)
{
    int64_t sums[COUNTERS] = {0};
    int right = 0;

    for (int i = 0; i < READERS; i++) {
        int status;
        waitpid(readers[i], &status, 0);
        right += status == 0;
        if (status != 0)
            tap_diag("reader %d: status %d, %s, at %lld of %lld", i, status,
                     shared->readers[i].wrong ? shared->readers[i].wrong : "-",
                     (long long)shared->readers[i].wrong_at, (long long)shared->committed);
        sums[0] += shared->readers[i].rows;
        sums[1] += shared->readers[i].lost;
        sums[2] += shared->readers[i].joins;
        sums[3] += shared->readers[i].rewinds;
        sums[4] += shared->readers[i].copies;
    }
    tap_is_int(right, READERS, "each reader has every row once, in order, as it was written");
    tap_ok(kills > 10 && sums[0] > 1000,
           "under %d deaths of a writer: %" PRId64 " rows of the ring checked", kills, sums[0]);
    tap_ok(sums[3] > 0 && sums[4] > 0,
           "%" PRId64 " joins, %" PRId64 " by a rewind, %" PRId64 " by a snapshot", sums[2],
           sums[3], sums[4]);
    tap_ok(sums[1] > 0, "lost %" PRId64 " times, and found again", sums[1]);
    tap_diag("%lld rows committed, %llu splashes of noise", (long long)shared->committed,
             (unsigned long long)shared->noises);
}

int main(int argc, char **argv)
{
    pid_t writers[WRITERS], readers[READERS];
    int64_t seconds = argc > 1 ? atoi(argv[1]) : SECONDS;

    shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        return 1;
    atomic_store(&shared->committed, 1);
    rows_scratch(db);
    for (int i = 0; i < WRITERS; i++)
        writers[i] = start(-1);
    for (int i = 0; i < READERS; i++)
        readers[i] = start(i);
    int kills = run(writers, seconds);
    atomic_store(&shared->phase, DRAIN);
    report(readers, kills);
    for (int i = 0; i < WRITERS; i++) {
        kill(writers[i], SIGKILL);
        waitpid(writers[i], NULL, 0);
    }
    rows_scratch_free(db);
    return tap_done();
}
