/* Composes sentences about failures. */
#include "base/process/failure.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int failure_set(struct failure *f, int status, const char *format, ...)
{
    char text[FAILURE_MAX];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    memcpy(f->text, text, strlen(text) + 1);
    f->status = status;
    return -1;
}

int failure_at(struct failure *f, const char *place)
{
    return *place ? failure_set(f, f->status, "%s: %s", place, f->text) : -1;
}

int failure_log(const struct failure *f, const struct log *log)
{
    log_line(log, LOG_ERR, "%s", f->text);
    return f->status;
}
