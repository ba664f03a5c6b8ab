/*
 * The filters of system calls, interpreted as by the kernel, against the table from which they
 * are made.
 * tags: both
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "service/sandbox/calls.h"
#include "tap.h"

#define NUMBERS_MAX 1200

static const uint32_t key[CALLS_KEY_WORDS] = {0x11111111, 0x22222222, 0x33333333, 0x44444444};
#define KEY_LOW  UINT64_C(0x2222222211111111)
#define KEY_HIGH UINT64_C(0x4444444433333333)

#ifdef __aarch64__
#define MACHINE AUDIT_ARCH_AARCH64
#else
#define MACHINE AUDIT_ARCH_X86_64
#endif

struct filter {
    struct sock_filter program[CALLS_PROGRAM_MAX];
    size_t n;
};

/* Runs a filter as the kernel does.  0 or 1: it is invalid. */
static uint32_t run(const struct filter *f, const struct seccomp_data *data)
{
    uint32_t a = 0;

    for (size_t pc = 0; pc < f->n; pc++) {
        const struct sock_filter *i = &f->program[pc];
        switch (i->code) {
        case BPF_LD | BPF_W | BPF_ABS: memcpy(&a, (const char *)data + i->k, sizeof a); break;
        case BPF_ALU | BPF_AND | BPF_K: a &= i->k; break;
        case BPF_JMP | BPF_JA: pc += i->k; break;
        case BPF_JMP | BPF_JEQ | BPF_K: pc += a == i->k ? i->jt : i->jf; break;
        case BPF_JMP | BPF_JGE | BPF_K: pc += a >= i->k ? i->jt : i->jf; break;
        case BPF_RET | BPF_K: return i->k;
        default: return 1;
        }
    }
    return 1;
}

static const char *name(uint32_t action)
{
    switch (action) {
    case SECCOMP_RET_ALLOW: return "allowed";
    case SECCOMP_RET_KILL_PROCESS: return "ends it";
    case SECCOMP_RET_ERRNO | EACCES: return "EACCES";
    case SECCOMP_RET_ERRNO | ENOSYS: return "ENOSYS";
    default: return "something else";
    }
}

static const char *expected(enum call_fate fate)
{
    static const char *const names[] = {"ENOSYS", "allowed", "EACCES", "ends it"};

    return names[fate];
}

static struct filter filters[SANDBOX_ROLES];

static const char *ask(enum sandbox_role role, int number, const uint64_t args[6])
{
    struct seccomp_data data = {.nr = number, .arch = MACHINE};

    memcpy(data.args, args, sizeof data.args);
    return name(run(&filters[role], &data));
}

static bool holds(const struct test *t, const uint64_t args[6])
{
    uint32_t word = (uint32_t)(args[t->word / 2] >> (t->word % 2 * 32)) & t->mask;

    for (uint32_t i = 0; i < t->n; i++)
        if (t->values[i] == word)
            return true;
    return false;
}

/* The fate that the table gives a call. */
static enum call_fate fate_of(enum sandbox_role role, int number, const uint64_t args[6])
{
    struct test tests[TESTS_MAX];
    enum cell cell = GONE;
    size_t n;
    const struct call *calls = calls_table(&n);

    while (n-- > 0)
        if (calls[n].number == (uint32_t)number)
            cell = calls[n].cells[role];
    enum call_fate fate = calls_condition(cell, key, tests, &n);

    for (size_t i = 0; i < n; i++)
        if (!holds(&tests[i], args))
            return fate;
    return n > 0 ? CALL_ALLOW : fate;
}

/* The claim contains the answer's words. */
#define IS(role, number, answer, claim, ...)                                                   \
    tap_is_text(ask(role, number, (const uint64_t[6]){__VA_ARGS__}), answer, "%s", claim)

/* Every call number, and some unused ones, with arguments that pass some conditions and fail
 * others. */
static void check_table(void)
{
    static const uint64_t values[][6] = {
        {0, 0, 0, 0, 0, 0},
        {0, F_SETLK, KEY_LOW, KEY_HIGH, 0, 0},
        {0, IPPROTO_TCP, TCP_NODELAY, KEY_LOW, KEY_HIGH, 0},
        {SIGCHLD, O_RDWR, O_RDWR, 0, UINT64_C(1) << 32, 0},
        {UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX},
        {PR_SET_TIMERSLACK, F_SETOWN, O_RDONLY | O_CLOEXEC, 0, 0, 0},
    };

    for (int role = 0; role < SANDBOX_ROLES; role++) {
        bool same = true;
        for (int number = 0; number < NUMBERS_MAX && same; number++) {
            for (size_t i = 0; i < sizeof values / sizeof *values && same; i++) {
                const char *got = ask((enum sandbox_role)role, number, values[i]);
                const char *table =
                    expected(fate_of((enum sandbox_role)role, number, values[i]));
                same = strcmp(got, table) == 0;
                if (!same)
                    tap_diag("call %d, arguments %zu: %s, the table says %s", number, i, got,
                             table);
            }
        }
        tap_ok(same, "the filter of role %d answers as its table for every number", role);
    }
}

