/*
 * What livescore was told on its command line.  Filled once by main, and const
 * from then on.  Times are in milliseconds.
 */
#ifndef SERVICE_CONFIG_H
#define SERVICE_CONFIG_H

#include <stddef.h>
#include <stdint.h>

#include "base/log.h"

#define CONFIG_ORIGINS_MAX 32

struct config {
    const char *db_path;
    const char *listen; /* [ADDR:]PORT; NULL: serve fd 0 */

    const char *origins[CONFIG_ORIGINS_MAX]; /* allowed by CORS; none: all ("*") */
    size_t n_origins;

    int64_t heartbeat_ms;   /* silence before a heartbeat */
    int64_t retry_ms;       /* a client's reconnection time, plus or minus 50 % */
    int64_t stream_ms;      /* the life of a stream, plus or minus 20 % */
    int64_t head_ms;        /* for a whole request head */
    int64_t write_ms;       /* a write that makes no progress for so long ends it */
    int64_t poll_ms;        /* between looks at the database */
    size_t max_connections; /* at a time, in all */
    size_t max_per_client;  /* at a time, of one address (IPv6: one /64) */

    struct log log;
};

#endif
