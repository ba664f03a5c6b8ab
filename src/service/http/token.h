/*
 * Tokens: who may read, where not everybody may.  A file has them, one to a line; a
 * request brings one as "Authorization: Bearer TOKEN" (RFC 6750, 2.1), or, since an
 * EventSource can send no header, as the parameter "token"; who has logged in to a proxy may
 * send its Authorization of another scheme beside that.
 *
 * The file is read for each request: a token that is taken out of it is good for no
 * new request, and nothing needs to be told.
 */
#ifndef SERVICE_AUTH_H
#define SERVICE_AUTH_H

#include "base/buf.h"
#include "service/http/http.h"

#define AUTH_FILE_MAX  (16 * 1024) /* bytes of the file */
#define AUTH_TOKEN_MIN 16          /* bytes of a token: a shorter one could be guessed */
#define AUTH_TOKEN_MAX 256

/*
 * Reads the file into memory of AUTH_FILE_MAX bytes, and checks it: a token is letters,
 * digits and "-._~+/="; a line that begins with # is a comment.  Returns 0, or -1 with a
 * sentence for the operator in *why: it can't be read, others than its owner and group may
 * read it, a line is no token.
 */
int auth_read(const char *path, char *memory, struct span *tokens, const char **why);

/* Whether a line of the file is that token.  It takes as long wherever they differ. */
bool auth_has(struct span tokens, struct span token);

/*
 * The token of a request: 1 if it has one, 0 if not, -1 if it can be none of the file's.  It is
 * undone of its %-encoding into memory of AUTH_TOKEN_MAX bytes.
 */
int auth_token(const struct http_request *req, char *memory, struct span *token);

#endif
