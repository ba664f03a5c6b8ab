/*
 * CGI/1.1 (RFC 3875): a request from the environment.  Pure: the environment is an argument.
 * http_begin composes the response head; the rest of the service sees no difference.
 */
#pragma once

#include "service/http/http.h"

#define CGI_INDEX "/index.html" /* the page, like "/" */

/*
 * Writes the request that the variables describe into head, as HTTP/1.0, and parses it, so the
 * same limits and checks apply.  PATH_INFO is the path.  Without it, the URL named the program
 * itself, whose relative links would miss: req->folder is set, and the client must be
 * redirected to the page.  Returns as http_parse does, but never HTTP_INCOMPLETE.  The request
 * points into head.
 */
int cgi_request(const char *const *environment, struct buf *head, struct http_request *req);

/* Bytes of body on standard input, which has no end mark (RFC 3875, 4.2). */
int64_t cgi_body_length(const char *const *environment);
