/*
 * Plays a taken-over viewer: linked into its own livescore, it runs foreign code where requests
 * are parsed.
 *
 * GET /takeover/NAME?PID makes one attempt of the list below, and answers "done", or "refused"
 * and why; if the kernel ends the process, there is no answer.  PID is another viewer's. GET
 * /takeover/ answers the names.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "service/config.h"
#include "service/http/http.h"
#include "service/serve.h"

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): as ld wants them */
int __real_serve(const struct config *config, const struct visit *visit);
int __wrap_serve(const struct config *config, const struct visit *visit);
int __real_http_parse(const char *bytes, size_t len, struct http_request *req);
int __wrap_http_parse(const char *bytes, size_t len, struct http_request *req);
ssize_t __real_getrandom(void *bytes, size_t len, unsigned flags);
ssize_t __wrap_getrandom(void *bytes, size_t len, unsigned flags);
void *__real_mmap(void *at, size_t len, int prot, int flags, int fd, off_t offset);
void *__wrap_mmap(void *at, size_t len, int prot, int flags, int fd, off_t offset);
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

#define RING_MIN (1 << 20) /* a shared mapping of that size is the ring */

/* Values found on the way. */
static const char *db_path;
static int client = -1;
static void *ring;
static size_t ring_size;

static char *beside(const char *suffix)
{
    static char path[4200];

    snprintf(path, sizeof path, "%s%s", db_path, suffix);
    return path;
}

static int done(int fd)
{
    return fd < 0 ? -1 : close(fd);
}

static int open_write(const char *suffix)
{
    return done(open(beside(suffix), O_RDWR | O_NONBLOCK | O_CLOEXEC));
}

/* Files that another process trusts. */
static int write_database(pid_t pid)
{
    return (void)pid, open_write("");
}
static int write_wal(pid_t pid)
{
    return (void)pid, open_write("-wal");
}
static int write_shm(pid_t pid)
{
    return (void)pid, open_write("-shm");
}
static int write_ring(pid_t pid)
{
    return (void)pid, open_write("-ring");
}

