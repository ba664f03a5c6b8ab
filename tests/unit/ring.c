/*
 * The ring by itself: what is appended is read, once and in order, or the reader is told that
 * it is lost.  Whatever happens to the writer or to the file, no reader takes a row that
 * was not written, and none believes it is up to date when it is not.
 *
 * The code under test is included, so that a test can be a writer that was killed between two
 * stores, and somebody else who writes into the header.
 */
#include "service/ring.c"

#include <sched.h>
#include <signal.h>
#include <sys/wait.h>

#include "rows.h"
#include "tap.h"

#define DEVICE 7
#define INODE  11

static char db[64], ring_file[80];
static struct rows_row made;

/* One that follows a log whose ids are 1, 2, 3 ...: the ring, and where that fails the
 * "database", which has every row up to head. */
struct reader {
    struct ring ring;
    int64_t cursor;
    bool live;
    int lost, rows;
    const char *wrong;
    uint64_t memory[RECORD_MAX / sizeof(uint64_t)];
};

static struct reader reader;
static struct ring writer;
static int64_t head; /* of the log */

static void join(struct reader *x)
{
    x->live = ring_join(&x->ring);
    x->cursor = head;
}

static void take(struct reader *x, const struct row *row, int64_t prev, bool mark)
{
    if (row->id <= x->cursor)
        return;
    if (prev > x->cursor || mark) {
        x->live = false;
        return;
    }
    if (row->id != x->cursor + 1)
        x->wrong = "a row is missing";
    else if (!rows_is_right(row))
        x->wrong = "a row is not what was written";
    x->rows++;
    x->cursor = row->id;
}

/* Reads all there is: true if that was right, and everything. */
static bool follow(struct reader *x)
{
    for (int again = 0; again < 3; again += !x->live) {
        struct row row;
        int64_t prev;
        if (!x->live)
            join(x);
        if (!x->live)
            break;
        enum ring_result result = ring_next(&x->ring, &row, &prev, x->memory, sizeof x->memory);
        if (result == RING_EMPTY)
            break;
        if (result == RING_LOST || result == RING_LARGE) {
            x->live = false;
            x->lost++;
        } else {
            take(x, &row, prev, result == RING_MARK);
        }
    }
    if (!x->wrong && x->cursor != head)
        x->wrong = "it believes to be up to date, and is not";
    return !x->wrong;
}

static void begin(void)
{
    if (ring_open(&writer, db) < 0 || ring_open(&reader.ring, db) < 0) {
        puts("Bail out! no ring");
        exit(1);
    }
    head = 0;
    ring_format(&writer, DEVICE, INODE, head);
    reader.wrong = NULL;
    reader.lost = reader.rows = 0;
    join(&reader);
}

static void end(void)
{
    ring_close(&writer);
    ring_close(&reader.ring);
    unlink(ring_file);
}

static void append_next(size_t len)
{
    head++;
    ring_append(&writer, rows_sized(&made, head, len), head - 1);
}

/* A process has one ring, and catches SIGBUS for that: here it is this one for now. */
static void guard(const struct ring *r)
{
    guarded = (char *)r->header;
}

/* As the poller does before it appends. */
static void write_rows(int n)
{
    int64_t last_id;

    if (!ring_intact(&writer) &&
        (!ring_resume(&writer, DEVICE, INODE, &last_id) || last_id > head))
        ring_format(&writer, DEVICE, INODE, head);
    for (int i = 0; i < n; i++) {
        head++;
        ring_append(&writer, rows_make(&made, head), head - 1);
    }
}

/* A poller that was killed has a successor, which goes on from where the ring ends. */
static bool take_over(void)
{
    int64_t id = head;
    bool resumed;

    ring_close(&writer);
    if (ring_open(&writer, db) < 0)
        return false;
    resumed = ring_resume(&writer, DEVICE, INODE, &id) && id <= head;
    if (!resumed)
        ring_format(&writer, DEVICE, INODE, id = head);
    while (id < head) {
        id++;
        ring_append(&writer, rows_make(&made, id), id - 1);
    }
    return resumed;
}

