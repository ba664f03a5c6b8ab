/*
 * What went wrong: a sentence for people, "PLACE: what is wrong: what to do", and the exit code
 * that suits it, from <sysexits.h>.  The one that begins a piece of work has a struct failure
 * and hands it down; a function that fails fills it in and returns -1.  It is logged once.
 */
#ifndef BASE_FAILURE_H
#define BASE_FAILURE_H

#include "base/log.h"

#define FAILURE_MAX 1536

struct failure {
    int status;
    char text[FAILURE_MAX]; /* a longer sentence is cut */
};

/* Always -1.  The arguments may be the text itself, or point into it. */
int failure_set(struct failure *f, int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "PLACE: " in front of what it says; "" is no place.  Always -1. */
int failure_at(struct failure *f, const char *place);

/* Returns the status. */
int failure_log(const struct failure *f, const struct log *log);

#endif
