/* Scanning ten thousand places takes microseconds, a tenth of a fork. */
#include "service/net/admission.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define FREE    0
#define PENDING 1 /* claimed by a child that does not know its client yet */

#define HEAD 65536 /* bytes: pages of their own, whatever the size of a page */

/* What listeners share, for a reload: an earlier one goes on with its viewers. */
struct places {
    union {
        struct {
            _Atomic pid_t current; /* the listener that accepts; first in the file */
            _Atomic size_t n;      /* places in use */
        };
        char head[HEAD]; /* which no child sees */
    };
    _Atomic uint64_t clients[]; /* of all places */
};

static void *map(size_t size, int sharing)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, sharing | MAP_ANONYMOUS, -1, 0);

    return memory == MAP_FAILED ? NULL : memory;
}

/* Maps a page that can't be made writable again (since Linux 5.1). */
int admission_show(struct admission *s)
{
    int fd = memfd_create("places", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    size_t size = sizeof *s->count;

    if (ftruncate(fd, (off_t)size) < 0)
        return -1;
    s->count = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE);
    s->shown = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
    close(fd);
    return s->count == MAP_FAILED || s->shown == MAP_FAILED
               ? -1
               : madvise(s->count, size, MADV_DONTFORK);
}

/* Maps the places, in a file that listeners share.  Closes it: no child may get at it. */
static struct places *map_places(int fd, size_t max)
{
    size_t size = sizeof(struct places) + max * sizeof(uint64_t);
    void *memory = MAP_FAILED;
    struct stat st;

    if (fd < 0)
        return map(size, MAP_SHARED);
    if (fstat(fd, &st) == 0 && (st.st_size >= (off_t)size || ftruncate(fd, (off_t)size) == 0))
        memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    return memory == MAP_FAILED ? NULL : memory;
}

static bool is_scarce(size_t taken, size_t max)
{
    return taken >= max - max / 4;
}

int admission_init(struct admission *s, size_t max, size_t max_per_client, bool claims, int fd)
{
    *s = (struct admission){.max = max, .max_per_client = max_per_client};
    s->table = map(max * sizeof *s->table, MAP_PRIVATE);
    s->places = map_places(fd, max);
    s->count = &s->hidden;
    if (!s->table || !s->places)
        return -1;
    madvise(s->table, max * sizeof *s->table, MADV_DONTFORK);
    s->claims = claims ? s->places->clients : NULL;
    return madvise(s->places, claims ? HEAD : sizeof *s->places + max * sizeof(uint64_t),
                   MADV_DONTFORK);
}

enum admission_answer admission_check(const struct admission *s, uint64_t client)
{
    size_t same = 0, n = s->places->n;
    if (client != 0 &&
        is_scarce(n + 1, s->max_per_client)) /* otherwise no client can have that many */
        for (size_t i = 0; i < s->max; i++)
            same += s->places->clients[i] == client;
    if (same >= s->max_per_client)
        return ADMISSION_CLIENT_FULL;
    if (n >= s->max)
        return ADMISSION_FULL;
    return is_scarce(n + 1, s->max) || (client != 0 && is_scarce(same + 1, s->max_per_client))
               ? ADMISSION_SCARCE
               : ADMISSION_GRANTED;
}

/* A child that was taken over may have filled the table. */
static void find_free(struct admission *s)
{
    for (size_t i = 0; i < s->max && s->places->clients[s->next] != FREE; i++)
        s->next = (s->next + 1) % s->max;
}

struct admission_claim admission_offer(struct admission *s)
{
    *s->count = s->places->n + 1;
    find_free(s);
    return (struct admission_claim){s->shown, s->claims, s->next, s->max, s->max_per_client};
}

void admission_add(struct admission *s, uint64_t client, pid_t pid)
{
    uint64_t free = FREE;

    if (!s->claims) /* else the child may have claimed the place already */
        find_free(s);
    s->table[s->n++] = (struct slot){pid, (uint32_t)s->next};
    *s->count = ++s->places->n;
    atomic_compare_exchange_strong(&s->places->clients[s->next], &free,
                                   client ? client : PENDING);
}

int admission_remove(struct admission *s, pid_t pid)
{
    for (size_t i = 0; i < s->n; i++) {
        if (s->table[i].pid == pid) {
            s->places->clients[s->table[i].place] = FREE;
            s->table[i] = s->table[--s->n];
            *s->count = --s->places->n;
            return 1;
        }
    }
    return 0;
}

enum admission_answer admission_claim(const struct admission_claim *claim, uint64_t client)
{
    bool scarce = claim->count && is_scarce(*claim->count, claim->max);
    size_t same = 0;

    if (claim->claims) /* before counting, or two would miss each other */
        claim->claims[claim->place] = client ? client : PENDING;
    for (size_t i = 0; claim->claims && client && i < claim->max; i++)
        same += claim->claims[i] == client;
    if (same > claim->max_per_client) {
        claim->claims[claim->place] = PENDING;
        return ADMISSION_CLIENT_FULL;
    }
    scarce |= same > 0 && is_scarce(same, claim->max_per_client);
    return scarce ? ADMISSION_SCARCE : ADMISSION_GRANTED;
}

size_t admission_count(const struct admission *s)
{
    *s->count = s->places->n;
    return s->places->n;
}

pid_t admission_take_over(struct admission *s)
{
    s->self = getpid();
    return atomic_exchange(&s->places->current, s->self);
}

bool admission_is_over(const struct admission *s)
{
    return s->places->current != s->self;
}

pid_t admission_current(int fd)
{
    pid_t pid = 0;

    return pread(fd, &pid, sizeof pid, 0) == sizeof pid ? pid : 0;
}