static void test_opening(void)
{
    struct stat st;

    tap_is_int(ring_open(&writer, db), 0, "a ring that is not there is made");
    stat(ring_file, &st);
    tap_is_int(st.st_mode & 0777, 0640, "with the permissions of the database");
    tap_is_int(st.st_size, FILE_SIZE, "at its full size");
    tap_ok(!ring_join(&writer), "before it was formatted it is none");
    tap_ok(ring_silence(&writer) == INT64_MAX, "and nobody was ever alive");
    ring_format(&writer, DEVICE, INODE, 0);
    tap_ok(ring_join(&writer) && ring_in_place(&writer, db), "then it is one, in its place");
    tap_ok(ring_silence(&writer) < 60000 && !ring_stale(&writer), "whose writer is alive");
    ring_rest(&writer);
    tap_ok(ring_silence(&writer) == INT64_MAX, "a writer that leaves says so");
    tap_ok(!ring_stale(&writer), "and the ring can be gone on from");
    atomic_store(&writer.header->alive, clock_ms() - RING_STALE_MS - 1);
    tap_ok(ring_stale(&writer), "not if nobody was there for long");
    atomic_store(&writer.header->alive, clock_ms() + 60000);
    tap_ok(ring_stale(&writer) && ring_silence(&writer) == INT64_MAX,
           "nor if that was before the machine was started");
    ring_close(&writer);
    unlink(ring_file);
}

static void test_what_is_no_ring(void)
{
    char name[RING_PATH_MAX + 1];

    memset(name, 'x', RING_PATH_MAX);
    name[RING_PATH_MAX - 5] = '\0';
    tap_ok(ring_open(&writer, name) < 0 && errno == ENAMETOOLONG, "a path too long is refused");
    tap_ok(ring_open(&writer, "/nonexistent/x") < 0 && errno == ENOENT, "no database, no ring");
    mkdir(ring_file, 0700);
    tap_ok(ring_open(&writer, db) < 0 && writer.fd == -1, "a folder is no ring");
    rmdir(ring_file);
    mkfifo(ring_file, 0600);
    tap_ok(ring_open(&writer, db) < 0 && writer.fd == -1, "nor is a FIFO");
    unlink(ring_file);
    if (symlink(db, ring_file) == 0)
        tap_ok(ring_open(&writer, db) < 0 && writer.fd == -1, "nor is a link, to the database");
    unlink(ring_file);
}

static void test_every_size(void)
{
    size_t len = 0, most = RECORD_ROW_MAX - 64;

    begin();
    for (; len <= most; len += len < 300 ? 1 : 97) {
        struct row row;
        int64_t prev;
        append_next(len);
        if (ring_next(&reader.ring, &row, &prev, reader.memory, sizeof reader.memory) !=
                RING_ROW ||
            !rows_same(&row, rows_sized(&made, head, len)) || prev != head - 1 ||
            ring_next(&reader.ring, &row, &prev, reader.memory, sizeof reader.memory) !=
                RING_EMPTY)
            break;
    }
    if (!tap_ok(len > most, "rows of every size come through, %d laps long",
                (int)(writer.head / RING_CAPACITY)))
        tap_diag("%zu bytes do not", len);
    end();
}

static void test_large(void)
{
    uint64_t small[8];
    struct row row;
    int64_t prev;

    begin();
    append_next(1000);
    tap_is_int(ring_next(&reader.ring, &row, &prev, small, sizeof small), RING_LARGE,
               "a row larger than the reader's memory");
    tap_is_int(ring_next(&reader.ring, &row, &prev, reader.memory, sizeof reader.memory),
               RING_ROW, "is still there for one with more");
    append_next(RECORD_ROW_MAX + 1);
    tap_is_int(ring_next(&reader.ring, &row, &prev, reader.memory, sizeof reader.memory),
               RING_MARK, "one that is too large for a record is a mark");
    tap_is_int(row.id, head, "with its id");
    append_next(10);
    tap_is_int(ring_next(&reader.ring, &row, &prev, reader.memory, sizeof reader.memory),
               RING_ROW, "and what follows is there");
    tap_is_int(prev, head - 1, "behind it");
    end();
}

