/*
 * Log lines for the operator.  Each line is one write of at most LOG_LINE_MAX bytes.  Control
 * characters become '?', so that input can't forge lines or terminal escapes.
 */
#pragma once

#include <syslog.h> /* the levels: LOG_ERR, LOG_WARNING, LOG_NOTICE, LOG_INFO, LOG_DEBUG */

#define LOG_LINE_MAX 2048

enum log_sink {
    LOG_TO_STDERR,  /* "name: text" */
    LOG_TO_JOURNAL, /* stderr, as "<6>text": sd-daemon(3)'s level prefix */
    LOG_TO_SYSLOG,  /* with the pid */
};

struct log {
    enum log_sink sink;
    int level;        /* less important lines (greater numbers) are dropped */
    const char *name; /* not owned */
};

/*
 * Chooses the sink: syslog(3) if stderr is closed or, as under inetd, the same socket as stdin;
 * the journal if stderr is its socket, according to systemd's JOURNAL_STREAM; else stderr.
 */
void log_open(struct log *log, const char *name);

void log_line(const struct log *log, int level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for a text that is complete. */
void log_text(const struct log *log, int level, const char *text);
