/*
 * livescore's configuration from the command line: filled once by main, then const.  Times are
 * in milliseconds.
 */
#pragma once

#include "base/process/log.h"
#include "service/net/address.h"

#define CONFIG_LISTEN_MAX  8
#define CONFIG_ORIGINS_MAX 32
#define CONFIG_TRUSTED_MAX 32

struct config {
    const char *db_path;
    const char *listen[CONFIG_LISTEN_MAX]; /* [ADDR:]PORT or a path; none: as it was started */
    size_t n_listen;
    const char *metrics;  /* the same for metrics; NULL: none */
    unsigned socket_mode; /* of a Unix socket's file */
    int64_t idle_ms;      /* when a listener without connections exits; 0: never */

    const char *origins[CONFIG_ORIGINS_MAX]; /* allowed by CORS; none: all ("*") */
    size_t n_origins;

    struct network trusted[CONFIG_TRUSTED_MAX]; /* proxies whose X-Forwarded-For is trusted */
    size_t n_trusted;
    const char *token_file; /* NULL: reading is public */
    bool proxy_protocol;    /* every connection begins with a PROXY header */
    bool no_sandbox;        /* for debuggers */

    int64_t heartbeat_ms;        /* silence before a heartbeat */
    int64_t retry_ms;            /* a client's reconnection time, plus or minus 50 % */
    int64_t stream_ms;           /* lifetime of a stream, plus or minus 20 % */
    bool show_viewers;           /* how many there are, in heartbeats */
    int64_t shared_ms;           /* of all streams, so that caches can share them; 0: not */
    int64_t head_ms;             /* for a whole request head */
    int64_t write_ms;            /* a write without progress for that long fails */
    int64_t poll_ms;             /* between checks of the database without a poller */
    bool poller;                 /* be the poller, and serve no client */
    bool no_poller;              /* another service is the poller: fork none */
    size_t max_connections;      /* at a time, in total */
    size_t max_per_client;       /* at a time, per address (IPv6: per /64) */
    int64_t requests_per_minute; /* of a client; 0: no limit */
    int64_t bytes_per_minute;    /* that a client may be sent; 0: no limit */

    bool help, version; /* only print */
    bool check;         /* only report what is wrong */

    struct log log;
};

/* Fills the config from defaults, the environment and the command line.  Returns -1 to
 * continue, or an exit code after printing help or the version, or after logging the errors. */
int options_parse(struct config *config, int argc, char **argv);

/*
 * livescore --check: reports what would keep the service from serving, as its user and in its
 * sandbox, and changes nothing.  Logs a line for each part that is well and for each finding,
 * with its remedy.  status: of options_parse.  Returns the exit code of the first finding that
 * prevents serving, or EX_OK.
 */
int check_all(const struct config *config, int status);

/* Whether the token file can be used; without it, no client could be answered.  Logs why
 * not. */
bool check_tokens(const struct config *config);
