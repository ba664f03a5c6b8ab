/* Finds a request's token. */
#include "base/files/token_file.h"
#include "service/http/http.h"

#define TOKEN_COOKIE "livescore_token"

bool token_in_query(struct span query, struct span *value)
{
    while (query.len > 0) {
        *value = span_cut(&query, '&');
        if (span_is(span_cut(value, '='), "token"))
            return true;
    }
    return false;
}

/* Finds the cookie (RFC 6265, 4.2). */
static bool find_cookie(const struct http_request *req, struct span *value)
{
    for (size_t i = 0; i < req->n_fields; i++) {
        struct span rest = req->fields[i].value;
        while (rest.len > 0 && span_is_nocase(req->fields[i].name, "Cookie")) {
            *value = span_trim(span_cut(&rest, ';'));
            if (span_is(span_cut(value, '='), TOKEN_COOKIE))
                return true;
        }
    }
    return false;
}

void token_put_cookie(struct buf *b, const struct http_request *req, struct span token)
{
    const struct span *field = http_field(req, "X-Forwarded-Proto");
    struct span query = req->query, schemes = field ? *field : span_of("");
    char before = '?';

    buf_puts(b, "Set-Cookie: " TOKEN_COOKIE "=");
    buf_put(b, token.at, token.len);
    buf_puts(b, "; Max-Age=31536000; HttpOnly; SameSite=Lax");
    /* of several proxies, the first is the browser's */
    buf_puts(b, span_is_nocase(span_trim(span_cut(&schemes, ',')), "https") ? "; Secure" : "");
    buf_puts(b, "\r\nLocation: ./");
    while (query.len > 0) {
        struct span parameter = span_cut(&query, '&'), name = parameter;
        if (span_is(span_cut(&name, '='), "token"))
            continue;
        buf_putc(b, before);
        buf_put(b, parameter.at, parameter.len);
        before = '&';
    }
    buf_puts(b, "\r\n");
}

int token_of_request(const struct http_request *req, char *memory, struct span *token)
{
    const struct span *field = http_field(req, "Authorization");
    struct span value = field ? *field : span_of("");

    if (span_is_nocase(span_cut(&value, ' '), "Bearer")) {
        *token = span_trim(value);
    } else if (token_in_query(req->query, &value)) {
        int len = http_unescape(value, false, memory, TOKEN_MAX);
        *token = (struct span){memory, len < 0 ? 0 : (size_t)len};
    } else if (!find_cookie(req, token)) {
        return 0;
    }
    return token_is_secret(*token) ? 1 : -1;
}