static void test_laps(void)
{
    bool right = true;

    begin();
    while (right && writer.head < 5 * RING_CAPACITY) {
        write_rows(1 + (int)(head % 40));
        right = follow(&reader);
    }
    if (!tap_ok(right, "%d rows in five laps come in order", (int)head))
        tap_diag("at %d: %s", (int)reader.cursor, reader.wrong);
    tap_ok(reader.lost == 0 && reader.rows == head, "all of them by the ring");
    while (writer.head < 7 * RING_CAPACITY)
        write_rows(1);
    tap_ok(follow(&reader), "a reader that was lapped is told, and reads the database");
    tap_is_int(reader.lost, 1, "once");
    end();
}

/* Right at the edge: the oldest record that is whole, and the one being written over. */
static void test_edge(void)
{
    struct row row;
    int64_t prev;
    struct ring late;

    begin();
    late = reader.ring;
    while (writer.head + 1024 <= RING_CAPACITY)
        append_next(900);
    tap_is_int(ring_next(&late, &row, &prev, reader.memory, sizeof reader.memory), RING_ROW,
               "the oldest record of a full ring can be read");
    late = reader.ring;
    atomic_store(&writer.header->reserved, RING_CAPACITY);
    tap_is_int(ring_next(&late, &row, &prev, reader.memory, sizeof reader.memory), RING_ROW,
               "as long as nobody is about to write over it");
    late = reader.ring;
    atomic_store(&writer.header->reserved, RING_CAPACITY + RECORD_ALIGN);
    tap_is_int(ring_next(&late, &row, &prev, reader.memory, sizeof reader.memory), RING_LOST,
               "and not a byte longer");
    end();
}

/* From an id, reads on to the end of the ring: how many rows; -1 if any is wrong. */
static int read_from(int64_t id)
{
    struct row row;
    int64_t prev, cursor = id;
    enum ring_result result;

    while ((result = ring_next(&reader.ring, &row, &prev, reader.memory,
                               sizeof reader.memory)) == RING_ROW) {
        if (row.id <= cursor)
            continue;
        if (prev != cursor || row.id != cursor + 1 || !rows_is_right(&row))
            return -1;
        cursor = row.id;
    }
    return result == RING_EMPTY && cursor == head ? (int)(cursor - id) : -1;
}

static void test_rewind(void)
{
    int64_t id, reached, least, bytes = 0;

    begin();
    while (writer.head < 3 * RING_CAPACITY)
        write_rows(1);
    for (least = head; bytes < (int64_t)RING_CAPACITY - 2 * 9200; least--)
        bytes += (int64_t)record_size(rows_make(&made, least));
    for (id = head - 1, reached = head; id >= 0; id--) {
        bool there = ring_join(&reader.ring) && ring_rewind(&reader.ring, id);
        if (there && read_from(id) != (int)(head - id))
            break;
        if (there && reached == id + 1)
            reached = id;
    }
    if (!tap_ok(id < 0, "rewound to any id, a reader gets what follows it, or is refused"))
        tap_diag("id %d of %d", (int)id, (int)head);
    tap_ok(reached <= least, "it can go back %d rows of the %d that there is room for",
           (int)(head - reached), (int)(head - least));
    take_over();
    write_rows(5);
    tap_ok(ring_join(&reader.ring) && ring_rewind(&reader.ring, head - 5) &&
               read_from(head - 5) == 5,
           "after a takeover, back to where it was");
    ring_join(&reader.ring);
    tap_ok(!ring_rewind(&reader.ring, head - 100) || read_from(head - 100) == 100,
           "and no further, or rightly");
    end();
}

/* What the memory looks like when a writer dies between any two stores of an append. */
static void test_half_appended(void)
{
    static char before[FILE_SIZE], after[FILE_SIZE];
    struct ring_header *h;
    uint64_t words_of, stores, k, from;

    begin();
    write_rows(500);
    h = writer.header;
    memcpy(before, h, FILE_SIZE);
    from = writer.head;
    write_rows(1);
    memcpy(after, h, FILE_SIZE);
    words_of = (writer.head - from) / WORD;
    stores = words_of + 4;
    for (k = 0; k <= stores; k++) {
        const struct ring_header *then = (const void *)after;
        memcpy(h, before, FILE_SIZE);
        reader.ring.at = from;
        reader.cursor = head - 1;
        reader.live = true;
        if (k > 0)
            h->reserved = then->reserved;
        for (uint64_t i = 0; i < words_of && i + 1 < k; i++)
            ((uint64_t *)words(&writer, from))[i] =
                ((uint64_t *)(after + PAGE + from % RING_CAPACITY))[i];
        if (k > words_of + 1)
            h->head = then->head;
        if (k > words_of + 2)
            h->last_size = then->last_size;
        if (k > words_of + 3)
            h->last_id = then->last_id;
        if (!take_over() || !follow(&reader) || reader.lost > 0)
            break;
        h = writer.header;
    }
    if (!tap_ok(k > stores, "a writer that dies before any of %d stores is succeeded",
                (int)stores))
        tap_diag("store %d: %s, lost %d times", (int)k, reader.wrong ? reader.wrong : "-",
                 reader.lost);
    end();
}

