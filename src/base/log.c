/* Writes log lines to stderr, the journal or syslog. */
#include "base/log.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"

/* JOURNAL_STREAM is "device:inode" of the socket; a redirected stderr differs. */
static bool stderr_is_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    struct file_id id = {0, 0};
    struct stat st;

    return stream && sscanf(stream, "%" SCNu64 ":%" SCNu64, &id.device, &id.inode) == 2 &&
           fstat(STDERR_FILENO, &st) == 0 && file_is(id, &st);
}

/* Under inetd, descriptor 2 is the client's socket, too: nothing may be logged into the
 * stream. */
static bool stderr_is_usable(void)
{
    struct stat in, err;

    return fstat(STDERR_FILENO, &err) == 0 &&
           !(fstat(STDIN_FILENO, &in) == 0 && S_ISSOCK(in.st_mode) && file_is_same(&in, &err));
}

void log_open(struct log *log, const char *name)
{
    log->sink = !stderr_is_usable()   ? LOG_TO_SYSLOG
                : stderr_is_journal() ? LOG_TO_JOURNAL
                                      : LOG_TO_STDERR;
    log->level = LOG_INFO;
    log->name = name;
    if (log->sink == LOG_TO_SYSLOG)
        tzset(); /* reads its file now; the sandbox hides it */
    if (log->sink == LOG_TO_SYSLOG)
        openlog(log->name, LOG_PID | LOG_NDELAY, LOG_DAEMON);
}

void log_line(const struct log *log, int level, const char *format, ...)
{
    char line[LOG_LINE_MAX];
    size_t start = 0, end;
    va_list args;

    if (level > log->level)
        return;
    if (log->sink == LOG_TO_STDERR)
        start = (size_t)snprintf(line, sizeof line, "%s: ", log->name);
    else if (log->sink == LOG_TO_JOURNAL)
        start = (size_t)snprintf(line, sizeof line, "<%d>", level);
    va_start(args, format);
    vsnprintf(line + start, sizeof line - start - 1, format, args);
    va_end(args);
    end = start + strlen(line + start);
    for (size_t i = start; i < end; i++)
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7F)
            line[i] = '?';
    if (log->sink == LOG_TO_SYSLOG) {
        syslog(level, "%s", line);
        return;
    }
    line[end++] = '\n';
    if (write(STDERR_FILENO, line, end) < 0)
        return; /* there is nowhere to report it */
}
