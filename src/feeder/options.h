/* feeder's configuration from the command line: filled once by main, then const. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/process/log.h"

#define OPTIONS_AT_ONCE     (-1)
#define OPTIONS_KEEP_MAX    INT64_C(1000000000000)
#define OPTIONS_SPEED_MAX   1000000
#define OPTIONS_RATE_MAX    1000000
#define OPTIONS_FORMAT_LIST "list" /* instead of a format; needs no operand */

struct options {
    struct log log;
    const char *db_path;
    const char *command; /* NULL: none */
    char **operands;     /* the command's */
    int operand_count;
    bool quiet, help, version;
    int64_t every_ms; /* between updates, or OPTIONS_AT_ONCE */
    double speed;     /* times the speed of play; 0: not given */
    bool loop, follow, merge, skip_bad;
    const char *format;          /* a name or a path, or NULL */
    const char *from, *until;    /* instants as given, or NULL */
    int64_t matches, rate;       /* 0: not given */
    int64_t seed, for_ms;        /* -1: not given */
    int64_t older_ms, keep_last; /* -1, 0: not given */
    bool dry_run, json, metrics, repair, force, rebuild, at;
    const char *user;                       /* or NULL */
    const char *file, *name, *match, *type; /* of tokens, or NULL */
    uint64_t given;                         /* a bit for each option, see options.c */
};
