/*
 * What a proxy says about the client: the PROXY protocol's header before a request, and the
 * X-Forwarded-For fields in it.  Pure.  The caller decides whether to trust the proxy.
 *
 * Source: "The PROXY protocol", versions 1 and 2, of HAProxy
 * (https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt), section 2.
 */
#pragma once

#include "service/http/http.h"
#include "service/net/address.h"

#define PROXY_V1_MAX 107  /* bytes of a version 1 header with CRLF: the protocol's limit */
#define PROXY_V2_MAX 4096 /* bytes of version 2: addresses, and what the proxy adds */

/*
 * Parses a PROXY header that may be incomplete.  Returns its length; HTTP_INCOMPLETE if more
 * bytes are needed; HTTP_BAD as soon as no further bytes can make it valid.  *client becomes
 * the address that it names, and is unchanged if it names none (LOCAL, UNKNOWN, AF_UNSPEC: the
 * connection is the proxy's own).  Ignores bytes after the header.
 */
int proxy_parse(const char *bytes, size_t len, struct address *client);

/*
 * Replaces *client, a trusted proxy, by the client that it forwards for: walks X-Forwarded-For
 * from its right end to the first address that is not trusted.  Anything that is not an address
 * is ignored, together with everything to its left.
 */
void proxy_forwarded(const struct http_request *req, const struct network *trusted, size_t n,
                     struct address *client);
