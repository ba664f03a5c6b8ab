/* Finds a request's token. */
#include "service/http/token.h"

/* Finds the first parameter "token" of a query. */
static bool find_parameter(struct span query, struct span *value)
{
    while (query.len > 0) {
        *value = span_cut(&query, '&');
        if (span_is(span_cut(value, '='), "token"))
            return true;
    }
    return false;
}

int token_of_request(const struct http_request *req, char *memory, struct span *token)
{
    const struct span *field = http_field(req, "Authorization");
    struct span value;
    int len;

    if (field) {
        value = *field;
        if (span_is_nocase(span_cut(&value, ' '), "Bearer")) {
            *token = span_trim(value);
            return token_is_secret(*token) ? 1 : -1;
        }
    }
    if (!find_parameter(req->query, &value))
        return 0;
    len = http_unescape(value, false, memory, TOKEN_MAX);
    *token = (struct span){memory, len < 0 ? 0 : (size_t)len};
    return token_is_secret(*token) ? 1 : -1;
}
