/*
 * Enters a role's sandbox: first the limits, which need files that the rules forbid; then the
 * rules for files; then the filter, which forbids both.
 *
 * The listener's key, and the filter's program, which contains it, lie in pages that the kernel
 * empties in each child.  The stack used to build the program is overwritten, so no other copy
 * remains.
 */
#include "service/sandbox/calls.h"

#include <fcntl.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "service/sandbox/calls.h"

#define SCRUB 16384 /* bytes of stack: more than building a program takes */

struct sandbox_secret {
    union {
        uint32_t words[CALLS_KEY_WORDS];
        long args[2];
    } key;
    struct sock_filter program[CALLS_PROGRAM_MAX];
};

_Static_assert(sizeof(long[2]) == sizeof(uint32_t[CALLS_KEY_WORDS]) || !SANDBOX_KNOWS_MACHINE,
               "the key is two arguments");

static void set_limit(__rlimit_resource_t what)
{
    setrlimit(what, &(struct rlimit){0, 0});
}

/* A process may always raise its own score. */
static void die_first(void)
{
    int fd = open("/proc/self/oom_score_adj", O_RDWR | O_CLOEXEC);
    char text[16] = "";

    if (fd < 0)
        return;
    if (read(fd, text, sizeof text - 1) > 0 && atoi(text) < SANDBOX_OOM_SCORE) {
        int n = snprintf(text, sizeof text, "%d", SANDBOX_OOM_SCORE);
        if (pwrite(fd, text, (size_t)n, 0) < 0)
            text[0] = '\0'; /* not essential */
    }
    close(fd);
}

static int enter_folders(enum sandbox_role role, const struct config *config)
{
    struct landlock_folder list[CONFIG_LISTEN_MAX + 4];
    size_t n = 0;

    list[n++] =
        (struct landlock_folder){config->db_path,
                                 role == SANDBOX_POLLER ? LANDLOCK_WRITE : LANDLOCK_READ};
    if (config->token_file)
        list[n++] = (struct landlock_folder){config->token_file, LANDLOCK_READ};
    if (role != SANDBOX_POLLER && access(SANDBOX_ZONES "UTC", F_OK) == 0)
        list[n++] = (struct landlock_folder){SANDBOX_ZONES "UTC", LANDLOCK_READ};
    for (size_t i = 0; role == SANDBOX_LISTENER && i < config->n_listen; i++)
        if (strchr(config->listen[i], '/'))
            list[n++] = (struct landlock_folder){config->listen[i], LANDLOCK_REMOVE};
    if (role == SANDBOX_LISTENER && config->metrics && strchr(config->metrics, '/'))
        list[n++] = (struct landlock_folder){config->metrics, LANDLOCK_REMOVE};
    if (SANDBOX_SANITIZED)
        list[n++] = (struct landlock_folder){"/proc/self", LANDLOCK_LIST};
    return landlock_enter(list, n, role != SANDBOX_LISTENER);
}

/* NULL if the kernel can't keep it from children. */
static struct sandbox_secret *make_secret(void)
{
    struct sandbox_secret *secret =
        mmap(NULL, sizeof *secret, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (secret == MAP_FAILED)
        return NULL;
    if (madvise(secret, sizeof *secret, MADV_WIPEONFORK) == 0 &&
        getrandom(&secret->key, sizeof secret->key, 0) == sizeof secret->key)
        return secret;
    munmap(secret, sizeof *secret);
    return NULL;
}

__attribute__((noinline)) static void scrub_stack(void)
{
    char bytes[SCRUB];

    explicit_bzero(bytes, sizeof bytes);
}

__attribute__((noinline)) static int enter_filter(struct sandbox_secret *secret,
                                                  enum sandbox_role role)
{
    size_t n = calls_program(secret->program, role, secret->key.words);
    struct sock_fprog program = {(unsigned short)n, secret->program};
    int rc = n > 0 ? (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) : -1;

    explicit_bzero(secret->program, sizeof secret->program);
    return rc;
}

/* Only a listener keeps the key. */
static int enter_calls(struct sandbox *s, enum sandbox_role role)
{
    struct sandbox_secret *secret = SANDBOX_KNOWS_MACHINE ? make_secret() : NULL;
    int rc = secret ? enter_filter(secret, role) : -1;

    scrub_stack();
    if (rc == 0 && role == SANDBOX_LISTENER)
        s->secret = secret;
    else if (secret)
        munmap(secret, sizeof *secret);
    return rc;
}

static void set_limits(enum sandbox_role role)
{
    if (role == SANDBOX_VIEWER) {
        die_first();
        if (!SANDBOX_SANITIZED)
            set_limit(RLIMIT_NPROC);
    }
    set_limit(RLIMIT_CORE);
    prctl(PR_SET_DUMPABLE, 0); /* other processes of this user can't read its memory */
}

const char *sandbox_enter(struct sandbox *s, enum sandbox_role role,
                          const struct config *config)
{
    if (s->tried || config->no_sandbox)
        return NULL;
    s->tried = true;
    set_limits(role);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return "no sandbox: this kernel has no no_new_privs";
    bool files = enter_folders(role, config) == 0;
    bool filter = enter_calls(s, role) == 0;
    s->entered = files || filter;
    if (files && filter)
        return NULL;
    return files    ? "partial sandbox: this machine or its kernel can't filter system calls"
           : filter ? "partial sandbox: this kernel has no Landlock to restrict files"
                    : "no sandbox: this machine or its kernel has neither seccomp nor Landlock";
}

/* The plain call: libc's fork writes to pages of libc, which are then copied. */
pid_t sandbox_fork(const struct sandbox *s)
{
    const long none[2] = {0}, *key = s->secret ? s->secret->key.args : none;

    return (pid_t)syscall(SYS_clone, SIGCHLD, 0L, key[0], key[1], 0L);
}

int sandbox_kill(const struct sandbox *s, pid_t pid, int signal)
{
    if (!s->secret)
        return kill(pid, signal);
    return (int)syscall(SYS_kill, pid, signal, s->secret->key.args[0], s->secret->key.args[1]);
}

int sandbox_unlink(const struct sandbox *s, const char *path)
{
    if (!s->secret)
        return unlink(path);
    return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0, s->secret->key.args[0],
                        s->secret->key.args[1]);
}
