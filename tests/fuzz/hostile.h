/*
 * A ring file, with a snapshot, that an attacker has written to: shared by the targets for the
 * ring and the snapshot.
 *
 * The service's own writer makes the base: rows that wrap from the end of the ring to its
 * beginning, and their snapshot.  The input is a script that changes it, and can do what needs
 * knowledge of the format: records and headers with correct checksums.  hostile_init checks
 * that such a record is accepted as a row, so that the target stays effective when the format
 * changes.
 */
#ifndef FUZZ_HOSTILE_H
#define FUZZ_HOSTILE_H

#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "must.h"
#include "service/ring/ring.h"

#define HOSTILE_ROWS     40 /* in the base */
#define HOSTILE_MATCHES  12
#define HOSTILE_OPS      24 /* in one input */
#define HOSTILE_MULTIPLY UINT64_C(0xFF51AFD7ED558CCD)

struct hostile {
    struct ring writer, reader;    /* the reader's mapping is read-only */
    struct ring snapshots;         /* the writer's */
    unsigned char *file, *base;    /* the mapped file, and its original contents */
    uint64_t starts[HOSTILE_ROWS]; /* positions of the base's records */
    struct {
        size_t at, len;
    } dirty[HOSTILE_OPS];
    size_t n_dirty;
};

static struct hostile hostile;

/* The rest of the script. */
struct script {
    const uint8_t *at;
    size_t len;
};

/* The next n bytes as a number; zeros after the end. */
static uint64_t script_take(struct script *s, size_t n)
{
    uint64_t value = 0;

    for (size_t i = 0; i < n; i++) {
        value |= (uint64_t)(s->len > 0 ? *s->at : 0) << 8 * i;
        if (s->len > 0)
            s->at++, s->len--;
    }
    return value;
}

static uint64_t hostile_mix(uint64_t sum, uint64_t word)
{
    sum = (sum ^ word) * HOSTILE_MULTIPLY;
    return sum ^ sum >> 32;
}

/* A place for a write of len bytes near `at`, within the file. */
static unsigned char *hostile_at(size_t at, size_t len)
{
    must(at + len <= RING_FILE_SIZE && hostile.n_dirty < HOSTILE_OPS);
    hostile.dirty[hostile.n_dirty].at = at;
    hostile.dirty[hostile.n_dirty++].len = len;
    return hostile.file + at;
}

static void hostile_restore(void)
{
    for (; hostile.n_dirty > 0; hostile.n_dirty--) {
        size_t at = hostile.dirty[hostile.n_dirty - 1].at;
        memcpy(hostile.file + at, hostile.base + at, hostile.dirty[hostile.n_dirty - 1].len);
    }
}

/* Writes a record whose checksum is correct if its size allows one, and whose lengths may not
 * add up.  room: bytes to the end of the area. */
static void hostile_record(struct script *s, size_t at, size_t room, uint64_t key)
{
    uint64_t memory[512 / sizeof(uint64_t)];
    struct record *record = (void *)memory;
    uint64_t how = script_take(s, 1), sum;
    size_t words;

    for (size_t i = 0; i < sizeof memory / sizeof *memory; i++)
        memory[i] = i * UINT64_C(0x2020202020202020) ^ UINT64_C(0x6161616161616161);
    *record = (struct record){
        .size = (uint32_t)(how & 1 ? script_take(s, 4) : 64 + script_take(s, 1) % 28 * 16),
        .kind = (uint32_t)(how & 2 ? script_take(s, 1) : 1 + (how >> 6) % 3),
        .back = how & 4 ? script_take(s, 8) : script_take(s, 1) * 16,
        .id = how & 8 ? (int64_t)script_take(s, 8) : (int64_t)script_take(s, 1),
        .match_len = (uint32_t)script_take(s, how & 16 ? 4 : 1),
        .type_len = (uint32_t)script_take(s, how & 16 ? 4 : 1),
        .created_len = 24,
        .data_len = (uint32_t)script_take(s, how & 16 ? 4 : 1),
    };
    record->prev = (int64_t)((uint64_t)record->id - 1);
    words = record->size < sizeof memory ? record->size / sizeof *memory
                                         : sizeof memory / sizeof *memory;
    sum = key ^ ((uint64_t)record->size << 32 | record->kind);
    for (size_t i = offsetof(struct record, checksum) / sizeof *memory + 1; i < words; i++)
        sum = hostile_mix(sum, memory[i]);
    record->checksum = how & 32 ? script_take(s, 8) : sum;
    words = words * sizeof *memory > sizeof *record ? words * sizeof *memory : sizeof *record;
    words = words < room ? words : room;
    memcpy(hostile_at(at, words), memory, words);
}

/* The key of a record at that position in the base's ring. */
static uint64_t hostile_key(uint64_t position)
{
    return hostile.writer.writing ^ position * UINT64_C(0x9E3779B97F4A7C15);
}

static size_t hostile_place(uint64_t position)
{
    return RING_PAGE + position % RING_CAPACITY;
}

