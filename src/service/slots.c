/* A plain table: to look through ten thousand slots takes microseconds, a fork ten times that.
 */
#include "service/slots.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/mman.h>

uint64_t slots_client(const struct sockaddr_storage *address)
{
    const struct sockaddr_in *four = (const struct sockaddr_in *)address;
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)address;
    const uint64_t v4 = UINT64_C(0xFFFF)
                        << 32; /* no /64 that is ever routed begins like this */
    uint64_t client = 0;
    uint32_t ip;

    if (address->ss_family == AF_INET)
        return v4 | four->sin_addr.s_addr;
    if (address->ss_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&six->sin6_addr)) {
        memcpy(&ip, &six->sin6_addr.s6_addr[12], sizeof ip);
        return v4 | ip;
    }
    if (address->ss_family == AF_INET6)
        memcpy(&client, six->sin6_addr.s6_addr, sizeof client);
    return client;
}

int slots_init(struct slots *s, size_t max, size_t max_per_client)
{
    void *table = mmap(NULL, max * sizeof *s->table, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    *s = (struct slots){.max = max, .max_per_client = max_per_client};
    if (table == MAP_FAILED)
        return -1;
    madvise(table, max * sizeof *s->table, MADV_DONTFORK);
    s->table = table;
    return 0;
}

void slots_release(struct slots *s)
{
    if (s->table)
        munmap(s->table, s->max * sizeof *s->table);
    s->table = NULL;
}

int slots_refusal(const struct slots *s, uint64_t client)
{
    size_t same = 0;
    if (client != 0 && s->n >= s->max_per_client) /* or nobody can have so many */
        for (size_t i = 0; i < s->n; i++)
            same += s->table[i].client == client;
    return same >= s->max_per_client ? 429 : s->n >= s->max ? 503 : 0;
}

void slots_add(struct slots *s, uint64_t client, pid_t pid)
{
    s->table[s->n++] = (struct slot){client, pid};
}

int slots_remove(struct slots *s, pid_t pid)
{
    for (size_t i = 0; i < s->n; i++) {
        if (s->table[i].pid == pid) {
            s->table[i] = s->table[--s->n];
            return 1;
        }
    }
    return 0;
}
