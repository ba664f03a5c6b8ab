/* Content negotiation.  Parses lists of RFC 9110 (5.6.1) in place, and ignores malformed
 * elements. */
#include <strings.h>

#include "service/http/http.h"

/* How specifically a media range matches a type: 3 for the type itself, 2 for its major type's
 * wildcard, 1 for the wildcard of all, 0 for no match. */
static int range_names(struct span range, const char *type)
{
    size_t major = (size_t)(strchr(type, '/') - type);

    if (span_is_nocase(range, type))
        return 3;
    if (span_is(range, "*/*"))
        return 1;
    struct span front = span_cut(&range, '/');
    return span_is(range, "*") && front.len == major && strncasecmp(front.at, type, major) == 0
               ? 2
               : 0;
}

/* A weight (RFC 9110, 12.4.2) in thousandths; 1000 if missing, -1 if malformed. */
static int weight(struct span parameters)
{
    while (parameters.len > 0) {
        struct span value = span_trim(span_cut(&parameters, ';'));
        struct span name = span_cut(&value, '=');
        struct span part = value, whole = span_cut(&part, '.');
        int64_t q, thousandths = 0;
        if (!span_is_nocase(name, "q"))
            continue;
        if (whole.len != 1 || span_to_int(whole, 1, &q) < 0 || part.len > 3 ||
            (part.len > 0 && span_to_int(part, 999, &thousandths) < 0))
            return -1;
        for (size_t i = part.len; i < 3; i++)
            thousandths *= 10;
        q = 1000 * q + thousandths;
        return q > 1000 ? -1 : (int)q;
    }
    return 1000;
}

/* How specifically a content coding matches gzip. */
static int coding_names(struct span coding, const char *gzip)
{
    return span_is_nocase(coding, gzip) || span_is_nocase(coding, "x-gzip") ? 2
           : span_is(coding, "*")                                           ? 1
                                                                            : 0;
}

/* A field's verdict: the weight of the most specific match. */
struct choice {
    int exactness, q;
};

static struct choice weigh(const struct http_request *req, const char *field,
                           int (*names)(struct span, const char *), const char *thing)
{
    struct choice c = {0, 0};

    for (size_t i = 0; i < req->n_fields; i++) {
        struct span rest = req->fields[i].value;
        while (rest.len > 0 && span_is_nocase(req->fields[i].name, field)) {
            struct span parameters = span_cut(&rest, ',');
            int exact = names(span_trim(span_cut(&parameters, ';')), thing);
            int q = weight(parameters);
            if (q >= 0 && exact > c.exactness)
                c = (struct choice){exact, q};
        }
    }
    return c;
}

int http_accept(const struct http_request *req, const char *const types[2])
{
    const struct choice a = weigh(req, "Accept", range_names, types[0]),
                        b = weigh(req, "Accept", range_names, types[1]);
    size_t len = 0;

    for (size_t i = 0; i < req->n_fields; i++)
        if (span_is_nocase(req->fields[i].name, "Accept"))
            len += req->fields[i].value.len;
    if (len == 0)
        return 0;
    if (a.q == 0 && b.q == 0)
        return -1;
    return a.q != b.q ? b.q > a.q : b.exactness > a.exactness;
}

bool http_accepts_gzip(const struct http_request *req)
{
    return weigh(req, "Accept-Encoding", coding_names, "gzip").q > 0;
}

/* Takes the next entity tag of a list, without its W/ prefix.  Returns false at the end. */
static bool next_tag(struct span *rest, struct span *tag)
{
    const char *quote;

    while (rest->len > 0 && strchr(", \t", *rest->at))
        rest->at++, rest->len--;
    if (rest->len > 2 && memcmp(rest->at, "W/", 2) == 0)
        rest->at += 2, rest->len -= 2;
    if (rest->len < 2 || rest->at[0] != '"' ||
        !(quote = memchr(rest->at + 1, '"', rest->len - 1)))
        return false;
    *tag = (struct span){rest->at, (size_t)(quote - rest->at) + 1};
    rest->at += tag->len;
    rest->len -= tag->len;
    return true;
}

static int option_is(struct span option, const char *name)
{
    return span_is_nocase(option, name);
}

bool http_persists(const struct http_request *req)
{
    bool asks = weigh(req, "Connection", option_is, "keep-alive").exactness > 0;

    return weigh(req, "Connection", option_is, "close").exactness == 0 &&
           (req->minor > 0 || asks);
}

bool http_has_tag(const struct http_request *req, const char *etag)
{
    struct span tag;

    for (size_t i = 0; i < req->n_fields; i++) {
        struct span rest = req->fields[i].value;
        if (!span_is_nocase(req->fields[i].name, "If-None-Match"))
            continue;
        if (span_is(rest, "*"))
            return true;
        while (next_tag(&rest, &tag))
            if (span_is(tag, etag))
                return true;
    }
    return false;
}