/* Changes a word of the header, to anything or to a value near the old one. */
static void hostile_header(struct script *s, size_t from, size_t words)
{
    uint64_t which = script_take(s, 1), value;
    size_t at = from + which % words * sizeof value;

    memcpy(&value, hostile.file + at, sizeof value);
    value =
        which & 128 ? script_take(s, 8) : value + (uint64_t)(int64_t)(int16_t)script_take(s, 2);
    memcpy(hostile_at(at, sizeof value), &value, sizeof value);
}

static void hostile_bytes(struct script *s, size_t from, size_t len)
{
    size_t at = script_take(s, 3) % len, n = script_take(s, 1) % 16 + 1;

    n = n < len - at ? n : len - at;
    for (unsigned char *to = hostile_at(from + at, n); n > 0; n--)
        *to++ = (unsigned char)script_take(s, 1);
}

static void hostile_put(int64_t id)
{
    char match[16], data[400];
    struct row row = {.id = id, .created_at = span_of("2025-06-10T20:00:00.000Z")};

    snprintf(match, sizeof match, "m%d", (int)(id % HOSTILE_MATCHES));
    memset(data, '0', sizeof data);
    row.match_id = span_of(match);
    row.type = span_of(id % 3 ? "message" : "goal");
    row.data = (struct span){data, (size_t)(id * 37 % 380)};
    ring_append(&hostile.writer, &row, id - 1);
    hostile.starts[id - 1] = hostile.writer.head - record_size(&row);
    if (id > HOSTILE_ROWS - HOSTILE_MATCHES)
        ring_append(&hostile.snapshots, &row, 0);
}

/* Fills the ring almost to its end, where padding is. */
static void hostile_fill(void)
{
    static char data[60000];
    struct row row = {.id = 0, .type = span_of("message"), .data = {data, sizeof data}};

    while (hostile.writer.head + HOSTILE_ROWS * 150 < RING_CAPACITY) {
        if (hostile.writer.head + 2 * sizeof data > RING_CAPACITY)
            row.data.len = 1000;
        ring_append(&hostile.writer, &row, 0);
    }
}

/* The folder is deleted again before the first input. */
static void hostile_open(void)
{
    static char path[64] = P_tmpdir "/livescore-fuzz.XXXXXX/live.db";
    char *slash = strrchr(path, '/'), name[80];
    const char *trouble = NULL;
    int fd;

    *slash = '\0';
    must(mkdtemp(path));
    *slash = '/';
    fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    must(fd >= 0 && ring_make(&hostile.writer, path, &trouble) == 0);
    must(ring_open(&hostile.reader, path) == 0);
    close(fd);
    snprintf(name, sizeof name, "%s-ring", path);
    must(unlink(name) == 0 && unlink(path) == 0);
    *slash = '\0';
    must(rmdir(path) == 0);
}

/* Checks that a reader accepts a record made here after the newest one as a row. */
static void hostile_try(void)
{
    static const uint8_t sound[] = {0, 3, 1, 42, 2, 4, 6};
    uint64_t memory[RECORD_MAX / sizeof(uint64_t)], at = hostile.writer.head;
    struct ring reader = hostile.reader;
    struct row row;
    int64_t prev;
    uint64_t head = at + 112;

    must(ring_join(&reader) && reader.at == at);
    hostile_record(&(struct script){sound, sizeof sound}, hostile_place(at), 4096,
                   hostile_key(at));
    memcpy(hostile_at(offsetof(struct ring_header, head), sizeof head), &head, sizeof head);
    memcpy(hostile_at(offsetof(struct ring_header, reserved), sizeof head), &head, sizeof head);
    must(ring_next(&reader, &row, &prev, memory, sizeof memory) == RING_ROW && row.id == 42);
    must(row.match_id.len == 2 && row.type.len == 4 && row.data.len == 6 && prev == 41);
    hostile_restore();
}

static void hostile_init(void)
{
    if (hostile.file)
        return;
    hostile_open();
    hostile.file = (unsigned char *)hostile.writer.header;
    ring_format(&hostile.writer, 1, 1, 0);
    hostile_fill();
    hostile.snapshots = ring_snapshots(&hostile.writer);
    ring_format(&hostile.snapshots, 1, 1, 0);
    uint64_t begin = hostile.snapshots.head;
    for (int64_t id = 1; id <= HOSTILE_ROWS; id++)
        hostile_put(id);
    ring_end_snapshot(&hostile.snapshots, begin, true, HOSTILE_ROWS, hostile.writer.head);
    ring_beat(&hostile.writer, 0);
    hostile.base = malloc(RING_FILE_SIZE);
    must(hostile.base);
    memcpy(hostile.base, hostile.file, RING_FILE_SIZE);
    hostile_try();
}

/* The texts of a row lie in the reader's own memory. */
static void hostile_check_row(const struct row *row, const void *memory, size_t len)
{
    must(must_be_in(row->match_id, memory, len) && must_be_in(row->type, memory, len));
    must(must_be_in(row->created_at, memory, len) && must_be_in(row->data, memory, len));
    must(row->match_id.len + row->type.len + row->created_at.len + row->data.len <=
         RECORD_ROW_MAX);
}

#endif
