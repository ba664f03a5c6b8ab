/* Parses what proxies add before and into a request. */
#include "service/http/http.h"

#define V2_PREFIX 16 /* bytes: signature, version and command, family, length */

static const char v2_signature[] = "\r\n\r\n\0\r\nQUIT\n";

static bool is_plain_address(struct address *a, struct span text, bool six)
{
    bool colon = text.len > 0 && memchr(text.at, ':', text.len);

    return colon == six && (!six || text.at[0] != '[') && address_parse(a, text) == 0;
}

/* "TCP4 192.0.2.7 192.0.2.1 56324 443", or "UNKNOWN" followed by anything. */
static int parse_v1(struct span line, struct address *client)
{
    struct span family = span_cut(&line, ' ');
    struct address from, to;
    int64_t port;

    if (span_is(family, "UNKNOWN"))
        return 0;
    bool six = span_is(family, "TCP6");
    if (!six && !span_is(family, "TCP4"))
        return -1;
    if (!is_plain_address(&from, span_cut(&line, ' '), six) ||
        !is_plain_address(&to, span_cut(&line, ' '), six))
        return -1;
    if (span_to_int(span_cut(&line, ' '), 65535, &port) < 0 ||
        span_to_int(line, 65535, &port) < 0)
        return -1;
    *client = from;
    return 0;
}

static int take_v1(const char *bytes, size_t len, struct address *client)
{
    static const char start[] = "PROXY ";
    size_t n = sizeof start - 1, known = len < PROXY_V1_MAX ? len : PROXY_V1_MAX;
    const char *end = memchr(bytes, '\n', known);

    if (memcmp(bytes, start, known < n ? known : n) != 0)
        return HTTP_BAD;
    if (!end)
        return known == PROXY_V1_MAX ? HTTP_BAD : HTTP_INCOMPLETE;
    if ((size_t)(end - bytes) <= n || end[-1] != '\r' ||
        parse_v1((struct span){bytes + n, (size_t)(end - bytes) - n - 1}, client) < 0)
        return HTTP_BAD;
    return (int)(end - bytes) + 1;
}

static int parse_v2(unsigned char family, const unsigned char *block, size_t len,
                    struct address *client)
{
    static const size_t sizes[] = {0, 12, 36, 216}; /* two addresses with ports */

    if (family >> 4 > 3 || (family & 15) > 2 || (family >> 4 == 0) != ((family & 15) == 0) ||
        len < sizes[family >> 4])
        return -1;
    switch (family >> 4) {
    case 1: address_from_bytes(client, block, 4); break;
    case 2: address_from_bytes(client, block, 16); break;
    case 3: *client = (struct address){.kind = ADDRESS_UNIX}; break;
    default: break;
    }
    return 0;
}

static int take_v2(const char *bytes, size_t len, struct address *client)
{
    const unsigned char *at = (const unsigned char *)bytes;
    size_t n = sizeof v2_signature - 1, block;

    if (memcmp(bytes, v2_signature, len < n ? len : n) != 0)
        return HTTP_BAD;
    if (len > n && at[n] != 0x20 && at[n] != 0x21)
        return HTTP_BAD; /* neither LOCAL nor PROXY, version 2 */
    if (len < V2_PREFIX)
        return HTTP_INCOMPLETE;
    block = (size_t)at[14] << 8 | at[15];
    if (block > PROXY_V2_MAX - V2_PREFIX)
        return HTTP_BAD;
    if (len < V2_PREFIX + block)
        return HTTP_INCOMPLETE;
    if (at[n] == 0x21 && parse_v2(at[13], at + V2_PREFIX, block, client) < 0)
        return HTTP_BAD;
    return (int)(V2_PREFIX + block);
}

int proxy_parse(const char *bytes, size_t len, struct address *client)
{
    if (len == 0)
        return HTTP_INCOMPLETE;
    return bytes[0] == 'P' ? take_v1(bytes, len, client) : take_v2(bytes, len, client);
}

static bool walk_back(struct span list, const struct network *trusted, size_t n,
                      struct address *client)
{
    while (list.len > 0) {
        size_t at = list.len;
        while (at > 0 && list.at[at - 1] != ',')
            at--;
        struct span hop = span_trim((struct span){list.at + at, list.len - at});
        struct address address;
        list.len = at > 0 ? at - 1 : 0;
        if (hop.len == 0) /* RFC 9110, 5.6.1.2: ignore empty elements */
            continue;
        if (address_parse(&address, hop) < 0)
            return false;
        *client = address;
        if (!network_any(trusted, n, client))
            return false;
    }
    return true;
}

void proxy_forwarded(const struct http_request *req, const struct network *trusted, size_t n,
                     struct address *client)
{
    for (size_t i = req->n_fields; i > 0; i--)
        if (span_is_nocase(req->fields[i - 1].name, "X-Forwarded-For") &&
            !walk_back(req->fields[i - 1].value, trusted, n, client))
            return;
}
