/* Which role may make which system call.  README.md says how to find and add a missing one. */
#include "service/sandbox/calls.h"

#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#define OPEN_WRITES (O_ACCMODE | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY))
#define SET_VMA     0x53564d41 /* PR_SET_VMA: malloc names its memory */

/* clang-format off */
#define ONE_OF(word, ...) \
    {word, 0xFFFFFFFF, sizeof((uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t), {__VA_ARGS__}}
#define WITHOUT(word, bits) {word, (uint32_t)(bits), 1, {0}}
/* clang-format on */

/* All tests of a condition must hold; if one fails, the call's fate is `otherwise`. */
static const struct condition {
    enum call_fate otherwise;
    struct test tests[2];
} conditions[] = {
    [READING_1] = {CALL_REFUSE, {WITHOUT(LOW(1), OPEN_WRITES)}},
    [READING_2] = {CALL_REFUSE, {WITHOUT(LOW(2), OPEN_WRITES)}},
    [NO_CODE] = {CALL_REFUSE, {WITHOUT(LOW(2), PROT_EXEC)}},
    [NO_ADDRESS] = {CALL_REFUSE, {ONE_OF(LOW(4), 0), ONE_OF(HIGH(4), 0)}},
    [LOCKING] = {CALL_REFUSE,
                 {ONE_OF(LOW(1), F_GETLK, F_SETLK, F_SETLKW, F_GETFL, F_SETFL, F_GETFD, F_SETFD,
                         F_DUPFD, F_DUPFD_CLOEXEC)}},
    [OWN_PROCESS] = {CALL_REFUSE, {ONE_OF(LOW(0), 0)}},
    [OWN_IDLENESS] = {CALL_REFUSE, {ONE_OF(LOW(0), 0), ONE_OF(LOW(1), SCHED_IDLE)}},
    [QUEUE] = {CALL_REFUSE, {ONE_OF(LOW(1), SIOCOUTQ, TCGETS)}},
    [TUNING] = {CALL_REFUSE,
                {ONE_OF(LOW(1), SOL_SOCKET, IPPROTO_TCP),
                 ONE_OF(LOW(2), TCP_NODELAY, SO_KEEPALIVE, TCP_NOTSENT_LOWAT)}},
    [NAMING] = {CALL_REFUSE,
                {ONE_OF(LOW(0), PR_SET_TIMERSLACK, PR_SET_PDEATHSIG, PR_SET_NAME, SET_VMA)}},
    [KEY_2] = {CALL_DIE, {{0}}},
    [KEY_3] = {CALL_REFUSE, {{0}}},
};

/* clang-format off */
#define CALL(name, viewer, listener, poller) {__NR_##name, {viewer, listener, poller}}
#define EACH(name, cell) CALL(name, cell, cell, cell)
#define BUT_ASAN(cell) (SANDBOX_SANITIZED ? YES : (cell)) /* its runtime needs them */

/* Viewers inherit their listener's filter, so they may do whatever it does without the key. */
static const struct call calls[] = {
#if SANDBOX_KNOWS_MACHINE
    /*   call              viewer      listener    poller */
    CALL(sendto,            NO_ADDRESS, NO_ADDRESS, NO_ADDRESS),
    EACH(epoll_pwait, YES), EACH(timerfd_settime, YES), EACH(read, YES), EACH(write, YES),
    EACH(rt_sigprocmask, YES), EACH(rt_sigreturn, YES), EACH(rt_sigaction, YES),
    EACH(ppoll, YES),

    /* the client */
    EACH(writev, YES), EACH(readv, YES), EACH(recvfrom, YES), EACH(shutdown, YES),
    EACH(getpeername, YES), EACH(getsockname, YES), EACH(getsockopt, YES),
    CALL(setsockopt,        TUNING,     TUNING,     NO),
    CALL(ioctl,             QUEUE,      QUEUE,      QUEUE),
    EACH(epoll_create1, YES), EACH(epoll_ctl, YES), EACH(timerfd_create, YES),
    CALL(accept4,           GONE,       YES,        GONE),

    /* files: read and locked by all, written by the poller */
    CALL(openat,            READING_2,  READING_2,  YES),
    CALL(fcntl,             LOCKING,    LOCKING,    LOCKING),
    EACH(close, YES), EACH(pread64, YES), EACH(lseek, YES), EACH(fstat, YES),
    EACH(newfstatat, YES), EACH(statx, YES), EACH(faccessat, YES), EACH(readlinkat, YES),
    EACH(getcwd, YES), EACH(getdents64, BUT_ASAN(GONE)), EACH(statfs, YES), EACH(fstatfs, YES),
    EACH(dup, YES), EACH(dup3, YES),
    CALL(pwrite64,          NO,         NO,         YES),
    CALL(ftruncate,         NO,         NO,         YES),
    CALL(fallocate,         NO,         NO,         YES),
    CALL(fsync,             NO,         NO,         YES),
    CALL(fdatasync,         NO,         NO,         YES),
    CALL(unlinkat,          NO,         KEY_3,      YES),
    CALL(renameat2,         NO,         NO,         YES),
    CALL(mknodat,           NO,         NO,         YES),
    CALL(fchmod,            NO,         NO,         YES),
    CALL(fchown,            NO,         NO,         YES),
    CALL(fchownat,          NO,         NO,         YES),
    CALL(umask,             NO,         NO,         YES),
    CALL(inotify_init1,     NO,         NO,         YES),
    CALL(inotify_add_watch, NO,         NO,         YES),
    CALL(inotify_rm_watch,  NO,         NO,         YES),
    EACH(truncate, NO), EACH(mkdirat, NO), EACH(linkat, NO), EACH(symlinkat, NO),
    EACH(fchmodat, NO), EACH(utimensat, NO), EACH(setxattr, NO), EACH(lsetxattr, NO),
    EACH(fsetxattr, NO), EACH(flock, NO),

    /* memory */
    EACH(mmap, NO_CODE), EACH(mprotect, NO_CODE), EACH(munmap, YES), EACH(mremap, YES),
    EACH(madvise, YES), EACH(brk, YES), EACH(msync, YES),

    /* the process itself */
    EACH(exit, YES), EACH(exit_group, YES), EACH(futex, YES), EACH(restart_syscall, YES),
    EACH(set_robust_list, YES), EACH(sigaltstack, YES), EACH(sched_yield, YES),
    EACH(clock_gettime, YES), EACH(clock_nanosleep, YES), EACH(nanosleep, YES),
    EACH(gettimeofday, YES), EACH(getrandom, YES), EACH(getpid, YES), EACH(getppid, YES),
    EACH(gettid, YES), EACH(getuid, YES), EACH(geteuid, YES), EACH(getgid, YES),
    EACH(getegid, YES), EACH(uname, YES), EACH(sysinfo, YES), EACH(prlimit64, OWN_PROCESS),
    CALL(sched_setscheduler, OWN_IDLENESS, OWN_IDLENESS, NO),
    EACH(prctl, BUT_ASAN(NAMING)),

    /* children: the listener has them, and the key to make and end them */
    CALL(clone,             BUT_ASAN(DIE), BUT_ASAN(KEY_2), BUT_ASAN(DIE)),
    CALL(wait4,             BUT_ASAN(GONE), YES,      BUT_ASAN(GONE)),
    CALL(kill,              DIE,        KEY_2,      DIE),
    EACH(tgkill,            NO), /* abort() tries it, then ends the process in another way */
    EACH(tkill,             NO),

    /* network: syslog(3) tries to reconnect */
    EACH(socket, NO), EACH(connect, NO), EACH(bind, DIE), EACH(listen, DIE),
    EACH(socketpair, DIE), EACH(sendmsg, NO), EACH(sendmmsg, NO), EACH(recvmsg, NO),

    /* calls that only an intruder makes */
    EACH(execve, DIE), EACH(execveat, DIE), EACH(ptrace, BUT_ASAN(DIE)),
    EACH(process_vm_readv, DIE), EACH(process_vm_writev, DIE), EACH(process_madvise, DIE),
    EACH(kcmp, DIE), EACH(pidfd_open, DIE), EACH(pidfd_getfd, DIE),
    EACH(pidfd_send_signal, DIE), EACH(rt_sigqueueinfo, DIE), EACH(rt_tgsigqueueinfo, DIE),
    EACH(unshare, DIE), EACH(setns, DIE), EACH(mount, DIE), EACH(umount2, DIE),
    EACH(pivot_root, DIE), EACH(chroot, DIE), EACH(setuid, DIE), EACH(setgid, DIE),
    EACH(setreuid, DIE), EACH(setregid, DIE), EACH(setresuid, DIE), EACH(setresgid, DIE),
    EACH(setgroups, DIE), EACH(capset, DIE), EACH(personality, DIE), EACH(bpf, DIE),
    EACH(perf_event_open, DIE), EACH(userfaultfd, DIE), EACH(io_uring_setup, DIE),
    EACH(io_uring_enter, DIE), EACH(io_uring_register, DIE), EACH(memfd_create, DIE),
    EACH(shmget, DIE), EACH(shmat, DIE), EACH(msgget, DIE), EACH(semget, DIE),
    EACH(mq_open, DIE), EACH(add_key, DIE), EACH(request_key, DIE), EACH(keyctl, DIE),
    EACH(init_module, DIE), EACH(finit_module, DIE), EACH(delete_module, DIE),
    EACH(kexec_load, DIE), EACH(reboot, DIE), EACH(swapon, DIE), EACH(acct, DIE),
    EACH(settimeofday, DIE), EACH(clock_settime, DIE), EACH(sethostname, DIE),
    EACH(open_by_handle_at, DIE), EACH(remap_file_pages, DIE), EACH(pkey_mprotect, DIE),
#endif
#ifdef __x86_64__ /* older forms of the calls above, which another libc may use */
    CALL(open,              READING_1,  READING_1,  YES),
    EACH(creat, NO), EACH(getdents, BUT_ASAN(GONE)), EACH(stat, YES), EACH(lstat, YES),
    EACH(access, YES), EACH(readlink, YES), EACH(poll, YES), EACH(epoll_wait, YES),
    EACH(dup2, YES), EACH(time, YES),
    CALL(unlink,            NO,         NO,         YES),
    CALL(rename,            NO,         NO,         YES),
    CALL(renameat,          NO,         NO,         YES),
    CALL(mknod,             NO,         NO,         YES),
    EACH(link, NO), EACH(symlink, NO), EACH(mkdir, NO), EACH(rmdir, NO), EACH(chmod, NO),
    CALL(chown,             NO,         NO,         YES),
    CALL(lchown,            NO,         NO,         YES),
    EACH(fork, DIE), EACH(vfork, DIE), EACH(modify_ldt, DIE), EACH(iopl, DIE), EACH(ioperm, DIE),
#endif
};
/* clang-format on */

const struct call *calls_table(size_t *n)
{
    *n = sizeof calls / sizeof *calls;
    return calls;
}

enum call_fate calls_condition(enum cell cell, const uint32_t key[CALLS_KEY_WORDS],
                               struct test tests[TESTS_MAX], size_t *n)
{
    bool takes_key = cell == KEY_2 || cell == KEY_3;

    *n = 0;
    if (cell <= DIE)
        return (enum call_fate)cell;
    for (uint32_t i = 0; takes_key && i < CALLS_KEY_WORDS; i++)
        tests[(*n)++] = (struct test)ONE_OF((cell == KEY_2 ? LOW(2) : LOW(3)) + i, key[i]);
    for (size_t i = 0; !takes_key && i < 2 && conditions[cell].tests[i].n > 0; i++)
        tests[(*n)++] = conditions[cell].tests[i];
    return conditions[cell].otherwise;
}
