/*
 * What livescore was told on its command line.  Filled once by main, and const
 * from then on.  Times are in milliseconds.
 */
#ifndef SERVICE_CONFIG_H
#define SERVICE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/log.h"
#include "service/net/address.h"

#define CONFIG_LISTEN_MAX  8
#define CONFIG_ORIGINS_MAX 32
#define CONFIG_TRUSTED_MAX 32

struct config {
    const char *db_path;
    const char *listen[CONFIG_LISTEN_MAX]; /* [ADDR:]PORT or a path; none: as it was started */
    size_t n_listen;
    unsigned socket_mode; /* of a Unix socket's file */
    int64_t idle_ms;      /* a listener with nobody connected ends after it; 0: never */

    const char *origins[CONFIG_ORIGINS_MAX]; /* allowed by CORS; none: all ("*") */
    size_t n_origins;

    struct network trusted[CONFIG_TRUSTED_MAX]; /* proxies whose X-Forwarded-For is believed */
    size_t n_trusted;
    const char *token_file; /* NULL: everybody may read */
    bool proxy_protocol;    /* every connection begins with a PROXY header */
    bool no_sandbox;        /* for debuggers */

    int64_t heartbeat_ms;   /* silence before a heartbeat */
    int64_t retry_ms;       /* a client's reconnection time, plus or minus 50 % */
    int64_t stream_ms;      /* the life of a stream, plus or minus 20 % */
    bool shared;            /* the same for all, and to the moment, so that caches share it */
    int64_t head_ms;        /* for a whole request head */
    int64_t write_ms;       /* a write that makes no progress for so long ends it */
    int64_t poll_ms;        /* between looks at the database where there is no ring */
    bool poller;            /* to be it, and serve no client */
    bool no_poller;         /* another service is it: none is forked */
    size_t max_connections; /* at a time, in all */
    size_t max_per_client;  /* at a time, of one address (IPv6: one /64) */

    bool help, version; /* only to be printed */

    struct log log;
};

#endif
