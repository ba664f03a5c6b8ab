/* Plain tables: scanning ten thousand slots takes microseconds, a tenth of a fork. */
#include "service/net/admission.h"

#include <stdatomic.h>
#include <sys/mman.h>

#define FREE    0
#define PENDING 1 /* claimed by a child that does not know its client yet */

static void *map(size_t size, int sharing)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, sharing | MAP_ANONYMOUS, -1, 0);

    return memory == MAP_FAILED ? NULL : memory;
}

int admission_init(struct admission *s, size_t max, size_t max_per_client, bool claims)
{
    *s = (struct admission){.max = max, .max_per_client = max_per_client};
    s->table = map(max * sizeof *s->table, MAP_PRIVATE);
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
    if (client != 0 && s->n >= s->max_per_client) /* otherwise no client can have that many */
        for (size_t i = 0; i < s->n; i++)
            same += s->table[i].client == client;
    if (same >= s->max_per_client)
        return ADMISSION_CLIENT_FULL;
    return s->n >= s->max ? ADMISSION_FULL : ADMISSION_GRANTED;
}

struct admission_claim admission_offer(struct admission *s)
{
    if (!s->claims)
        return (struct admission_claim){0};
    while (s->claims[s->next] != FREE)
        s->next = (s->next + 1) % s->max;
    return (struct admission_claim){s->claims, s->next, s->max, s->max_per_client};
}

void admission_add(struct admission *s, uint64_t client, pid_t pid)
{
    uint64_t free = FREE;

    s->table[s->n++] = (struct slot){client, pid, (uint32_t)s->next};
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
            return 1;
        }
    }
    return 0;
}

enum admission_answer admission_claim(const struct admission_claim *claim, uint64_t client)
{
    size_t same = 0;

    if (!claim->claims || client == 0)
        return ADMISSION_GRANTED;
    claim->claims[claim->place] = client; /* before counting, or two would miss each other */
    for (size_t i = 0; i < claim->max; i++)
        same += claim->claims[i] == client;
    if (same <= claim->max_per_client)
        return ADMISSION_GRANTED;
    claim->claims[claim->place] = PENDING;
    return ADMISSION_CLIENT_FULL;
}
