/* Maps pages of zeros where a mapped file was truncated. */
#include "service/ring/ring.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* Set for the signal handler, where sysconf is not safe to call. */
static char *volatile guarded;
static volatile size_t guarded_size, page_size;
static volatile sig_atomic_t torn;

static void on_sigbus(int signal, siginfo_t *info, void *context)
{
    char *at = info->si_addr, *start = guarded;
    int error = errno;

    (void)context;
    if (start && at >= start && at < start + guarded_size)
        at = mmap((void *)((uintptr_t)at & ~(uintptr_t)(page_size - 1)), page_size,
                  PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    else
        at = MAP_FAILED;
    if (at == MAP_FAILED) /* not ours: die of it */
        sigaction(signal, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
    torn = 1;
    errno = error;
}

void guard_begin(void *mapping, size_t size)
{
    struct sigaction action = {.sa_sigaction = on_sigbus, .sa_flags = SA_SIGINFO};

    page_size = (size_t)sysconf(_SC_PAGESIZE);
    guarded_size = size;
    guarded = mapping;
    torn = 0;
    sigaction(SIGBUS, &action, NULL);
}

void guard_end(void)
{
    guarded = NULL;
}

bool guard_torn(void)
{
    return torn != 0;
}
