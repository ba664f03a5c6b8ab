/*
 * A livescore whose sandbox reports: each call that the filter does not allow is written to
 * $SANDBOX_REPORT, as ROLE FATE NUMBER and, after a tab, its first arguments.  Calls that the
 * table refuses are refused; calls that it does not know, or that would end the process, are
 * made, so that one run finds all that are missing.
 *
 * Such a call passes the filter by a sixth argument that no other call has.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include "service/sandbox/calls.h"

#define MAGIC  UINT64_C(0x6C697665)
#define TOP    200 /* its descriptor, above all others */
#define PREFIX 3

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): as ld wants them */
size_t __real_calls_program(struct sock_filter *program, enum sandbox_role role,
                            const uint32_t key[CALLS_KEY_WORDS]);
size_t __wrap_calls_program(struct sock_filter *program, enum sandbox_role role,
                            const uint32_t key[CALLS_KEY_WORDS]);
int __wrap_landlock_enter(const struct landlock_folder *folders, size_t n, bool alone);
int __wrap_setrlimit(__rlimit_resource_t what, const struct rlimit *limit);
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

static int report = -1;
static enum sandbox_role entered;

static long call_anyway(long number, const greg_t *r)
{
    register long r10 __asm__("r10") = r[REG_R10], r8 __asm__("r8") = r[REG_R8],
                      r9 __asm__("r9") = (long)MAGIC;
    long result;

    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(r[REG_RDI]), "S"(r[REG_RSI]), "d"(r[REG_RDX]), "r"(r10),
                       "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

static void on_call(int signal, siginfo_t *info, void *context)
{
    static const char *const roles[] = {"viewer", "listener", "poller"};
    static const char *const fates[] = {"ENOSYS", "?", "EACCES", "ends"};
    greg_t *r = ((ucontext_t *)context)->uc_mcontext.gregs;
    char line[160];
    int n;

    (void)signal;
    n = snprintf(line, sizeof line, "%s %s %d\t%llx %llx %llx\n", roles[entered],
                 fates[info->si_errno], info->si_syscall, r[REG_RDI], r[REG_RSI], r[REG_RDX]);
    if (write(report, line, (size_t)n) < 0)
        abort();
    r[REG_RAX] = info->si_errno == CALL_REFUSE ? -EACCES : call_anyway(info->si_syscall, r);
}

static uint32_t trap(uint32_t action)
{
    enum call_fate fate = action == SECCOMP_RET_KILL_PROCESS         ? CALL_DIE
                          : action == (SECCOMP_RET_ERRNO | (EACCES)) ? CALL_REFUSE
                                                                     : CALL_UNKNOWN;

    return action == SECCOMP_RET_ALLOW ? action : SECCOMP_RET_TRAP | (uint32_t)fate;
}

size_t __wrap_calls_program(struct sock_filter *program, enum sandbox_role role,
                            const uint32_t key[CALLS_KEY_WORDS])
{
    struct sigaction action = {.sa_sigaction = on_call, .sa_flags = SA_SIGINFO | SA_NODEFER};
    const char *file = getenv("SANDBOX_REPORT");
    size_t n = __real_calls_program(program, role, key);

    if (n == 0 || n + PREFIX > CALLS_PROGRAM_MAX || !file)
        return 0;
    for (size_t i = 0; i < n; i++)
        if (program[i].code == (BPF_RET | BPF_K))
            program[i].k = trap(program[i].k);
    memmove(program + PREFIX, program, n * sizeof *program);
    program[0] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                                              offsetof(struct seccomp_data, args[5]));
    program[1] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)MAGIC, 0, 1);
    program[2] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    report = fcntl(open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666), F_DUPFD_CLOEXEC,
                   TOP);
    entered = role;
    sigaction(SIGSYS, &action, NULL);
    return report < 0 ? 0 : n + PREFIX;
}

int __wrap_landlock_enter(const struct landlock_folder *folders, size_t n, bool alone)
{
    (void)folders;
    (void)n;
    (void)alone;
    return 0;
}

int __wrap_setrlimit(__rlimit_resource_t what, const struct rlimit *limit)
{
    (void)what;
    (void)limit;
    return 0;
}