/* Appends for ever, holding the lock. */
static void write_and_die(void)
{
    struct ring r;
    int64_t id;

    if (ring_open(&r, db) < 0 || !ring_lock(&r, RING_POLLER) ||
        !ring_resume(&r, DEVICE, INODE, &id))
        _exit(1);
    for (;;) {
        id++;
        ring_append(&r, rows_make(&made, id), id - 1);
    }
}

static void test_killed(void)
{
    uint64_t random = 1;
    int round, status = 0;

    begin();
    write_rows(1);
    for (round = 0; round < 50; round++) {
        pid_t pid = fork();
        if (pid == 0)
            write_and_die();
        uint64_t start = atomic_load(&writer.header->head);
        while (atomic_load(&writer.header->head) - start < rows_random(&random) % 300000 &&
               waitpid(pid, &status, WNOHANG) == 0)
            sched_yield();
        kill(pid, SIGKILL);
        waitpid(pid, &status, 0);
        if (!WIFSIGNALED(status))
            break;
        head = atomic_load(&writer.header->last_id);
        if (!take_over() || !follow(&reader))
            break;
    }
    if (!tap_ok(round == 50, "a writer that is killed 50 times is succeeded 50 times"))
        tap_diag("round %d: %s", round, reader.wrong ? reader.wrong : "not resumed");
    tap_ok(head > 1000, "having written %d rows", (int)head);
    end();
}

/* Somebody writes n bytes into the file.  Then rows come, from this writer or the next. */
static bool spoil(size_t at, const unsigned char *bytes, size_t n, bool killed)
{
    write_rows(3);
    memcpy((char *)writer.header + at, bytes, n);
    if (killed)
        take_over();
    else
        write_rows(3);
    return follow(&reader);
}

static void test_spoiled_header(void)
{
    static const unsigned char bits[] = {1, 2, 16, 128, 255};
    size_t at = 0, i;
    bool right = true;

    begin();
    write_rows(10);
    for (; right && at < sizeof(struct ring_header); at++)
        for (i = 0; right && i < 2 * sizeof bits; i++) {
            unsigned char byte = ((unsigned char *)writer.header)[at] ^ bits[i / 2];
            right = spoil(at, &byte, 1, i % 2);
        }
    if (!tap_ok(right, "a wrong byte anywhere in the header misleads nobody"))
        tap_diag("byte %zu: %s", at - 1, reader.wrong);
    reader.lost = 0;
    for (i = 0; i < 10; i++)
        write_rows(1), follow(&reader);
    tap_is_int(reader.lost, 0, "and the ring is whole again");
    head++; /* one that the writer had no time for, and a header that says it had */
    atomic_store(&writer.header->last_id, head);
    take_over();
    tap_ok(follow(&reader), "a takeover tells readers how far the ring is meant to go");
    memset(&writer.header->reserved, 0x7F, 8);
    write_rows(1);
    follow(&reader);
    reader.lost = 0;
    write_rows(1);
    tap_ok(follow(&reader) && reader.lost == 0, "also after a reservation of all there is");
    end();
}

static void test_spoiled_records(void)
{
    uint64_t random = 42;
    bool right = true;
    int round = 0;

    begin();
    for (; right && round < 3000; round++) {
        unsigned char noise[64];
        size_t n = 1 + rows_random(&random) % sizeof noise;
        for (size_t i = 0; i < n; i++)
            noise[i] = (unsigned char)rows_random(&random);
        write_rows(30);
        size_t back = rows_random(&random) % 4096;
        uint64_t at = (writer.head > back ? writer.head - back : 0) % RING_CAPACITY;
        if (at + n <= RING_CAPACITY)
            right = spoil(PAGE + at, noise, n, rows_random(&random) % 4 == 0);
    }
    if (!tap_ok(right, "nor do %d splashes of noise into the newest records", round))
        tap_diag("round %d: %s", round, reader.wrong);
    tap_ok(reader.lost > 100 && reader.rows > 1000, "%d times it was noticed, %d rows came",
           reader.lost, reader.rows);
    end();
}

