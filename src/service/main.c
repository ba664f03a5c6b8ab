/* livescore: sends new rows of an SQLite table as Server-Sent Events, with a process per
 * connection. */
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/files/beside.h"
#include "base/process/stack.h"
#include "base/process/stop.h"
#include "base/sqlite/db.h"
#include "service/config.h"
#include "service/listen/listen.h"
#include "service/sandbox/sandbox.h"
#include "service/serve.h"

/* Ends a listener's child cheaply: exit() would write to, and so copy, 17 pages of libraries.
 * A leak checker needs it. */
static _Noreturn void leave(int status)
{
#ifdef SANITIZED
    exit(status);
#else
    _exit(status);
#endif
}

/* Listens; in each child, carries out the child's task.  A separate frame, which begins at a
 * page: what a child writes to lies close together. */
__attribute__((noinline)) static int serve_listeners(const struct config *config,
                                                     const struct given *given)
{
    struct listen_child child = {.role = LISTEN_DONE, .status = EX_CONFIG};
    struct sandbox sandbox = {.tried = false};
    struct feed feed;

    feed_init(&feed, config->db_path);
    if (check_tokens(config))
        child = listen_run(config, &given->sockets, given->idle_ms, &feed, &sandbox);

    switch (child.role) {
    case LISTEN_SERVE: leave(serve(config, &child.visit));
    case LISTEN_SUPERVISE: return supervise(config, PARENT_LISTENER, child.ready);
    default: sockets_remove(&given->sockets, &sandbox); return child.status;
    }
}

/* -wal and -shm disappear while no writer has the database open, and the sandbox does not allow
 * creating them.  Not inlined: main's frame stays small, so that the part of it that a
 * listener's child writes to is one page. */
__attribute__((noinline)) static void make_wal(const struct config *config)
{
    struct failure failure;
    struct stat st;
    struct db db;

    if (beside_stat(config->db_path, "-wal", &st) == 0 &&
        beside_stat(config->db_path, "-shm", &st) == 0)
        return;
    if (db_open(&db, config->db_path, DB_READ, 0, &failure) == 0)
        db_close(&db);
}

static int serve_visit(const struct config *config, const struct visit *given)
{
    struct visit visit = *given;
    struct sandbox sandbox = {.tried = false};
    struct feed feed;
    int ready;

    feed_init(&feed, config->db_path);
    if ((feed_open(&feed) < 0 || !ring_is_locked(&feed.ring)) && !config->no_poller &&
        supervisor_fork(PARENT_VIEWER, &ready) == 0)
        return supervise(config, PARENT_VIEWER, ready);
    feed_open(&feed);
    make_wal(config);
    visit.feed = &feed;
    sandbox_enter(&sandbox, SANDBOX_VIEWER, config);
    return serve(config, &visit);
}

int main(int argc, char **argv)
{
    struct config config;
    struct given given;
    int status = options_parse(&config, argc, argv);

    if (config.check)
        return check_all(&config, status);
    if (status >= 0)
        return status;
    stop_init();
    if (config.poller)
        return supervisor_poll(&config, PARENT_SYSTEM, -1);
    if (keeper_is_needed())
        return keeper_run(&config, argv);
    if (given_look(&given, &config, &status) < 0)
        return status;
    if (given.sockets.n == 0)
        return serve_visit(&config, &given.visit);
    char *volatile rest = STACK_TAKE(0);
    (void)rest;
    return serve_listeners(&config, &given);
}
