/*
 * Fuzz target: a command line of livescore.
 *
 * It is refused with one line in the log, or all its values are within bounds.
 */
#include "service/config.h"

#include <sysexits.h>
#include <unistd.h>

#include "command_line.h"

static bool is_time(int64_t ms)
{
    return ms > 0 && ms <= INT64_C(1000) * 86400 * 1000;
}

static void check(const struct config *c)
{
    must(c->db_path && c->n_listen <= CONFIG_LISTEN_MAX && c->n_origins <= CONFIG_ORIGINS_MAX);
    must(c->n_trusted <= CONFIG_TRUSTED_MAX && c->socket_mode <= 0777);
    must(c->max_connections >= 1 && c->max_connections <= 1000000);
    must(c->max_per_client >= 1 && c->max_per_client <= 1000000);
    must(is_time(c->heartbeat_ms) && is_time(c->retry_ms) && is_time(c->stream_ms));
    must(is_time(c->head_ms) && is_time(c->write_ms) && is_time(c->poll_ms));
    must(c->idle_ms == 0 || is_time(c->idle_ms));
    for (size_t i = 0; i < c->n_trusted; i++) {
        const struct network *network = &c->trusted[i];
        must(network->bits >= 0 && network->bits <= 128);
        must(network->base.kind != ADDRESS_UNKNOWN && network_any(network, 1, &network->base));
    }
    for (size_t i = 0; i < c->n_origins; i++)
        must(!strpbrk(c->origins[i], "\r\n ") && strstr(c->origins[i], "://"));
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    unsetenv("LIVESCORE_DB");
    unsetenv("GATEWAY_INTERFACE");
    return freopen("/dev/null", "w", stdout) ? 0 : -1; /* for --help and --version */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct command_line line;
    struct config config;

    command_line_make(&line, data, size);
    int rc = options_parse(&config, line.argc, line.argv);
    must(rc == -1 || rc == EX_OK || rc == EX_USAGE);
    must((command_line_logged > 0) == (rc == EX_USAGE));
    if (rc == -1)
        check(&config);
    return 0;
}
