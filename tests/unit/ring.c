/*
 * The ring alone: rows are read once and in order, or the reader learns that it is lost.
 * tags: both
 */
#include "ring_log.h"

static void test_opening(void)
{
    struct stat st;
    int64_t id = 0;

    tap_ok(ring_open(&writer, db) < 0 && errno == ENOENT, "a reader does not create a ring");
    tap_is_int(make(&writer), 0, "the poller makes a missing ring");
    stat(ring_file, &st);
    tap_is_int(st.st_mode & 0777, 0640, "a ring file has the permissions of the database");
    tap_is_int(st.st_size, RING_FILE_SIZE, "a ring file is created at its full size");
    tap_ok(!ring_join(&writer), "a ring cannot be joined before it is formatted");
    tap_ok(ring_silence(&writer) == INT64_MAX, "a ring that was never formatted had no writer");
    ring_format(&writer, DEVICE, INODE, 0);
    tap_ok(ring_join(&writer) && ring_in_place(&writer, db),
           "a ring that is formatted can be joined, and is in its place");
    append_next(10);
    ring_beat(&writer, 5);
    tap_ok(ring_silence(&writer) < 60000 && writer.header->pid == getpid(),
           "a writer that beats is alive");
    tap_is_int(writer.header->pruned, 5, "a ring says up to which id rows were deleted");
    atomic_store(&writer.header->alive, clock_ms() - RING_STALE_MS - 1);
    tap_ok(!ring_resume(&writer, DEVICE, INODE, &id),
           "no writer continues a ring that was long without one");
    atomic_store(&writer.header->alive, clock_ms() + 60000);
    tap_ok(!ring_resume(&writer, DEVICE, INODE, &id) && ring_silence(&writer) == INT64_MAX,
           "no writer continues a ring from before the machine started");
    ring_beat(&writer, 0);
    tap_ok(ring_resume(&writer, DEVICE, INODE, &id) && id == head,
           "a writer continues a ring that was just left");
    ring_void(&writer);
    tap_ok(!ring_join(&writer), "a void ring cannot be joined");
    ring_close(&writer);
    unlink(ring_file);
}

static void test_what_is_no_ring(void)
{
    const char *trouble;
    struct stat st;
    char name[BESIDE_PATH_MAX + 1];

    memset(name, 'x', BESIDE_PATH_MAX);
    name[BESIDE_PATH_MAX - 5] = '\0';
    tap_ok(ring_open(&writer, name) < 0 && errno == ENAMETOOLONG, "a path too long is refused");
    tap_ok(ring_open(&writer, "/nonexistent/x") < 0 && errno == ENOENT,
           "without a database there is no ring");
    mkdir(ring_file, 0700);
    tap_ok(ring_open(&writer, db) < 0 && make(&writer) < 0 && writer.fd == -1,
           "a folder is not accepted as a ring");
    rmdir(ring_file);
    mkfifo(ring_file, 0600);
    tap_ok(ring_open(&writer, db) < 0 && writer.fd == -1, "a FIFO is not accepted as a ring");
    tap_ok(ring_make(&writer, db, &trouble) == 0 &&
               strcmp(trouble, "a file of the wrong type") == 0,
           "the poller removes a link, says so, and makes a ring");
    ring_close(&writer);
    unlink(ring_file);
    if (symlink(db, ring_file) == 0)
        tap_ok(ring_open(&writer, db) < 0 && writer.fd == -1,
               "a link to the database is not accepted as a ring");
    tap_ok(make(&writer) == 0 && stat(db, &st) == 0 && st.st_size == 0,
           "a poller that replaces a link leaves the database as it is");
    ring_close(&writer);
    unlink(ring_file);
    if (link(db, ring_file) == 0)
        tap_ok(ring_open(&writer, db) < 0,
               "the database under another name is not accepted as a ring");
    unlink(ring_file);
}

