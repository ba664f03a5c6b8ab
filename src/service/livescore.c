/*
 * livescore: new rows of an SQLite table as Server-Sent Events, a process for
 * each connection.
 *
 * Reads the options, then finds out from what it was given where requests come
 * from: its own listening socket (-l), or descriptor 0, a socket under inetd or
 * systemd and otherwise a pipe whose answer goes to descriptor 1.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/db.h"
#include "base/log.h"
#include "base/stop.h"
#include "service/config.h"
#include "service/listen.h"
#include "service/poller.h"
#include "service/serve.h"

static const char usage[] =
    "usage: livescore [-d DB] [-l [ADDRESS:]PORT] [OPTION...]\n"
    "Serve the rows of a livescore database as Server-Sent Events.\n"
    "\n"
    "  -d, --database FILE     the database (or $LIVESCORE_DB; else " DB_DEFAULT_PATH ")\n"
    "  -l, --listen [ADDR:]PORT  accept connections there; without it, serve one on standard\n"
    "                          input: a socket (inetd, systemd), or a request from a pipe\n"
    "      --origin ORIGIN     let pages of this origin read (again for more; default: of "
    "all)\n"
    "      --max-connections N at a time, in all (1000)\n"
    "      --max-per-client N  at a time, of one address or IPv6 /64 (100)\n"
    "      --heartbeat TIME    of silence before a heartbeat (15s)\n"
    "      --retry TIME        before a client comes back, +-50 % (3s)\n"
    "      --max-stream TIME   of a stream, +-20 %; the client comes back (1h)\n"
    "      --head-timeout TIME for a whole request head (10s)\n"
    "      --write-timeout TIME for a client that takes nothing (30s)\n"
    "      --poll TIME         between looks at the database (100ms)\n"
    "  -h, --help\n"
    "      --version\n"
    "\n"
    "TIME is a number with a unit: 250ms, 2s, 1.5m, 1h.  More in livescore(8).\n";

enum long_option {
    OPT_ORIGIN = 256,
    OPT_MAX_CONNECTIONS,
    OPT_MAX_PER_CLIENT,
    OPT_HEARTBEAT,
    OPT_RETRY,
    OPT_MAX_STREAM,
    OPT_HEAD_TIMEOUT,
    OPT_WRITE_TIMEOUT,
    OPT_POLL,
    OPT_VERSION,
};

static const struct option options[] = {
    {"database", required_argument, NULL, 'd'},
    {"listen", required_argument, NULL, 'l'},
    {"origin", required_argument, NULL, OPT_ORIGIN},
    {"max-connections", required_argument, NULL, OPT_MAX_CONNECTIONS},
    {"max-per-client", required_argument, NULL, OPT_MAX_PER_CLIENT},
    {"heartbeat", required_argument, NULL, OPT_HEARTBEAT},
    {"retry", required_argument, NULL, OPT_RETRY},
    {"max-stream", required_argument, NULL, OPT_MAX_STREAM},
    {"head-timeout", required_argument, NULL, OPT_HEAD_TIMEOUT},
    {"write-timeout", required_argument, NULL, OPT_WRITE_TIMEOUT},
    {"poll", required_argument, NULL, OPT_POLL},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, OPT_VERSION},
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

/* An origin has no path: browsers send "https://example.org" and nothing behind it. */
static int add_origin(struct config *config)
{
    const char *host = strstr(optarg, "://");

    if (!host || strpbrk(host + 3, "/ \r\n") || host[3] == '\0')
        return complain(config, "origin", "SCHEME://HOST[:PORT], as in https://example.org");
    if (config->n_origins == CONFIG_ORIGINS_MAX)
        return complain(config, "origin", "at most 32 of them");
    config->origins[config->n_origins++] = optarg;
    return 0;
}

static int set_option(struct config *config, int option, const char *name)
{
    switch (option) {
    case 'd': config->db_path = optarg; return 0;
    case 'l': config->listen = optarg; return 0;
    case OPT_ORIGIN: return add_origin(config);
    case OPT_MAX_CONNECTIONS: return set_count(config, &config->max_connections, name);
    case OPT_MAX_PER_CLIENT: return set_count(config, &config->max_per_client, name);
    case OPT_HEARTBEAT: return set_time(config, &config->heartbeat_ms, name);
    case OPT_RETRY: return set_time(config, &config->retry_ms, name);
    case OPT_MAX_STREAM: return set_time(config, &config->stream_ms, name);
    case OPT_HEAD_TIMEOUT: return set_time(config, &config->head_ms, name);
    case OPT_WRITE_TIMEOUT: return set_time(config, &config->write_ms, name);
    case OPT_POLL: return set_time(config, &config->poll_ms, name);
    default: fputs("try 'livescore --help'\n", stderr); return -1;
    }
}

/* Returns -1 to go on, or an exit code. */
static int read_options(struct config *config, int argc, char **argv)
{
    int option, index = 0;

    while ((option = getopt_long(argc, argv, "d:l:h", options, &index)) != -1) {
        if (option == 'h') {
            fputs(usage, stdout);
            return EX_OK;
        }
        if (option == OPT_VERSION) {
            printf("livescore %s (SQLite %s)\n", LIVESCORE_VERSION, db_library_version());
            return EX_OK;
        }
        if (set_option(config, option, options[index].name) < 0)
            return EX_USAGE;
    }
    if (optind == argc)
        return -1;
    log_line(&config->log, LOG_ERR, "%s: not an option: try 'livescore --help'", argv[optind]);
    return EX_USAGE;
}

/* inetd gives the client's socket as descriptor 2 as well: not a word of ours must land
 * in the stream. */
static void keep_log_out_of_the_stream(struct config *config)
{
    struct stat in, err;

    if (fstat(STDERR_FILENO, &err) < 0 ||
        (fstat(STDIN_FILENO, &in) == 0 && S_ISSOCK(in.st_mode) && in.st_dev == err.st_dev &&
         in.st_ino == err.st_ino))
        log_to_syslog(&config->log);
}

static int serve_stdin(const struct config *config)
{
    struct stat st;
    bool socket = fstat(STDIN_FILENO, &st) == 0 && S_ISSOCK(st.st_mode);

    return serve(config, STDIN_FILENO, socket ? STDIN_FILENO : STDOUT_FILENO, 0);
}

static int serve_listener(const struct config *config)
{
    int status, listener = listen_open(config, &status);

    if (listener < 0)
        return status;
    struct listen_child child = listen_run(config, listener);
    switch (child.role) {
    case LISTEN_SERVE: return serve(config, child.fd, child.fd, child.refuse);
    case LISTEN_POLL: return poller_run(config);
    default: return child.status;
    }
}

int main(int argc, char **argv)
{
    struct config config;
    int status;

    set_defaults(&config);
    status = read_options(&config, argc, argv);
    if (status >= 0)
        return status;
    keep_log_out_of_the_stream(&config);
    stop_init();
    return config.listen ? serve_listener(&config) : serve_stdin(&config);
}