static int ring_bell(pid_t pid)
{
    (void)pid;
    return done(open(beside("-bell"), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
}

static int map_ring(pid_t pid)
{
    int fd = open(beside("-ring"), O_RDWR | O_CLOEXEC);
    void *map =
        fd < 0 ? MAP_FAILED : mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

    (void)pid;
    return map == MAP_FAILED ? -1 : 0;
}

static int plant_journal(pid_t pid)
{
    int fd = open(beside("-journal"), O_WRONLY | O_CREAT | O_EXCL, 0666);

    (void)pid;
    return fd < 0 ? -1 : done(fd) | unlink(beside("-journal"));
}

static int plant_nameless(pid_t pid)
{
    char folder[4200];

    (void)pid;
    snprintf(folder, sizeof folder, "%s", db_path);
    *strrchr(folder, '/') = '\0';
    return done(open(folder, O_TMPFILE | O_WRONLY, 0600));
}

/* The test creates DB-victim. */
static int cut_short(pid_t pid)
{
    return (void)pid, truncate(beside("-victim"), 0);
}
static int change_mode(pid_t pid)
{
    return (void)pid, chmod(beside("-victim"), 0600);
}
static int change_owner(pid_t pid)
{
    return (void)pid, chown(beside("-victim"), geteuid(), getegid());
}

static int change_times(pid_t pid)
{
    return (void)pid, utimensat(AT_FDCWD, beside("-victim"), NULL, 0);
}

static int rename_file(pid_t pid)
{
    char from[4200];

    (void)pid;
    snprintf(from, sizeof from, "%s-victim", db_path);
    return rename(from, beside("-renamed")) < 0 ? -1 : rename(beside("-renamed"), from);
}

static int link_file(pid_t pid)
{
    char from[4200];

    (void)pid;
    snprintf(from, sizeof from, "%s-victim", db_path);
    return link(from, beside("-linked")) < 0 ? -1 : unlink(beside("-linked"));
}

static int link_softly(pid_t pid)
{
    (void)pid;
    return symlink("/etc/passwd", beside("-soft")) < 0 ? -1 : unlink(beside("-soft"));
}

static int make_folder(pid_t pid)
{
    (void)pid;
    return mkdir(beside("-folder"), 0700) < 0 ? -1 : rmdir(beside("-folder"));
}

static int make_fifo(pid_t pid)
{
    (void)pid;
    return mkfifo(beside("-fifo"), 0600) < 0 ? -1 : unlink(beside("-fifo"));
}

static int remove_file(pid_t pid)
{
    (void)pid;
    return unlink(beside("-victim")) < 0
               ? -1
               : done(open(beside("-victim"), O_WRONLY | O_CREAT, 0644));
}

static int read_another(pid_t pid)
{
    return (void)pid, done(open("/etc/passwd", O_RDONLY));
}
static int read_environment(pid_t pid)
{
    return (void)pid, done(open("/proc/self/environ", O_RDONLY));
}

/* Other processes. */
static int run_program(pid_t pid)
{
    (void)pid;
    dup2(client, STDOUT_FILENO);
    return execl("/bin/echo", "echo", "done", (char *)NULL);
}

static int fork_self(pid_t pid)
{
    (void)pid;
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    return child < 0 ? -1 : waitpid(child, NULL, 0) < 0;
}

static void *nothing(void *context)
{
    return context;
}

static int make_thread(pid_t pid)
{
    pthread_t thread;

    (void)pid;
    errno = pthread_create(&thread, NULL, nothing, NULL);
    return errno ? -1 : pthread_join(thread, NULL);
}

static int signal_viewer(pid_t pid)
{
    return kill(pid, SIGCONT);
}
static int signal_parent(pid_t pid)
{
    return (void)pid, kill(getppid(), SIGCONT);
}
static int signal_group(pid_t pid)
{
    return (void)pid, kill(0, SIGCONT);
}
static int signal_guessing(pid_t pid)
{
    return (int)syscall(SYS_kill, pid, SIGCONT, 0L, 0L);
}
static int signal_thread(pid_t pid)
{
    return (int)syscall(SYS_tgkill, pid, pid, SIGCONT);
}

static int signal_queued(pid_t pid)
{
    return sigqueue(pid, SIGCONT, (union sigval){.sival_int = 0});
}

/* A descriptor whose owner gets a signal from the kernel when it is ready. */
static int signal_by_descriptor(pid_t pid)
{
    return fcntl(client, F_SETOWN, pid);
}
static int signal_by_ioctl(pid_t pid)
{
    int owner = pid;

    return ioctl(client, 0x8901 /* FIOSETOWN */, &owner);
}

static int open_process(pid_t pid)
{
    return done((int)syscall(SYS_pidfd_open, pid, 0));
}

static int trace_viewer(pid_t pid)
{
    if (ptrace(PTRACE_ATTACH, pid, NULL, NULL) < 0)
        return -1;
    waitpid(pid, NULL, 0);
    return (int)ptrace(PTRACE_DETACH, pid, NULL, NULL);
}

static int open_memory(pid_t pid)
{
    char path[64];

    snprintf(path, sizeof path, "/proc/%d/mem", (int)pid);
    return done(open(path, O_RDWR));
}

static int read_memory(pid_t pid)
{
    char byte;
    struct iovec to = {&byte, 1}, from = {ring ? ring : &byte, 1};

    return process_vm_readv(pid, &to, 1, &from, 1, 0) < 0 ? -1 : 0;
}

static int limit_viewer(pid_t pid)
{
    struct rlimit limit;

    return prlimit(pid, RLIMIT_CPU, NULL, &limit);
}

static int hold_up_viewer(pid_t pid)
{
    return sched_setscheduler(pid, SCHED_IDLE, &(struct sched_param){0});
}

/* The network. */
static int make_socket(pid_t pid)
{
    return (void)pid, done(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

static int make_local(pid_t pid)
{
    return (void)pid, done(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
}

static int make_pair(pid_t pid)
{
    int pair[2];

    return (void)pid, socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
}

/* Memory. */
static int map_code(pid_t pid)
{
    void *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return (void)pid, map == MAP_FAILED ? -1 : 0;
}

static int protect_code(pid_t pid)
{
    void *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return (void)pid, mprotect(map, 4096, PROT_READ | PROT_EXEC);
}

/* The existing mapping, or a new one; its descriptor refuses both attempts. */
static char *mapped_ring(void)
{
    if (!ring) {
        int fd = open(beside("-ring"), O_RDONLY | O_CLOEXEC);
        ring_size = 4096;
        ring = mmap(NULL, ring_size, PROT_READ, MAP_SHARED, fd, 0);
    }
    return ring;
}

static int store_into_ring(pid_t pid)
{
    volatile char *at = mapped_ring();

    (void)pid;
    signal(SIGSEGV, SIG_DFL);
    at[0] = (char)(at[1] + 1);
    return 0;
}

static int protect_ring(pid_t pid)
{
    return (void)pid, mprotect(mapped_ring(), ring_size, PROT_READ | PROT_WRITE);
}

/*
 * The listener's key.  The search must not find its own copy, so it keeps and compares the
 * complement.  msync tells whether a page is mapped, and SIGSEGV whether it can be read.
 */
#define WINDOW ((uintptr_t)64 << 20) /* to either side of known addresses */

static uint64_t complement[2];
static sigjmp_buf unreadable;

static void on_segv(int number)
{
    (void)number;
    siglongjmp(unreadable, 1);
}

static bool page_has_key(const uint64_t *page)
{
    if (sigsetjmp(unreadable, 1) != 0)
        return false;
    for (size_t i = 0; i < 4096 / sizeof *page; i++)
        for (size_t k = 0; k < 2; k++)
            if ((page[i] ^ complement[k]) == UINT64_MAX)
                return true;
    return false;
}

static bool window_has_key(const void *near)
{
    uintptr_t at = ((uintptr_t)near & ~(uintptr_t)4095) - WINDOW;

    for (uintptr_t end = at + 2 * WINDOW; at < end; at += 4096)
        if (msync((void *)at, 4096, MS_ASYNC) == 0 && page_has_key((const uint64_t *)at))
            return true;
    return false;
}

static int find_key(pid_t pid)
{
    void *mapped = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    static char *heap;

    (void)pid;
    heap = malloc(1);
    signal(SIGSEGV, on_segv);
    signal(SIGBUS, on_segv);
    errno = ENOKEY;
    if (complement[0] == 0)
        return -1;
    return window_has_key(&pid) || window_has_key(mapped) || window_has_key(heap) ||
                   window_has_key(complement)
               ? 0
               : -1;
}

/* Escapes. */
static int leave_namespace(pid_t pid)
{
    return (void)pid, unshare(CLONE_NEWUSER);
}

#ifdef __x86_64__
/* i386 call numbers: 20 is getpid there. */
static int call_as_i386(pid_t pid)
{
    int result;

    (void)pid;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(20) : "memory");
    return result > 0 ? 0 : -1;
}
#endif

static const struct attempt {
    const char *name;
    int (*try)(pid_t pid);
} attempts[] = {
    {"write-database", write_database},
    {"write-wal", write_wal},
    {"write-shm", write_shm},
    {"write-ring", write_ring},
    {"ring-bell", ring_bell},
    {"map-ring", map_ring},
    {"plant-journal", plant_journal},
    {"plant-nameless", plant_nameless},
    {"cut-short", cut_short},
    {"change-mode", change_mode},
    {"change-owner", change_owner},
    {"change-times", change_times},
    {"rename", rename_file},
    {"link", link_file},
    {"link-softly", link_softly},
    {"make-folder", make_folder},
    {"make-fifo", make_fifo},
    {"remove", remove_file},
    {"read-another", read_another},
    {"read-environment", read_environment},
    {"run-program", run_program},
    {"fork", fork_self},
    {"thread", make_thread},
    {"signal-viewer", signal_viewer},
    {"signal-parent", signal_parent},
    {"signal-group", signal_group},
    {"signal-guessing", signal_guessing},
    {"signal-thread", signal_thread},
    {"signal-queued", signal_queued},
    {"signal-by-descriptor", signal_by_descriptor},
    {"signal-by-ioctl", signal_by_ioctl},
    {"open-process", open_process},
    {"trace", trace_viewer},
    {"open-memory", open_memory},
    {"read-memory", read_memory},
    {"limit-viewer", limit_viewer},
    {"hold-up-viewer", hold_up_viewer},
    {"socket", make_socket},
    {"socket-local", make_local},
    {"socket-pair", make_pair},
    {"map-code", map_code},
    {"protect-code", protect_code},
    {"store-into-ring", store_into_ring},
    {"protect-ring", protect_ring},
    {"find-key", find_key},
    {"namespace", leave_namespace},
#ifdef __x86_64__
    {"call-as-i386", call_as_i386},
#endif
};

#define N_ATTEMPTS (sizeof attempts / sizeof *attempts)

static void say(const char *text)
{
    if (write(client, text, strlen(text)) < 0)
        _exit(1);
}

static void try(const struct attempt *a, pid_t pid)
{
    if (a->try(pid) == 0) {
        say("done\n");
    } else {
        const char *why = strerror(errno);
        say("refused: ");
        say(why);
        say("\n");
    }
}

/* Sends the whole answer, and ends the process. */
static void take_over(struct span name, struct span query)
{
    int64_t pid = 0;

    span_to_int(query, INT32_MAX, &pid);
    say("HTTP/1.0 200 OK\r\n\r\n");
    for (size_t i = 0; i < N_ATTEMPTS; i++) {
        if (name.len == 0) {
            say(attempts[i].name);
            say("\n");
        } else if (span_is(name, attempts[i].name)) {
            try(&attempts[i], (pid_t)pid);
        }
    }
    _exit(0);
}

int __wrap_serve(const struct config *config, const struct visit *visit)
{
    db_path = config->db_path;
    client = visit->out;
    return __real_serve(config, visit);
}

void *__wrap_mmap(void *at, size_t len, int prot, int flags, int fd, off_t offset)
{
    void *map = __real_mmap(at, len, prot, flags, fd, offset);

    if (map != MAP_FAILED && (flags & MAP_SHARED) && fd >= 0 && len >= RING_MIN) {
        ring = map;
        ring_size = len;
    }
    return map;
}

/* No other call in the program asks for so many bytes. */
ssize_t __wrap_getrandom(void *bytes, size_t len, unsigned flags)
{
    ssize_t n = __real_getrandom(bytes, len, flags);

    if (n == sizeof complement)
        for (size_t k = 0; k < 2; k++)
            complement[k] = ~((const uint64_t *)bytes)[k];
    return n;
}

int __wrap_http_parse(const char *bytes, size_t len, struct http_request *req)
{
    static const char path[] = "/takeover/";
    int n = __real_http_parse(bytes, len, req);

    if (n > 0 && req->path.len >= sizeof path - 1 &&
        memcmp(req->path.at, path, sizeof path - 1) == 0) {
        struct span name = {req->path.at + sizeof path - 1, req->path.len - (sizeof path - 1)};
        take_over(name, req->query);
    }
    return n;
}
