/* The command line: a table of options, and their values. */
#include "service/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include "base/process/option.h"
#include "base/sqlite/db.h"
#include "service/net/rate.h"

#define MORE_MAX 1000000 /* connections */

static const char *add_listen(void *settings, const char *value)
{
    struct config *config = settings;

    if (config->n_listen == CONFIG_LISTEN_MAX)
        return "at most 8 of them";
    config->listen[config->n_listen++] = value;
    return NULL;
}

static const char *set_mode(void *settings, const char *value)
{
    struct config *config = settings;
    char *end;
    unsigned long mode = strtoul(value, &end, 8);

    if (value[0] < '0' || value[0] > '7' || *end || mode > 0777)
        return "permissions in octal, as in 660";
    config->socket_mode = (unsigned)mode;
    return NULL;
}

/* An origin has no path: browsers send "https://example.org".  It is echoed in a header, so it
 * must not contain a line end. */
static const char *add_origin(void *settings, const char *value)
{
    struct config *config = settings;
    const char *host = strstr(value, "://");

    if (!host || strchr(host + 3, '/') || strpbrk(value, " \r\n") || host[3] == '\0')
        return "SCHEME://HOST[:PORT], as in https://example.org";
    if (config->n_origins == CONFIG_ORIGINS_MAX)
        return "at most 32 of them";
    config->origins[config->n_origins++] = value;
    return NULL;
}

static const char *add_trusted(void *settings, const char *value)
{
    struct config *config = settings;

    if (config->n_trusted == CONFIG_TRUSTED_MAX)
        return "at most 32 of them";
    if (network_parse(&config->trusted[config->n_trusted], value) < 0)
        return "ADDRESS or ADDRESS/BITS, as in 192.0.2.1 or 2001:db8::/64, or unix";
    config->n_trusted++;
    return NULL;
}

/* What a rule sets. */
#define SETS(type, field) .kind = OPTION_##type, .at = offsetof(struct config, field)
#define FLAG(field)       SETS(FLAG, field)
#define TEXT(field)       SETS(TEXT, field), .value = "FILE", .min = 1
#define TIME(field)       SETS(TIME, field), .value = "TIME", .min = 1
#define COUNT(field)      SETS(COUNT, field), .value = "N", .min = 1, .max = MORE_MAX
#define OTHER(function)   .kind = OPTION_OTHER, .take = (function)

/* clang-format off */
static const struct option_rule rules[] = {
    {"database", 'd', TEXT(db_path),
     .help = "the database (or $LIVESCORE_DB; else " DB_DEFAULT_PATH ")"},
    {"listen", 'l', OTHER(add_listen), .value = "[ADDR:]PORT",
     .help = "accept connections on this address, or on a Unix socket: PATH\n"
             "(repeatable); without it, serve what a super-server passes,\n"
             "or a request from a pipe"},
    {"show-viewers", 0, FLAG(show_viewers), .help = "tell pages how many clients are connected"},
    {"metrics", 0, SETS(TEXT, metrics), .value = "[ADDR:]PORT", .min = 1,
     .help = "serve /metrics, for Prometheus, on this address or PATH, where\n"
             "connections are accepted"},
    {"socket-mode", 0, OTHER(set_mode), .value = "MODE", .initial = "666",
     .help = "permissions of a Unix socket's file"},
    {"idle-exit", 0, TIME(idle_ms),
     .help = "exit after this time without a connection (inetd 'wait': 60s;\n"
             "else never)"},
    {"origin", 0, OTHER(add_origin), .value = "ORIGIN",
     .help = "allow pages of this origin to read (repeatable; default: all)"},
    {"trust-proxy", 0, OTHER(add_trusted), .value = "ADDR[/BITS]",
     .help = "trust this proxy's X-Forwarded-For (repeatable; unix: every\n"
             "client of a Unix socket)"},
    {"proxy-protocol", 0, FLAG(proxy_protocol), .help = "expect a PROXY header on every connection"},
    {"token-file", 0, TEXT(token_file), .help = "require one of this file's tokens to read"},
    {"max-connections", 0, COUNT(max_connections), .initial = "1000", .help = "connections at a time, in total"},
    {"max-per-client", 0, COUNT(max_per_client), .initial = "100",
     .help = "connections at a time, per address or IPv6 /64"},
    {"max-requests", 0, SETS(NUMBER, requests_per_minute), .value = "N", .max = MORE_MAX,
     .help = "requests of a client in a minute (0: any number;\n"
             "default: 60 for each connection of --max-per-client)"},
    {"max-megabytes", 0, SETS(NUMBER, bytes_per_minute), .value = "N", .max = MORE_MAX,
     .help = "sent to a client in a minute (0: any number;\n"
             "default: 10 for each connection of --max-per-client)"},
    {"heartbeat", 0, TIME(heartbeat_ms), .initial = "15s", .help = "silence before a heartbeat"},
    {"retry", 0, TIME(retry_ms), .initial = "3s", .help = "delay before a client reconnects, +-50 %"},
    {"max-stream", 0, TIME(stream_ms), .initial = "1h",
     .help = "lifetime of a stream, +-20 %; the client reconnects"},
    {"shared-streams", 0, TIME(shared_ms),
     .help = "let caches share streams: all end together, at this interval"},
    {"head-timeout", 0, TIME(head_ms), .initial = "10s", .help = "limit for receiving a request head"},
    {"write-timeout", 0, TIME(write_ms), .initial = "30s", .help = "limit for a client that acknowledges nothing"},
    {"poller", 0, FLAG(poller), .help = "run as the database's poller, and serve no client"},
    {"no-poller", 0, FLAG(no_poller), .help = "another service is the poller: do not start one"},
    {"poll", 0, TIME(poll_ms), .initial = "100ms",
     .help = "between checks of the database without a poller"},
    {"no-sandbox", 0, FLAG(no_sandbox), .help = "for debuggers: do not restrict any process"},
    {"check", 0, FLAG(check),
     .help = "report what would keep it from serving with these options, and exit"},
    {"help", 'h', FLAG(help), .help = "print this help"},
    {"version", 0, FLAG(version), .help = "print the versions of livescore and SQLite"},
};
/* clang-format on */

