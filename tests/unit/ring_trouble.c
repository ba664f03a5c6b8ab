/*
 * The ring in trouble: whatever happens to the writer or to the file, no reader takes a row
 * that was not written, or considers itself up to date when it is not.
 * tags: both
 */
#include "ring_log.h"

#include <sched.h>
#include <signal.h>
#include <sys/wait.h>

/* The memory as left by a writer that dies between any two stores of an append. */
static void test_half_appended(void)
{
    static char before[RING_FILE_SIZE], after[RING_FILE_SIZE];
    struct ring_header *h;
    uint64_t words_of, stores, k, from;

    begin();
    write_rows(500);
    h = writer.header;
    memcpy(before, h, RING_FILE_SIZE);
    from = writer.head;
    write_rows(1);
    memcpy(after, h, RING_FILE_SIZE);
    words_of = (writer.head - from) / sizeof(uint64_t);
    stores = words_of + 4;
    for (k = 0; k <= stores; k++) {
        const struct ring_header *then = (const void *)after;
        memcpy(h, before, RING_FILE_SIZE);
        ring_beat(&writer, 0);
        reader.ring.at = from;
        reader.cursor = head - 1;
        reader.live = true;
        if (k > 0)
            h->reserved = then->reserved;
        for (uint64_t i = 0; i < words_of && i + 1 < k; i++)
            ((uint64_t *)words(&writer, from))[i] =
                ((uint64_t *)(after + RING_PAGE + from % RING_CAPACITY))[i];
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

    if (make(&r) < 0 || !ring_lock(&r) || !ring_resume(&r, DEVICE, INODE, &id))
        _exit(1);
    for (;;) {
        id++;
        ring_append(&r, rows_make(&made, id), id - 1);
        ring_beat(&r, 0);
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

/* Another process writes n bytes into the file.  Then this writer, or the next, appends rows.
 */
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
    if (!tap_ok(right, "a wrong byte anywhere in the header misleads no reader"))
        tap_diag("byte %zu: %s", at - 1, reader.wrong);
    reader.lost = 0;
    for (i = 0; i < 10; i++)
        write_rows(1), follow(&reader);
    tap_is_int(reader.lost, 0,
               "a ring with a wrong byte in its header is whole again ten rows later");
    head++; /* the header announces this row, but the writer died before it wrote it */
    atomic_store(&writer.header->last_id, head);
    take_over();
    tap_ok(follow(&reader),
           "after a takeover readers know of a row that was announced but not written");
    memset(&writer.header->reserved, 0x7F, 8);
    write_rows(1);
    follow(&reader);
    reader.lost = 0;
    write_rows(1);
    tap_ok(follow(&reader) && reader.lost == 0,
           "readers go on after a header that reserved all there is");
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
            right = spoil(RING_PAGE + at, noise, n, rows_random(&random) % 4 == 0);
    }
    if (!tap_ok(right, "%d splashes of noise into the newest records mislead no reader", round))
        tap_diag("round %d: %s", round, reader.wrong);
    tap_ok(reader.lost > 100 && reader.rows > 1000, "%d times it was noticed, %d rows came",
           reader.lost, reader.rows);
    end();
}

static void test_noise(void)
{
    static unsigned char noise[RING_FILE_SIZE];
    uint64_t random = 7;
    bool right = true;

    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (unsigned char)rows_random(&random);
    begin();
    for (int i = 0; right && i < 4; i++)
        right = spoil(0, noise, sizeof noise, i % 2);
    tap_ok(right, "a file full of noise misleads no reader");
    memset(noise, 0, sizeof noise);
    right = spoil(0, noise, sizeof noise, false) && spoil(0, noise, sizeof noise, true);
    tap_ok(right, "a file full of zeros misleads no reader");
    end();
}

static void test_cut_short(void)
{
    static const off_t sizes[] = {0, RING_PAGE, RING_FILE_SIZE / 2 / RING_PAGE * RING_PAGE,
                                  RING_FILE_SIZE - RING_PAGE, 1000};

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
        tap_ok(ring_open(&reader.ring, db) < 0,
               "a reader that opens a broken file finds no ring");
        take_over();
        tap_ok(ring_open(&reader.ring, db) == 0 && stat(ring_file, &st) == 0 &&
                   st.st_size == RING_FILE_SIZE,
               "the next poller makes a broken ring whole");
        tap_ok(ring_in_place(&writer, db) && follow(&reader),
               "rows flow again after the next poller has made the file whole");
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
           "a new ring in its place does not count as the old one");
    rename(other, ring_file);
    tap_ok(ring_in_place(&reader.ring, db), "a ring that was moved back is in its place");
    end();
}

static void test_locks(void)
{
    int pipes[2], status;
    char byte;
    pid_t pid;

    begin();
    if (pipe(pipes) < 0 || (pid = fork()) < 0) {
        puts("Bail out! no process");
        exit(1);
    }
    if (pid == 0) {
        struct ring r;
        byte = (char)(make(&r) == 0 && ring_lock(&r));
        if (write(pipes[1], &byte, 1) < 0)
            _exit(1);
        pause();
        _exit(0);
    }
    tap_ok(read(pipes[0], &byte, 1) == 1 && byte, "a process can lock the ring");
    tap_ok(!ring_lock(&writer), "a second process does not get the lock");
    tap_ok(ring_is_locked(&reader.ring), "a reader sees that the lock is taken");
    kill(pid, SIGSTOP);
    tap_ok(!ring_lock(&writer), "the lock stays with a process that is stopped");
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    tap_ok(!ring_is_locked(&reader.ring) && ring_lock(&writer),
           "a second process gets the lock when the first was killed");
    close(pipes[0]);
    close(pipes[1]);
    end();
}

int main(void)
{
    ring_log_init();
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
