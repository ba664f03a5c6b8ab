/*
 * Tokens restrict reading.  A file lists them, one per line.  A request carries one as
 * "Authorization: Bearer TOKEN" (RFC 6750, 2.1) or, as an EventSource can't set headers, as the
 * parameter "token", beside which Authorization may hold a proxy's login of another scheme.
 *
 * The file is read for each request: a token removed from it is refused at once.
 */
#ifndef SERVICE_AUTH_H
#define SERVICE_AUTH_H

#include "base/buf.h"
#include "service/http/http.h"

#define AUTH_FILE_MAX  (16 * 1024) /* bytes of the file */
#define AUTH_TOKEN_MIN 16          /* bytes of a token; shorter ones can be guessed */
#define AUTH_TOKEN_MAX 256

/*
 * Reads the file into memory of AUTH_FILE_MAX bytes and checks it: a token has letters, digits
 * and "-._~+/="; lines that begin with # are comments.  Returns 0, or -1 with a sentence for
 * the operator in *why: the file is unreadable, accessible to users other than its owner and
 * group, or has an invalid line.
 */
int auth_read(const char *path, char *memory, struct span *tokens, const char **why);

/* Whether the file lists that token.  Takes the same time wherever they differ. */
bool auth_has(struct span tokens, struct span token);

/*
 * Extracts a request's token: 1 if there is one, 0 if not, -1 if it can't be in the file.
 * Decodes its %-encoding into memory of AUTH_TOKEN_MAX bytes.
 */
int auth_token(const struct http_request *req, char *memory, struct span *token);

#endif