static void test_every_size(void)
{
    size_t len = 0, most = RECORD_ROW_MAX - 64;

    begin();
    for (; len <= most; len += len < 300 ? 1 : 97) {
        struct row row = {0};
        int64_t prev = 0;
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
    struct row row = {0};
    int64_t prev = 0;

    begin();
    append_next(1000);
    tap_is_int(ring_next(&reader.ring, &row, &prev, small, sizeof small), RING_LARGE,
               "a row larger than the reader's memory is not read");
    tap_is_int(ring_next(&reader.ring, &row, &prev, reader.memory, sizeof reader.memory),
               RING_ROW, "a row that was too large is read with more memory");
    append_next(RECORD_ROW_MAX + 1);
    tap_is_int(ring_next(&reader.ring, &row, &prev, reader.memory, sizeof reader.memory),
               RING_GAP, "a row that is too large for a record is a gap");
    tap_is_int(row.id, head, "a gap has the id of its row");
    append_next(10);
    tap_is_int(ring_next(&reader.ring, &row, &prev, reader.memory, sizeof reader.memory),
               RING_ROW, "the row after a gap can be read");
    tap_is_int(prev, head - 1, "the row after a gap names the gap's id as the one before it");
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
    tap_ok(reader.lost == 0 && reader.rows == head, "rows in five laps all come by the ring");
    while (writer.head < 7 * RING_CAPACITY)
        write_rows(1);
    tap_ok(follow(&reader), "a reader that was lapped is told, and reads the database");
    tap_is_int(reader.lost, 1, "a reader that was lapped is told so once");
    end();
}

/* At the edge: the oldest whole record, and the one being overwritten. */
static void test_edge(void)
{
    struct row row = {0};
    int64_t prev = 0;
    struct ring late;

    begin();
    late = reader.ring;
    while (writer.head + 1024 <= RING_CAPACITY)
        append_next(900);
    tap_is_int(ring_next(&late, &row, &prev, reader.memory, sizeof reader.memory), RING_ROW,
               "the oldest record of a full ring can be read");
    late = reader.ring;
    atomic_store(&writer.header->reserved, late.at + RING_CAPACITY);
    tap_is_int(ring_next(&late, &row, &prev, reader.memory, sizeof reader.memory), RING_ROW,
               "the oldest record can be read as long as no writer has reserved its bytes");
    late = reader.ring;
    atomic_store(&writer.header->reserved, late.at + RING_CAPACITY + RECORD_ALIGN);
    tap_is_int(ring_next(&late, &row, &prev, reader.memory, sizeof reader.memory), RING_LOST,
               "the oldest record is lost when a writer has reserved its first bytes");
    end();
}

/* Reads from an id to the end of the ring.  Returns the rows' number, or -1 if one is wrong. */
static int read_from(int64_t id)
{
    struct row row = {0};
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
    int64_t id, reached, least, prev, bytes = 0;
    struct row row = {0};

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
    append_next(10);
    tap_ok(ring_join(&reader.ring) && ring_rewind(&reader.ring, RING_NEWEST) &&
               ring_next(&reader.ring, &row, &prev, reader.memory, sizeof reader.memory) ==
                   RING_ROW &&
               row.id == head,
           "a reader can ask for the newest row");
    id = head + 1;
    tap_ok(!ring_rewind(&reader.ring, id),
           "a reader is not rewound to an id that is yet to come");
    take_over();
    write_rows(5);
    id = head - 5;
    tap_ok(ring_join(&reader.ring) && ring_rewind(&reader.ring, id) && read_from(id) == 5,
           "after a takeover, a reader can be rewound to what the old writer left");
    ring_join(&reader.ring);
    id = head - 100;
    tap_ok(!ring_rewind(&reader.ring, id) || read_from(id) == 100,
           "after a takeover, a reader that is rewound further back gets every row, or is "
           "refused");
    end();
}

int main(void)
{
    ring_log_init();
    test_opening();
    test_what_is_no_ring();
    test_every_size();
    test_large();
    test_laps();
    test_edge();
    test_rewind();
    rows_scratch_free(db);
    return tap_done();
}
