/*
 * Fuzz target: fields of a request from a trusted client, one per line.  A line that begins
 * with ! is a Forwarded field, which is ignored; all others are X-Forwarded-For.
 *
 * A second implementation finds the same client: all elements in one list, from the right to
 * the first that is not trusted.
 */
#include "service/http/http.h"

#include "must.h"

#define FIELDS_MAX   8
#define ELEMENTS_MAX 512

static const char *const networks[] = {"10.0.0.0/8", "2001:db8::/32", "::1", "unix"};

#define NETWORKS (sizeof networks / sizeof *networks)

static size_t split(struct http_request *req, struct span text)
{
    http_request_init(req);
    while (text.len > 0 && req->n_fields < FIELDS_MAX) {
        struct span value = span_cut(&text, '\n');
        bool other = value.len > 0 && value.at[0] == '!';
        req->fields[req->n_fields++] =
            (struct http_field){span_of(other ? "Forwarded" : "x-forwarded-FOR"),
                                span_trim((struct span){value.at + other, value.len - other})};
    }
    return req->n_fields;
}

/* All non-empty elements, from left to right. */
static size_t elements(const struct http_request *req, struct span list[ELEMENTS_MAX])
{
    size_t n = 0;

    for (size_t i = 0; i < req->n_fields; i++) {
        struct span rest = req->fields[i].value;
        while (req->fields[i].name.at[0] == 'x' && rest.len > 0) {
            struct span element = span_trim(span_cut(&rest, ','));
            if (element.len > 0 && n < ELEMENTS_MAX)
                list[n++] = element;
        }
    }
    return n;
}

static void check_text(const struct address *client)
{
    char text[ADDRESS_TEXT_MAX];
    struct address again;

    address_text(client, text);
    must(client->kind == ADDRESS_IP && address_parse(&again, span_of(text)) == 0);
    must(memcmp(again.ip, client->ip, sizeof client->ip) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span list[ELEMENTS_MAX];
    struct network trusted[NETWORKS];
    struct address client, expected, hop;
    struct http_request req;

    for (size_t i = 0; i < NETWORKS; i++)
        must(network_parse(&trusted[i], networks[i]) == 0);
    must(address_parse(&client, span_of("10.0.0.1")) == 0);
    expected = client;
    if (size > ELEMENTS_MAX || split(&req, (struct span){(const char *)data, size}) == 0)
        return 0;
    for (size_t n = elements(&req, list); n > 0 && network_any(trusted, NETWORKS, &expected);) {
        if (address_parse(&hop, list[--n]) < 0)
            break;
        expected = hop;
    }
    proxy_forwarded(&req, trusted, NETWORKS, &client);
    check_text(&client);
    must(memcmp(client.ip, expected.ip, sizeof client.ip) == 0);
    return 0;
}
