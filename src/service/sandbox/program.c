/*
 * The filter: a classic BPF program, which finds the run of numbers that a call is in, and
 * tests for one call of it after another, in the order of the table.
 *
 * Since 5.11, the kernel runs it once per call number at installation and skips it for calls
 * that are always allowed.  Older kernels run it for every call.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>

#include "service/sandbox/calls.h"

#ifdef __aarch64__
#define MACHINE AUDIT_ARCH_AARCH64
#else
#define MACHINE AUDIT_ARCH_X86_64
#endif

#define REACH 255 /* instructions that a conditional jump can skip */
#define RUN   64U /* numbers */

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
    enum call_fate fate = calls_condition(cell, w->key, tests, &n);

    for (size_t i = 0; i < n; i++)
        put_test(w, &tests[i], fate);
    end(w, n > 0 ? CALL_ALLOW : fate);
}

/* Ends what is skipped if the test at `jump` fails. */
static void land(struct writer *w, size_t jump)
{
    size_t len = w->n - jump - 1;

    if (w->n > CALLS_PROGRAM_MAX || len > REACH)
        w->n = CALLS_PROGRAM_MAX + 1;
    else
        w->program[jump].jf = (uint8_t)len;
}

static void put_run(struct writer *w, uint32_t run, enum sandbox_role role)
{
    size_t n, start = w->n;
    const struct call *calls = calls_table(&n);

    put(w, BPF_JMP | BPF_JGE | BPF_K, run * RUN, 0, 0);
    for (size_t i = 0; i < n; i++) {
        size_t jump = w->n;
        if (calls[i].number / RUN != run)
            continue;
        put(w, BPF_JMP | BPF_JEQ | BPF_K, calls[i].number, 0, 0);
        put_cell(w, calls[i].cells[role]);
        land(w, jump);
    }
    end(w, CALL_UNKNOWN);
    land(w, start);
}

size_t calls_program(struct sock_filter *program, enum sandbox_role role,
                     const uint32_t key[CALLS_KEY_WORDS])
{
    struct writer w = {.program = program, .key = key};

    if (!SANDBOX_KNOWS_MACHINE)
        return 0;
    load(&w, offsetof(struct seccomp_data, arch));
    put(&w, BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0);
    end(&w, CALL_DIE);
    load(&w, offsetof(struct seccomp_data, nr));
    for (uint32_t run = CALLS_NUMBERS / RUN; run-- > 0;)
        put_run(&w, run, role);
    end(&w, CALL_UNKNOWN); /* where the test of run 0 would lead if it failed */
    return w.n <= CALLS_PROGRAM_MAX ? w.n : 0;
}
