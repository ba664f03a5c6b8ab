/*
 * The file or pipe that updates come from, read once through a buffer of fixed
 * size.  Errors are sentences that begin with the input's name.
 */
#ifndef FEEDER_INPUT_H
#define FEEDER_INPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "feeder/input/updates.h"

#define INPUT_ERROR_MAX 1024
#define INPUT_WHOLE_MAX (64 << 20) /* bytes of a document that is read at once */

struct input {
    int fd;
    const char *name;
    int64_t size;   /* in bytes, or -1: not known, and it can't be rewound */
    bool stoppable; /* a request to stop (base/stop.h) ends a wait for it */
    char *buffer;
    size_t from, to;   /* what of the buffer is not used yet */
    char *cut, behind; /* where a NUL ends the last update, and what was there */
    bool at_end;
    struct updates updates;
    int status; /* the exit code that suits the error */
    char error[INPUT_ERROR_MAX];
};

/* Opens path, "-" for the standard input.  Returns 0 or -1; input_close is due
 * in either case. */
int input_open(struct input *in, const char *path, bool stoppable);
void input_close(struct input *in);

/* The first `most` bytes of the input, or fewer: a whole line that is an object, or all
 * there is.  Nothing is taken.  Returns 0 or -1. */
int input_peek(struct input *in, size_t most, struct span *head);

/* All of it, in UTF-8, as a C string that the caller frees; at most INPUT_WHOLE_MAX bytes.
 * Nothing may have been taken before but by input_peek.  Returns 0, or -1 with *text NULL. */
int input_whole(struct input *in, char **text);

/* 1: *update is filled, its text valid until the next call, and a NUL behind it;
 * 0: there are no more, or a stop was requested; -1. */
int input_next(struct input *in, struct update *update);

/* Begins again.  Returns 0 or -1. */
int input_rewind(struct input *in);

/* Writes into in->error what is wrong with an update; returns -1. */
int input_blame(struct input *in, const struct update *update, const char *problem);

#endif
