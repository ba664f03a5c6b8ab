/*
 * One line of text for the operator, to where the program's log goes.  Lines
 * are whole (one write each) and at most LOG_LINE_MAX bytes; control characters
 * in them become '?', so that nobody's input forges a line or a terminal's
 * escape.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <syslog.h> /* the levels: LOG_ERR, LOG_WARNING, LOG_NOTICE, LOG_INFO, LOG_DEBUG */

#define LOG_LINE_MAX 2048

enum log_sink {
    LOG_TO_STDERR,  /* "name: text" */
    LOG_TO_JOURNAL, /* stderr too, as "<6>text": sd-daemon(3)'s level prefix */
    LOG_TO_SYSLOG,  /* with the pid */
};

struct log {
    enum log_sink sink;
    int level;        /* what is above it in number (less important) is dropped */
    const char *name; /* not owned */
};

/*
 * Decides where lines go: to syslog(3) if stderr is closed, or the same socket as stdin, as
 * under inetd; to the journal if stderr is its socket (systemd says so in JOURNAL_STREAM);
 * else to stderr.
 */
void log_open(struct log *log, const char *name);

void log_line(const struct log *log, int level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
