/* The command line: one table of options, and what each may be set to. */
#include "service/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/db.h"
#include "service/usage.h"

/* The letters that are not in "d:l:h" can't be typed: they are for set_option. */
static const struct option options[] = {
    {"database", required_argument, NULL, 'd'},
    {"listen", required_argument, NULL, 'l'},
    {"socket-mode", required_argument, NULL, 'm'},
    {"idle-exit", required_argument, NULL, 'i'},
    {"origin", required_argument, NULL, 'o'},
    {"trust-proxy", required_argument, NULL, 't'},
    {"proxy-protocol", no_argument, NULL, 'P'},
    {"token-file", required_argument, NULL, 'f'},
    {"max-connections", required_argument, NULL, 'c'},
    {"max-per-client", required_argument, NULL, 'C'},
    {"heartbeat", required_argument, NULL, 'b'},
    {"retry", required_argument, NULL, 'r'},
    {"max-stream", required_argument, NULL, 's'},
    {"shared-streams", required_argument, NULL, 'S'},
    {"head-timeout", required_argument, NULL, 'H'},
    {"write-timeout", required_argument, NULL, 'w'},
    {"poll", required_argument, NULL, 'k'},
    {"poller", no_argument, NULL, 'p'},
    {"no-poller", no_argument, NULL, 'n'},
    {"no-sandbox", no_argument, NULL, 'x'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

static void set_defaults(struct config *config)
{
    const char *database = getenv("LIVESCORE_DB");

    *config = (struct config){
        .db_path = database && *database ? database : DB_DEFAULT_PATH,
        .heartbeat_ms = 15 * 1000,
        .retry_ms = 3 * 1000,
        .stream_ms = 60 * 60 * 1000,
        .head_ms = 10 * 1000,
        .write_ms = 30 * 1000,
        .poll_ms = 100,
        .socket_mode = 0666,
        .max_connections = 1000,
        .max_per_client = 100,
    };
    log_open(&config->log, "livescore");
}

static int complain(const struct config *config, const char *option, const char *expected)
{
    log_line(&config->log, LOG_ERR, "--%s %s: expected %s", option, optarg, expected);
    return -1;
}

static int set_time(const struct config *config, int64_t *ms, const char *option)
{
    if (clock_parse(optarg, ms) < 0 || *ms == 0)
        return complain(config, option, "a time above 0, as in 250ms, 2s or 1h");
    return 0;
}

static int set_count(const struct config *config, size_t *count, const char *option)
{
    int64_t n;

    if (span_to_int(span_of(optarg), 1000000, &n) < 0 || n == 0)
        return complain(config, option, "a number from 1 to 1000000");
    *count = (size_t)n;
    return 0;
}

static int add_listen(struct config *config)
{
    if (config->n_listen == CONFIG_LISTEN_MAX)
        return complain(config, "listen", "at most 8 of them");
    config->listen[config->n_listen++] = optarg;
    return 0;
}

static int set_mode(struct config *config)
{
    char *end;
    unsigned long mode = strtoul(optarg, &end, 8);

    if (optarg[0] < '0' || optarg[0] > '7' || *end || mode > 0777)
        return complain(config, "socket-mode", "permissions in octal, as in 660");
    config->socket_mode = (unsigned)mode;
    return 0;
}

/* An origin has no path: browsers send "https://example.org" and nothing behind it.  It is
 * echoed in a header, so no byte of it may end one. */
static int add_origin(struct config *config)
{
    const char *host = strstr(optarg, "://");

    if (!host || strchr(host + 3, '/') || strpbrk(optarg, " \r\n") || host[3] == '\0')
        return complain(config, "origin", "SCHEME://HOST[:PORT], as in https://example.org");
    if (config->n_origins == CONFIG_ORIGINS_MAX)
        return complain(config, "origin", "at most 32 of them");
    config->origins[config->n_origins++] = optarg;
    return 0;
}

static int add_trusted(struct config *config)
{
    if (config->n_trusted == CONFIG_TRUSTED_MAX)
        return complain(config, "trust-proxy", "at most 32 of them");
    if (network_parse(&config->trusted[config->n_trusted], optarg) < 0)
        return complain(config, "trust-proxy",
                        "ADDRESS or ADDRESS/BITS, as in 192.0.2.1 or 2001:db8::/64, or unix");
    config->n_trusted++;
    return 0;
}

static int set_option(struct config *config, int option, const char *name)
{
    switch (option) {
    case 'd': config->db_path = optarg; return 0;
    case 'l': return add_listen(config);
    case 'm': return set_mode(config);
    case 'i': return set_time(config, &config->idle_ms, name);
    case 'o': return add_origin(config);
    case 't': return add_trusted(config);
    case 'f': config->token_file = optarg; return 0;
    case 'P': config->proxy_protocol = true; return 0;
    case 'c': return set_count(config, &config->max_connections, name);
    case 'C': return set_count(config, &config->max_per_client, name);
    case 'p': config->poller = true; return 0;
    case 'n': config->no_poller = true; return 0;
    case 'x': config->no_sandbox = true; return 0;
    case 'b': return set_time(config, &config->heartbeat_ms, name);
    case 'r': return set_time(config, &config->retry_ms, name);
    case 'S': config->shared = true; /* fallthrough */
    case 's': return set_time(config, &config->stream_ms, name);
    case 'H': return set_time(config, &config->head_ms, name);
    case 'w': return set_time(config, &config->write_ms, name);
    case 'k': return set_time(config, &config->poll_ms, name);
    default: return -1; /* there is no other */
    }
}

/* RFC 3875, 4.4: a server may make a command line of a query without '=', and then it is a
 * stranger's. */
static bool is_a_strangers(int argc)
{
    const char *query = getenv("QUERY_STRING");

    return argc > 1 && getenv("GATEWAY_INTERFACE") && query && *query && !strchr(query, '=');
}

int options_parse(struct config *config, int argc, char **argv)
{
    int option, index = 0;

    set_defaults(config);
    if (is_a_strangers(argc)) {
        log_line(&config->log, LOG_ERR,
                 "the command line may be the request's query, which has no '=': refused");
        return EX_USAGE;
    }
    opterr = 0; /* what getopt would say goes to where the log goes */
    while ((option = getopt_long(argc, argv, "d:l:h", options, &index)) != -1) {
        if (option == 'h') {
            fputs(usage_text, stdout);
            return EX_OK;
        }
        if (option == 'V') {
            printf("livescore %s (SQLite %s)\n", LIVESCORE_VERSION, db_library_version());
            return EX_OK;
        }
        if (option == '?') {
            log_line(&config->log, LOG_ERR,
                     "%s: unknown, or without its value: try 'livescore --help'",
                     argv[optind - 1]);
            return EX_USAGE;
        }
        if (set_option(config, option, options[index].name) < 0)
            return EX_USAGE;
    }
    if (config->shared && (config->token_file || config->n_origins > 0)) {
        log_line(&config->log, LOG_ERR,
                 "--shared-streams: caches would pass streams on to clients that "
                 "--token-file or --origin shuts out");
        return EX_USAGE;
    }
    if (optind == argc)
        return -1;
    log_line(&config->log, LOG_ERR, "%s: not an option: try 'livescore --help'", argv[optind]);
    return EX_USAGE;
}
