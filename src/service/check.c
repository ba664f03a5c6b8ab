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
#include "service/rows/sql.h"
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
static bool may_serve_soon(const struct config *config, struct db *db)
{
    struct stat st, other;
    int status = db->failure->status,
        missing = (beside_stat(config->db_path, "-wal", &other) < 0) +
                  (beside_stat(config->db_path, "-shm", &other) < 0);
    bool waits = status == EX_NOPERM ? missing > 0 : status == EX_NOINPUT && missing == 2;

    return stat(config->db_path, &st) == 0 && S_ISREG(st.st_mode) &&
           access(config->db_path, R_OK) == 0 &&
           (st.st_size == 0 || (config->no_poller && waits && db_peek(db) == 0));
}

static int check_database(const struct config *config)
{
    struct sqlite3_stmt *any;
    struct failure failure;
    struct db db;
    bool serves = db_open(&db, config->db_path, DB_READ, CATCHUP_BUSY_MS, &failure) == 0 &&
                  db_prepare(&db, sql_health, &any) == 0 &&
                  db_prepare(&db, sql_matches, &any) == 0;

    db_close(&db);
    if (serves)
        return EX_OK;
    bool soon = may_serve_soon(config, &db);
    log_line(&config->log, soon ? LOG_WARNING : LOG_ERR, "%s", failure.text);
    return soon ? EX_OK : failure.status;
}

int check_all(const struct config *config, int status)
{
    struct sandbox sandbox = {.tried = false};
    int results[3] = {check_options(config, status)};
    static const char *const names[] = {"options", "tokens", "database"};
    /* The rest inside, where it will be needed.  A poller may create -wal and -shm. */
    const char *lack =
        sandbox_enter(&sandbox, config->no_poller ? SANDBOX_LISTENER : SANDBOX_POLLER, config);

    if (lack || config->no_sandbox)
        log_line(&config->log, LOG_WARNING, "%s",
                 lack ? lack : "--no-sandbox: only for debuggers: remove it");
    results[1] = check_tokens(config) ? EX_OK : EX_CONFIG;
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
