/*
 * Fuzz target: a PROXY header of any bytes, and an X-Forwarded-For of any bytes.
 *
 * A header that is good or bad is so however much of it has come, and an address that is read
 * out of it can be read again when it is printed.
 */
#include "service/http/proxy.h"

#include "must.h"

static void check_address(const struct address *a)
{
    char text[ADDRESS_TEXT_MAX];
    struct address again;

    address_text(a, text);
    if (a->kind != ADDRESS_IP)
        return;
    must(address_parse(&again, span_of(text)) == 0);
    must(memcmp(again.ip, a->ip, sizeof a->ip) == 0);
    must(address_client(a) > 1);
}

static void check_prefixes(const char *bytes, size_t len, int whole)
{
    for (size_t n = 0; n < len && n < 300; n++) {
        struct address client = {.kind = ADDRESS_UNKNOWN};
        int part = proxy_parse(bytes, n, &client);
        if (whole == HTTP_INCOMPLETE)
            must(part == HTTP_INCOMPLETE);
        else if (whole == HTTP_BAD)
            must(part < 0);
        else
            must(part == (n < (size_t)whole ? HTTP_INCOMPLETE : whole));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    struct address client = {.kind = ADDRESS_UNKNOWN};
    struct network trusted = {.base = {.kind = ADDRESS_IP}};
    struct http_request req;
    int n = proxy_parse(bytes, size, &client);

    must(n == HTTP_BAD || n == HTTP_INCOMPLETE || (n > 0 && (size_t)n <= size));
    must(n <= PROXY_V2_MAX);
    check_address(&client);
    check_prefixes(bytes, size, n);

    http_request_init(&req);
    req.n_fields = 1;
    req.fields[0] = (struct http_field){span_of("X-Forwarded-For"), {bytes, size}};
    proxy_forwarded(&req, &trusted, 1, &client);
    check_address(&client);
    return 0;
}
