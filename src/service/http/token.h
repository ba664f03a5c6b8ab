/*
 * A request's token, as "Authorization: Bearer TOKEN" (RFC 6750, 2.1) or, as an EventSource
 * can't set headers, as the parameter "token", beside which Authorization may hold a proxy's
 * login of another scheme; or as the cookie that the page gives to browsers.
 */
#pragma once

#include "base/token_file.h"
#include "service/http/http.h"

#define TOKEN_COOKIE "livescore_token"

/*
 * Extracts a request's token: 1 if there is one, 0 if not, -1 if it can't be in the file.
 * Decodes its %-encoding into memory of TOKEN_MAX bytes.
 */
int token_of_request(const struct http_request *req, char *memory, struct span *token);

/* Finds the first token of a query: as sent, %-encoded. */
bool token_in_query(struct span query, struct span *value);

/* Writes the fields of a head that give a browser the request's token as a cookie, and lead it
 * to the same address without the token. */
void token_put_cookie(struct buf *b, const struct http_request *req, struct span token);