static void check_viewer(void)
{
    static const enum sandbox_role V = SANDBOX_VIEWER;

    IS(V, SYS_read, "allowed", "a viewer may read", 0);
    IS(V, SYS_openat, "allowed", "a viewer may open for reading", 0, 0, O_RDONLY | O_CLOEXEC);
    IS(V, SYS_openat, "EACCES", "a viewer may not open for writing", 0, 0, O_WRONLY);
    IS(V, SYS_openat, "EACCES", "a viewer may not open for reading and writing", 0, 0,
       O_RDWR | O_CLOEXEC);
    IS(V, SYS_openat, "EACCES", "a viewer may not make a file", 0, 0, O_RDONLY | O_CREAT);
    IS(V, SYS_openat, "EACCES", "a viewer may not make a file without a name", 0, 0, O_TMPFILE);
    IS(V, SYS_openat, "EACCES", "a viewer may not cut a file short", 0, 0, O_RDONLY | O_TRUNC);
    IS(V, SYS_mmap, "EACCES", "a viewer may not map code", 0, 4096, 5);
    IS(V, SYS_mprotect, "EACCES", "a viewer may not make code of memory", 0, 4096, 7);
    IS(V, SYS_fcntl, "allowed", "a viewer may lock", 3, F_SETLK);
    IS(V, SYS_fcntl, "EACCES",
       "a viewer may not set by fcntl which process a descriptor signals", 3, F_SETOWN);
    IS(V, SYS_ioctl, "EACCES",
       "a viewer may not set by ioctl which process a descriptor signals", 3, 0x8901);
    IS(V, SYS_sendto, "allowed", "a viewer may send to its client", 3, 0, 1);
    IS(V, SYS_sendto, "EACCES", "a viewer may not send to an address", 3, 0, 1, 0, 4096);
    IS(V, SYS_sendto, "EACCES", "a viewer may not send to an address beyond 4 GiB of memory", 3,
       0, 1, 0, UINT64_C(1) << 32);
    IS(V, SYS_prlimit64, "EACCES", "a viewer may not limit another process", 1);
    IS(V, SYS_sched_setscheduler, "allowed", "a viewer may step back behind all others", 0,
       SCHED_IDLE);
    IS(V, SYS_sched_setscheduler, "EACCES", "a viewer may not hold up another process", 1,
       SCHED_IDLE);
    IS(V, SYS_sched_setscheduler, "EACCES", "a viewer may not come before others", 0,
       SCHED_FIFO);
    IS(V, SYS_execve, "ends it", "a viewer that would run a program is ended", 0);
    IS(V, SYS_kill, "ends it", "a viewer that would signal is ended, whatever the arguments", 1,
       9, KEY_LOW, KEY_HIGH);
    if (!SANDBOX_SANITIZED)
        IS(V, SYS_clone, "ends it", "a viewer that would fork is ended", SIGCHLD);
    IS(V, SYS_clone3, "ENOSYS", "a call that the table does not know is not there", 0);
    IS(V, NUMBERS_MAX, "ENOSYS", "a call that no kernel has yet is not there", 0);
}

static void check_listener(void)
{
    static const enum sandbox_role L = SANDBOX_LISTENER;

    IS(L, SYS_kill, "allowed", "a listener may signal with its key", 1, 9, KEY_LOW, KEY_HIGH);
    for (int i = 0; i < 4; i++) {
        uint64_t args[6] = {1, 9, KEY_LOW, KEY_HIGH};
        args[2 + i / 2] ^= UINT64_C(1) << (32 * (i % 2));
        tap_is_text(ask(L, SYS_kill, args), "ends it",
                    "a call whose key differs in word %d ends the process", i);
    }
    IS(L, SYS_unlinkat, "allowed", "a listener may remove with its key", 0, 0, 0, KEY_LOW,
       KEY_HIGH);
    IS(L, SYS_unlinkat, "EACCES", "a listener may not remove without its key", 0, 0, 0, 0, 0);
    IS(L, SYS_clone, "allowed", "a listener may fork with its key", SIGCHLD, 0, KEY_LOW,
       KEY_HIGH);
    if (!SANDBOX_SANITIZED) {
        IS(L, SYS_clone, "ends it", "one that would fork without the key is ended", SIGCHLD);
        IS(L, SYS_clone, "ends it", "one that would make a thread without the key is ended",
           0x3d0f00);
    }
#ifdef SYS_fork
    IS(L, SYS_fork, "ends it", "one that would fork by the older call is ended", 0);
#endif
    IS(L, SYS_openat, "EACCES", "a listener opens nothing for writing", 0, 0, O_RDWR);
}

static void check_poller(void)
{
    static const enum sandbox_role P = SANDBOX_POLLER;

    IS(P, SYS_openat, "allowed", "a poller opens for writing", 0, 0, O_RDWR | O_CREAT);
    IS(P, SYS_execve, "ends it", "a poller that would run a program is ended", 0);
    IS(P, SYS_socket, "EACCES", "a poller makes no socket", 0);
}

static void check_machine(void)
{
    struct seccomp_data data = {.nr = SYS_read, .arch = AUDIT_ARCH_I386};

    tap_is_text(name(run(&filters[SANDBOX_VIEWER], &data)), "ends it",
                "a call by another machine's numbers ends the process");
    data = (struct seccomp_data){.nr = 0x40000000 | SYS_read, .arch = MACHINE};
    tap_is_text(name(run(&filters[SANDBOX_VIEWER], &data)), "ENOSYS",
                "a call by the numbers of x32 is refused");
}

int main(void)
{
    for (int role = 0; role < SANDBOX_ROLES; role++) {
        filters[role].n = calls_program(filters[role].program, (enum sandbox_role)role, key);
        tap_ok(filters[role].n > 0, "the filter of role %d fits (%zu instructions)", role,
               filters[role].n);
    }
    check_table();
    check_viewer();
    check_listener();
    check_poller();
    check_machine();
    return tap_done();
}