static void print_help(const struct option_table *table)
{
    printf("usage: livescore [-d DB] [-l [ADDRESS:]PORT|PATH] [OPTION...]\n"
           "Serve the rows of a livescore database as Server-Sent Events.\n\n");
    option_print(table, UINT64_MAX);
    printf("\nTIME is a number of seconds, or with a unit: 250ms, 2s, 1.5m, 1h.  More in "
           "livescore(8).\n");
}

/* RFC 3875, 4.4: a server may pass a query without '=' as a command line, which would let
 * strangers set options. */
static bool is_a_strangers(int argc)
{
    const char *query = getenv("QUERY_STRING");

    return argc > 1 && getenv("GATEWAY_INTERFACE") && query && *query && !strchr(query, '=');
}

int options_parse(struct config *config, int argc, char **argv)
{
    const struct option_table table = {rules, sizeof rules / sizeof *rules, &config->log};
    const char *database = getenv("LIVESCORE_DB");
    uint64_t given;

    *config = (struct config){.db_path = database && *database ? database : DB_DEFAULT_PATH,
                              .requests_per_minute = -1,
                              .bytes_per_minute = -1};
    log_open(&config->log, "livescore");
    if (is_a_strangers(argc)) {
        log_line(&config->log, LOG_ERR,
                 "refused: the command line may be the request's query, as that has no '='");
        return EX_USAGE;
    }
    int operand = option_read(&table, config, argc, argv, &given);
    bool wrong = operand < 0;
    if (config->requests_per_minute < 0)
        config->requests_per_minute = RATE_REQUESTS_EACH * (int64_t)config->max_per_client;
    config->bytes_per_minute = config->bytes_per_minute < 0 /* not given: megabytes */
                                   ? RATE_BYTES_EACH * (int64_t)config->max_per_client
                                   : config->bytes_per_minute * 1000000;
    if (config->shared_ms > 0)
        config->stream_ms = config->shared_ms;
    if (!config->check && (config->help || config->version)) {
        config->help ? print_help(&table)
                     : (void)printf("livescore %s (SQLite %s)\n", LIVESCORE_VERSION,
                                    db_library_version());
        return wrong ? EX_USAGE : EX_OK;
    }
    if (config->shared_ms > 0 && (config->token_file || config->n_origins > 0)) {
        log_line(&config->log, LOG_ERR,
                 "--shared-streams: caches would pass streams on to clients that "
                 "--token-file or --origin shuts out");
        wrong = true;
    }
    if (!wrong && operand == argc)
        return -1;
    if (operand >= 0 && operand < argc)
        log_line(&config->log, LOG_ERR, "%s: not an option: try 'livescore --help'",
                 argv[operand]);
    return EX_USAGE;
}
