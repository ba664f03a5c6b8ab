/*
 * The filter: a classic BPF program, which finds a call by binary search.
 *
 * Since 5.11, the kernel runs it once per call number at installation and skips it for calls
 * that are always allowed.  Older kernels run it for every call.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>

#include "service/sandbox/table.h"

#ifdef __aarch64__
#define MACHINE AUDIT_ARCH_AARCH64
#else
#define MACHINE AUDIT_ARCH_X86_64
#endif

/* A run of numbers that share a cell; it ends where the next segment begins. */
struct segment {
    uint32_t first;
    enum cell cell;
};

struct writer {
    struct sock_filter *program;
    size_t n;
    const uint32_t *key;
};

static void put(struct writer *w, unsigned code, uint32_t k, unsigned yes, unsigned no)
{
    if (w->n < CALLS_PROGRAM_MAX)
        w->program[w->n] = (struct sock_filter){(uint16_t)code, (uint8_t)yes, (uint8_t)no, k};
    w->n++; /* past the end, only count: the caller sees that it did not fit */
}

static void load(struct writer *w, size_t offset)
{
    put(w, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static uint32_t action(enum call_fate fate)
{
    switch (fate) {
    case CALL_ALLOW: return SECCOMP_RET_ALLOW;
    case CALL_REFUSE: return SECCOMP_RET_ERRNO | EACCES;
    case CALL_DIE: return SECCOMP_RET_KILL_PROCESS;
    default: return SECCOMP_RET_ERRNO | ENOSYS;
    }
}

static void end(struct writer *w, enum call_fate fate)
{
    put(w, BPF_RET | BPF_K, action(fate), 0, 0);
}

/* Falls through to the next instruction if the test holds. */
static void put_test(struct writer *w, const struct test *t, enum call_fate otherwise)
{
    load(w, offsetof(struct seccomp_data, args) + t->word * sizeof(uint32_t));
    if (t->mask != 0xFFFFFFFF)
        put(w, BPF_ALU | BPF_AND | BPF_K, t->mask, 0, 0);
    for (uint32_t i = 0; i < t->n; i++)
        put(w, BPF_JMP | BPF_JEQ | BPF_K, t->values[i], t->n - i, 0);
    end(w, otherwise);
}

static void put_cell(struct writer *w, enum cell cell)
{
    struct test tests[TESTS_MAX];
    size_t n;
    enum call_fate fate = table_condition(cell, w->key, tests, &n);

    for (size_t i = 0; i < n; i++)
        put_test(w, &tests[i], fate);
    end(w, n > 0 ? CALL_ALLOW : fate);
}

/* The hottest call has a condition, so the kernel runs the filter each time: test it first. */
static void put_first(struct writer *w, enum cell cell)
{
    size_t jump = w->n;

    put(w, BPF_JMP | BPF_JEQ | BPF_K, table_first(), 0, 0);
    put_cell(w, cell);
    w->program[jump].jf = (uint8_t)(w->n - jump - 1);
}

/* Binary search over the segments. */
static void put_segments(struct writer *w, const struct segment *s, size_t n)
{
    if (n == 1) {
        put_cell(w, s->cell);
        return;
    }
    put(w, BPF_JMP | BPF_JGE | BPF_K, s[n / 2].first, 0, 1);
    put(w, BPF_JMP | BPF_JA, 0, 0, 0); /* a conditional jump reaches only 255 instructions */
    size_t jump = w->n - 1;
    put_segments(w, s, n / 2);
    if (jump < CALLS_PROGRAM_MAX)
        w->program[jump].k = (uint32_t)(w->n - jump - 1);
    put_segments(w, s + n / 2, n - n / 2);
}

/* The last segment is open-ended. */
static size_t cut(struct segment *segments, const uint8_t *cells)
{
    size_t n = 0;

    for (uint32_t number = 0; number < TABLE_NUMBERS; number++)
        if (n == 0 || segments[n - 1].cell != cells[number])
            segments[n++] = (struct segment){number, (enum cell)cells[number]};
    return n;
}

size_t calls_program(struct sock_filter *program, enum sandbox_role role,
                     const uint32_t key[CALLS_KEY_WORDS])
{
    struct writer w = {.program = program, .key = key};
    struct segment segments[TABLE_NUMBERS];
    uint8_t cells[TABLE_NUMBERS];

    if (!SANDBOX_KNOWS_MACHINE)
        return 0;
    table_cells(role, cells);
    load(&w, offsetof(struct seccomp_data, arch));
    put(&w, BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0);
    end(&w, CALL_DIE);
    load(&w, offsetof(struct seccomp_data, nr));
    put_first(&w, (enum cell)cells[table_first()]);
    put_segments(&w, segments, cut(segments, cells));
    return w.n <= CALLS_PROGRAM_MAX ? w.n : 0;
}
