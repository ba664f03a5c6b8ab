/*
 * Fuzz target: a request head of any bytes.
 *
 * The verdict does not depend on how much of the head has arrived, nor on what follows it.
 */
#include "request.h"

#define PREFIXES 12 /* tried per input, besides those around its end */

/* The verdict on all bytes holds for any prefix that is long enough. */
static void check_prefix(const char *bytes, size_t n, int rc, int status)
{
    struct http_request req;
    int part = http_parse(bytes, n, &req);

    if (rc == HTTP_INCOMPLETE)
        must(part == HTTP_INCOMPLETE);
    else if (rc == HTTP_BAD)
        must(part == HTTP_INCOMPLETE || (part == HTTP_BAD && req.status == status));
    else
        must(part == (n < (size_t)rc ? HTTP_INCOMPLETE : rc));
}

static void check_prefixes(const char *bytes, size_t len, int rc, int status)
{
    uint64_t state = must_hash(bytes, len);

    for (int i = 0; len > 0 && i < PREFIXES; i++)
        check_prefix(bytes, must_next(&state) % len, rc, status);
    if (len > 0)
        check_prefix(bytes, len - 1, rc, status);
    if (rc > 0) {
        check_prefix(bytes, (size_t)rc - 1, rc, status);
        check_prefix(bytes, (size_t)rc, rc, status);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    struct http_request req;
    int rc = http_parse(bytes, size, &req);

    must(rc == HTTP_BAD || rc == HTTP_INCOMPLETE || (rc > 0 && (size_t)rc <= size));
    must(rc != HTTP_INCOMPLETE || size < HTTP_HEAD_MAX);
    if (rc == HTTP_BAD)
        request_check_refusal(&req);
    check_prefixes(bytes, size, rc, rc == HTTP_BAD ? req.status : 0);
    for (; rc > 0; rc = http_parse(bytes, size, &req)) { /* a connection's requests */
        request_check(&req, bytes, (size_t)rc);
        bytes += rc;
        size -= (size_t)rc;
    }
    return 0;
}
