/*
 * CGI/1.1 (RFC 3875): a request out of the environment.  Pure: the environment is an
 * argument.  What the answer looks like is http_begin_cgi's; the rest of the service does
 * not know the difference.
 */
#ifndef SERVICE_CGI_H
#define SERVICE_CGI_H

#include "service/http/http.h"

#define CGI_INDEX "/index.html" /* the page, beside "/" */

/*
 * Writes the request that the variables tell of into head, as HTTP/1.0 would have it, and
 * parses that: the same bounds hold, and the same faults are found.  PATH_INFO is the
 * path.  Where it is missing, the URL was that of the program itself, and req->folder is set:
 * the page's links would lead beside the program, so the client has to be sent on to the page.
 * Returns as http_parse, but never HTTP_INCOMPLETE.  The request points into head.
 */
int cgi_request(const char *const *environment, struct buf *head, struct http_request *req);

/* Bytes of body that wait on standard input, where nothing marks their end (RFC 3875, 4.2). */
int64_t cgi_body_length(const char *const *environment);

#endif
