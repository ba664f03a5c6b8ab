/* Plain tables: scanning ten thousand slots takes microseconds, a tenth of a fork. */
#include "service/net/admission.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

#define FREE    0
#define PENDING 1 /* claimed by a child that does not know its client yet */

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

static bool is_scarce(size_t taken, size_t max)
{
    return taken >= max - max / 4;
}

int admission_init(struct admission *s, size_t max, size_t max_per_client, bool claims)
{
    *s = (struct admission){.max = max, .max_per_client = max_per_client};
    s->table = map(max * sizeof *s->table, MAP_PRIVATE);
    s->count = &s->hidden;
    if (claims)
        s->claims = map(max * sizeof *s->claims, MAP_SHARED);
    if (!s->table || (claims && !s->claims))
        return -1;
    madvise(s->table, max * sizeof *s->table, MADV_DONTFORK);
    return 0;
}

enum admission_answer admission_check(const struct admission *s, uint64_t client)
{
    size_t same = 0;
    if (client != 0 &&
        is_scarce(s->n + 1, s->max_per_client)) /* otherwise no client can have that many */
        for (size_t i = 0; i < s->n; i++)
            same += s->table[i].client == client;
    if (same >= s->max_per_client)
        return ADMISSION_CLIENT_FULL;
    if (s->n >= s->max)
        return ADMISSION_FULL;
    return is_scarce(s->n + 1, s->max) ||
                   (client != 0 && is_scarce(same + 1, s->max_per_client))
               ? ADMISSION_SCARCE
               : ADMISSION_GRANTED;
}

struct admission_claim admission_offer(struct admission *s)
{
    *s->count = s->n + 1;
    while (s->claims && s->claims[s->next] != FREE)
        s->next = (s->next + 1) % s->max;
    return (struct admission_claim){s->shown, s->claims, s->next, s->max, s->max_per_client};
}

void admission_add(struct admission *s, uint64_t client, pid_t pid)
{
    uint64_t free = FREE;

    s->table[s->n++] = (struct slot){client, pid, (uint32_t)s->next};
    *s->count = s->n;
    if (s->claims) /* unless the child has claimed it already */
        atomic_compare_exchange_strong(&s->claims[s->next], &free, PENDING);
}

int admission_remove(struct admission *s, pid_t pid)
{
    for (size_t i = 0; i < s->n; i++) {
        if (s->table[i].pid == pid) {
            if (s->claims)
                s->claims[s->table[i].place] = FREE;
            s->table[i] = s->table[--s->n];
            *s->count = s->n;
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
