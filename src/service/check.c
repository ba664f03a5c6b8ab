/* The checks, in the order in which a start would meet what they find.  Each returns EX_OK, or
 * an exit code after logging the finding. */
#include "service/config.h"

#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/files/beside.h"
#include "base/files/token_file.h"
#include "base/sqlite/db.h"
#include "service/listen/listen.h"
#include "service/rows/catchup.h"
#include "service/sandbox/sandbox.h"

static int found(const struct config *config, int status, const char *text)
{
    log_line(&config->log, LOG_ERR, "%s", text);
    return status;
}

/* Opens the sockets of -l and --metrics, too: under systemd, which has opened them, the unit
 * allows none. */
static int check_options(const struct config *config, int status)
{
    struct sockets sockets = {.n = 0};
    struct config quiet = *config;
    int code;

    status = status < 0 ? EX_OK : status;
    if (config->help || config->version)
        status =
            found(config, EX_USAGE,
                  "-h, --help, --version: remove them: with these, livescore serves no client");
    if (config->poller && config->no_poller)
        status =
            found(config, EX_USAGE, "--poller: remove it: livescore-poll.service does that");
    quiet.log.level = LOG_WARNING;
    if (sockets_open(&sockets, &quiet, &code) == 0) {
        sockets_close(&sockets);
        sockets_remove(&sockets, &(struct sandbox){.secret = NULL});
        code = EX_OK;
    }
    return status ? status : code;
}

/* A separate frame: the file's bytes are not needed afterwards. */
__attribute__((noinline)) bool check_tokens(const struct config *config)
{
    char file[TOKEN_FILE_MAX];
    struct failure failure;
    struct span tokens;

    if (!config->token_file ||
        token_file_read(config->token_file, file, &tokens, &failure) == 0)
        return true;
    log_line(&config->log, LOG_ERR, "--token-file %s", failure.text);
    return false;
}

/* Whether what serves no rows yet soon may: an empty file, which 'feeder init' and replicas
 * fill, or one whose -wal or -shm the poller makes. */
static bool may_serve_soon(const struct config *config, int status)
{
    struct stat st, other;

    if (stat(config->db_path, &st) < 0 || access(config->db_path, R_OK) < 0)
        return false;
    int missing = (beside_stat(config->db_path, "-wal", &other) < 0) +
                  (beside_stat(config->db_path, "-shm", &other) < 0);
    return st.st_size == 0 || (config->no_poller &&
                               ((status == EX_NOPERM && missing > 0) ||
                                (status == EX_NOINPUT && missing == 2 && S_ISREG(st.st_mode))));
}

static int check_database(const struct config *config)
{
    struct failure failure;
    struct db db;
    bool opens = db_open(&db, config->db_path, DB_READ, CATCHUP_BUSY_MS, &failure) == 0;

    db_close(&db);
    if (opens || !may_serve_soon(config, failure.status))
        return opens ? EX_OK : found(config, failure.status, failure.text);
    log_line(&config->log, LOG_WARNING, "%s", failure.text);
    return EX_OK;
}

int check_all(const struct config *config, int status)
{
    struct sandbox sandbox = {.tried = false};
    int results[3] = {check_options(config, status), EX_CONFIG, EX_CONFIG};
    static const char *const names[] = {"options", "tokens", "database"};
    /* The rest inside, where it will be needed.  A poller may create -wal and -shm. */
    const char *lack =
        sandbox_enter(&sandbox, config->no_poller ? SANDBOX_LISTENER : SANDBOX_POLLER, config);

    if (lack || config->no_sandbox)
        log_line(&config->log, LOG_WARNING, "%s",
                 lack ? lack : "--no-sandbox: only for debuggers: remove it");
    if (check_tokens(config))
        results[1] = EX_OK;
    results[2] = check_database(config);
    status = EX_OK;
    for (int i = 0; i < 3; i++) {
        if (results[i] == EX_OK)
            log_line(&config->log, LOG_INFO, "ok: %s", names[i]);
        else if (status == EX_OK)
            status = results[i];
    }
    return status;
}
