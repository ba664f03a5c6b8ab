/*
 * A command line from a fuzzer's bytes, words with a NUL after each; and a log that only counts
 * its lines, in place of base/process/log.c.
 */
#ifndef FUZZ_COMMAND_LINE_H
#define FUZZ_COMMAND_LINE_H

#include <getopt.h>
#include <stdarg.h>
#include <string.h>

#include "base/process/log.h"
#include "must.h"

#define COMMAND_LINE_WORDS 60
#define COMMAND_LINE_MAX   4096

static int command_line_logged;

void log_open(struct log *log, const char *name)
{
    *log = (struct log){.name = name, .level = LOG_INFO};
}

void log_line(const struct log *log, int level, const char *format, ...)
{
    char line[LOG_LINE_MAX];
    va_list args;

    (void)level;
    va_start(args, format);
    must(log->name && vsnprintf(line, sizeof line, format, args) > 0);
    va_end(args);
    command_line_logged++;
}

struct command_line {
    int argc;
    char *argv[COMMAND_LINE_WORDS + 2];
    char text[COMMAND_LINE_MAX + 1];
};

/* Also resets getopt, and silences it. */
static void command_line_make(struct command_line *line, const uint8_t *data, size_t size)
{
    static char program[] = "program";

    size = size < COMMAND_LINE_MAX ? size : COMMAND_LINE_MAX;
    memcpy(line->text, data, size);
    line->text[size] = '\0';
    line->argc = 1;
    line->argv[0] = program;
    for (char *at = line->text; at < line->text + size && line->argc <= COMMAND_LINE_WORDS;
         at += strlen(at) + 1)
        line->argv[line->argc++] = at;
    line->argv[line->argc] = NULL;
    command_line_logged = 0;
    optind = 0;
    opterr = 0;
}

#endif
