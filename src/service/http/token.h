/*
 * A request's token, as "Authorization: Bearer TOKEN" (RFC 6750, 2.1) or, as an EventSource
 * can't set headers, as the parameter "token", beside which Authorization may hold a proxy's
 * login of another scheme.
 */
#ifndef SERVICE_TOKEN_H
#define SERVICE_TOKEN_H

#include "base/token_file.h"
#include "service/http/http.h"

/*
 * Extracts a request's token: 1 if there is one, 0 if not, -1 if it can't be in the file.
 * Decodes its %-encoding into memory of TOKEN_MAX bytes.
 */
int token_of_request(const struct http_request *req, char *memory, struct span *token);

#endif
