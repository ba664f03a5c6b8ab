/*
 * What a proxy in front says of the client: the PROXY protocol's header before a request,
 * and the X-Forwarded-For fields in it.  Pure.  Whether a proxy is to be believed is for
 * the caller to know.
 *
 * Source: "The PROXY protocol", versions 1 and 2, of HAProxy
 * (https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt), section 2.
 */
#ifndef SERVICE_PROXY_H
#define SERVICE_PROXY_H

#include "service/http/http.h"
#include "service/net/address.h"

#define PROXY_V1_MAX                                                                           \
    107 /* bytes of a header of version 1, CRLF included: the protocol's bound */
#define PROXY_V2_MAX 4096 /* of version 2: addresses, and whatever the proxy adds to them */

/*
 * Parses a PROXY header that may not be all there yet.  Returns how many bytes it is;
 * HTTP_INCOMPLETE if more are needed; HTTP_BAD as soon as no more bytes can make it right.
 * *client is the address it names; left as it was where the header names none (LOCAL, UNKNOWN,
 * AF_UNSPEC): then the connection is the proxy's own.  Bytes behind it are not looked at.
 */
int proxy_parse(const char *bytes, size_t len, struct address *client);

/*
 * The client of a request that came from *client, which is among the trusted: goes
 * through X-Forwarded-For from its right end, to the first address that is not
 * trusted.  Where it meets what is no address it stops at the last that was.
 */
void proxy_forwarded(const struct http_request *req, const struct network *trusted, size_t n,
                     struct address *client);

#endif