static void test_noise(void)
{
    static unsigned char noise[FILE_SIZE];
    uint64_t random = 7;
    bool right = true;

    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (unsigned char)rows_random(&random);
    begin();
    for (int i = 0; right && i < 4; i++)
        right = spoil(0, noise, sizeof noise, i % 2);
    tap_ok(right, "a file full of noise misleads nobody");
    memset(noise, 0, sizeof noise);
    right = spoil(0, noise, sizeof noise, false) && spoil(0, noise, sizeof noise, true);
    tap_ok(right, "nor does one full of zeros");
    end();
}

static void test_cut_short(void)
{
    static const off_t sizes[] = {0, PAGE, FILE_SIZE / 2 / PAGE * PAGE, FILE_SIZE - PAGE, 1000};

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct stat st;
        begin();
        write_rows(3000);
        follow(&reader);
        write_rows(3);
        if (truncate(ring_file, sizes[i]) < 0)
            tap_diag("truncate: %s", strerror(errno));
        tap_ok(!ring_in_place(&reader.ring, db), "cut to %d bytes, it is not what it was",
               (int)sizes[i]);
        guard(&reader.ring);
        follow(&reader);
        guard(&writer);
        write_rows(3000);
        guard(&reader.ring);
        tap_ok(follow(&reader), "reading and writing go on without a crash, and nothing wrong");
        ring_close(&reader.ring);
        reader.live = false;
        tap_ok(ring_open(&reader.ring, db) == 0 && stat(ring_file, &st) == 0 &&
                   st.st_size == FILE_SIZE,
               "who opens it next makes it whole");
        take_over();
        tap_ok(ring_in_place(&writer, db) && follow(&reader), "and rows flow again");
        end();
    }
}

static void test_replaced(void)
{
    char other[80];

    begin();
    write_rows(3);
    snprintf(other, sizeof other, "%s-other", db);
    rename(ring_file, other);
    tap_ok(!ring_in_place(&reader.ring, db), "a ring that was moved is not in its place");
    take_over();
    tap_ok(!ring_in_place(&reader.ring, db) && ring_in_place(&writer, db),
           "one that is made anew does not count as the old one");
    rename(other, ring_file);
    tap_ok(ring_in_place(&reader.ring, db), "moved back, it is");
    end();
}

static void test_locks(void)
{
    int pipes[2], status;
    char byte;
    pid_t pid;

    begin();
    if (pipe(pipes) < 0 || (pid = fork()) < 0)
        return;
    if (pid == 0) {
        struct ring r;
        byte = (char)(ring_open(&r, db) == 0 && ring_lock(&r, RING_POLLER));
        if (write(pipes[1], &byte, 1) < 0)
            _exit(1);
        pause();
        _exit(0);
    }
    tap_ok(read(pipes[0], &byte, 1) == 1 && byte, "one process has the lock");
    tap_ok(!ring_lock(&writer, RING_POLLER), "another does not get it");
    tap_ok(ring_lock(&writer, RING_WATCHERS), "but another lock");
    kill(pid, SIGSTOP);
    tap_ok(!ring_lock(&writer, RING_POLLER), "nor when that one is stopped");
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    tap_ok(ring_lock(&writer, RING_POLLER), "when it was killed, it does");
    close(pipes[0]);
    close(pipes[1]);
    end();
}

int main(void)
{
    rows_scratch(db);
    snprintf(ring_file, sizeof ring_file, "%s-ring", db);
    test_opening();
    test_what_is_no_ring();
    test_every_size();
    test_large();
    test_laps();
    test_edge();
    test_rewind();
    test_half_appended();
    test_killed();
    test_spoiled_header();
    test_spoiled_records();
    test_noise();
    test_cut_short();
    test_replaced();
    test_locks();
    rows_scratch_free(db);
    return tap_done();
}
