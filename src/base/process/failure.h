/*
 * A failure: a sentence for people, "PLACE: what is wrong: what to do", and the exit code from
 * <sysexits.h>.  The function that begins a task owns a struct failure and passes it down.  A
 * function that fails fills it in and returns -1.  It is logged once.
 */
#pragma once

#include "base/process/log.h"

#define FAILURE_MAX 1536

struct failure {
    int status;
    char text[FAILURE_MAX]; /* longer sentences are cut */
};

/* Returns -1.  The arguments may be, or point into, the sentence itself. */
int failure_set(struct failure *f, int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "PLACE: " before the sentence, unless place is "".  Returns -1. */
int failure_at(struct failure *f, const char *place);

/* Returns the status. */
int failure_log(const struct failure *f, const struct log *log);
