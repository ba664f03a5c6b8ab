/*
 * Fuzz target: a PROXY header of any bytes, of either version.
 *
 * The verdict does not depend on how much of the header has arrived; an address from it can be
 * parsed again after printing, and from a header made of it.
 */
#include "service/http/http.h"

#include "must.h"

#define PREFIXES 12

static void check_address(const struct address *client)
{
    char text[ADDRESS_TEXT_MAX], header[PROXY_V1_MAX + 1];
    struct address again;

    address_text(client, text);
    if (client->kind != ADDRESS_IP)
        return;
    must(address_parse(&again, span_of(text)) == 0);
    must(memcmp(again.ip, client->ip, sizeof client->ip) == 0);
    must(address_client(client) > 1);
    int n = snprintf(header, sizeof header, "PROXY TCP%c %s %s 1 65535\r\n",
                     strchr(text, ':') ? '6' : '4', text, text);
    must(proxy_parse(header, (size_t)n, &again) == n);
    must(memcmp(again.ip, client->ip, sizeof client->ip) == 0);
}

static void check_prefix(const char *bytes, size_t n, int whole)
{
    struct address client = {.kind = ADDRESS_UNKNOWN};
    int part = proxy_parse(bytes, n, &client);

    if (whole == HTTP_INCOMPLETE)
        must(part == HTTP_INCOMPLETE);
    else if (whole == HTTP_BAD)
        must(part < 0);
    else
        must(part == (n < (size_t)whole ? HTTP_INCOMPLETE : whole));
    must(part > 0 || client.kind == ADDRESS_UNKNOWN);
}

static void check_prefixes(const char *bytes, size_t len, int whole)
{
    uint64_t state = must_hash(bytes, len);

    for (int i = 0; i < PREFIXES && len > 0; i++)
        check_prefix(bytes, must_next(&state) % len, whole);
    if (whole > 0) {
        check_prefix(bytes, (size_t)whole - 1, whole);
        check_prefix(bytes, (size_t)whole, whole);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    struct address client = {.kind = ADDRESS_UNKNOWN};
    int n = proxy_parse(bytes, size, &client);

    must(n == HTTP_BAD || n == HTTP_INCOMPLETE || (n > 0 && (size_t)n <= size));
    int most = size > 0 && bytes[0] == 'P' ? PROXY_V1_MAX : PROXY_V2_MAX;
    must(n <= most && (n != HTTP_INCOMPLETE || size < (size_t)most));
    check_address(&client);
    check_prefixes(bytes, size, n);
    return 0;
}
