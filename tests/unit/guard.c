/*
 * The guard replaces missing pages by zeros.  Tested also with the larger pages of other
 * machines, where part of a page can't be replaced.
 * tags: both
 */
#include "tap.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include "service/ring/ring.h"

#define LARGE (64 * 1024)
#define SIZE  (4 * LARGE)

/* The page size that sysconf reports, to the guard and to a sanitizer's runtime, which asks
 * before it is set (tests.mk wraps sysconf in the linker). */
static long page_size;
long pretend(int name) __asm__("__wrap_sysconf");
long real(int name) __asm__("__real_sysconf");
long pretend(int name)
{
    return name == _SC_PAGESIZE && page_size > 0 ? page_size : real(name);
}

/* A mapping of SIZE bytes, all 'x', aligned to LARGE, whose file is then truncated to 0. */
static char *torn_mapping(char **reserved)
{
    char *room = mmap(NULL, SIZE + LARGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *at = (char *)(((uintptr_t)room + LARGE - 1) & ~(uintptr_t)(LARGE - 1));
    int fd = memfd_create("guarded", MFD_CLOEXEC);

    *reserved = room;
    if (room == MAP_FAILED || fd < 0 || ftruncate(fd, SIZE) < 0 ||
        mmap(at, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED) {
        puts("Bail out! no memory");
        exit(1);
    }
    memset(at, 'x', SIZE);
    if (ftruncate(fd, 0) < 0)
        exit(1);
    close(fd);
    return at;
}

/* Whether a byte can be read without a guard: tried in a child, which dies if not. */
static bool is_there(const volatile char *at)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        signal(SIGBUS, SIG_DFL);
        _exit(*at);
    }
    return waitpid(child, &status, 0) == child && WIFEXITED(status);
}

static void test_pages_of(long size)
{
    char *reserved, *at = torn_mapping(&reserved), *touched = at + LARGE + size / 2 + 1;
    uintptr_t mask = ~((uintptr_t)size - 1);
    const char *page = (const char *)((uintptr_t)touched & mask);

    page_size = size;
    guard_begin(at, SIZE);
    tap_ok(!guard_torn(), "pages of %ld: nothing is torn before an access", size);
    tap_is_int(*(volatile char *)touched, 0, "a byte that is gone is zero");
    tap_ok(guard_torn(), "the guard notices a page that is gone");
    tap_ok(is_there(page) && is_there(page + size - 1),
           "the whole page of a byte that is gone is there again");
    tap_ok(!is_there(page - 1) && !is_there(page + size),
           "the pages beside the one that was touched stay gone");
    guard_end();
    tap_ok(!is_there(at), "after the guard's end the signal ends the process");
    munmap(reserved, SIZE + LARGE);
}

int main(void)
{
    for (long size = real(_SC_PAGESIZE); size <= LARGE; size *= 2)
        test_pages_of(size);
    return tap_done();
}
