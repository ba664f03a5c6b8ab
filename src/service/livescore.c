/*
 * livescore: new rows of an SQLite table as Server-Sent Events, a process for
 * each connection.
 *
 * Reads the options, finds out what it was given to serve (given.h), and serves it: one
 * request, or, forking, whatever comes in on listening sockets.
 */
#include "base/stop.h"
#include "service/given.h"
#include "service/listen.h"
#include "service/options.h"
#include "service/poller.h"

static int serve_listeners(const struct config *config, const struct given *given)
{
    struct listen_child child = listen_run(config, &given->sockets, given->idle_ms);

    switch (child.role) {
    case LISTEN_SERVE: return serve(config, &child.visit);
    case LISTEN_POLL: return poller_run(config);
    default: sockets_remove(&given->sockets); return child.status;
    }
}

int main(int argc, char **argv)
{
    struct config config;
    struct given given;
    int status = options_parse(&config, argc, argv);

    if (status >= 0)
        return status;
    stop_init();
    if (given_look(&given, &config, &status) < 0)
        return status;
    return given.kind == GIVEN_LISTENERS ? serve_listeners(&config, &given)
                                         : serve(&config, &given.visit);
}
