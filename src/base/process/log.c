/* Writes log lines to stderr, the journal or syslog. */
#include "base/process/log.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/files/file.h"
#include "base/text/buf.h"

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

void log_text(const struct log *log, int level, const char *text)
{
    char line[LOG_LINE_MAX];
    struct buf b;

    if (level > log->level)
        return;
    buf_init(&b, line, sizeof line);
    if (log->sink == LOG_TO_STDERR) {
        buf_puts(&b, log->name);
        buf_puts(&b, ": ");
    } else if (log->sink == LOG_TO_JOURNAL) {
        buf_put(&b, (char[]){'<', (char)('0' + level), '>'}, 3);
    }
    for (; *text && b.len < sizeof line - 1; text++)
        buf_putc(&b, (unsigned char)*text < 0x20 || *text == 0x7F ? '?' : *text);
    if (log->sink == LOG_TO_SYSLOG) {
        syslog(level, "%.*s", (int)b.len, line);
        return;
    }
    buf_putc(&b, '\n');
    if (write(STDERR_FILENO, line, b.len) < 0)
        return; /* there is nowhere to report it */
}

void log_line(const struct log *log, int level, const char *format, ...)
{
    char text[LOG_LINE_MAX];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    log_text(log, level, text);
}
