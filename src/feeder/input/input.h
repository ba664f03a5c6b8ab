/*
 * The file or pipe that updates come from, read once through a buffer of fixed size.  What
 * fails fills in the failure that was given to input_open, and begins with the input's name.
 */
#ifndef FEEDER_INPUT_H
#define FEEDER_INPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/failure.h"
#include "feeder/input/updates.h"

#define INPUT_WHOLE_MAX (64 << 20) /* bytes of a document that is read at once */

struct input {
    struct failure *failure;
    int fd;
    const char *name;
    int64_t size;   /* in bytes, or -1: not known, and it can't be rewound */
    bool stoppable; /* a request to stop (base/stop.h) ends a wait for it */
    char *buffer;
    size_t from, to;   /* what of the buffer is not used yet */
    char *cut, behind; /* where a NUL ends the last update, and what was there */
    bool at_end;
    struct updates updates;
};

/* Opens path, "-" for the standard input; flags: of open(2).  Returns 0 or -1; input_close is
 * due in either case. */
int input_open(struct input *in, const char *path, int flags, struct failure *failure);
void input_close(struct input *in);

/* Reads from fd, just opened, from now on, and closes what it read before.  Returns 0 or -1. */
int input_take(struct input *in, int fd);

/* Reads more into the buffer, behind what is not used yet; at_end if there is no more.  Does
 * not wait for a descriptor that does not block.  Returns 0 or -1. */
int input_read(struct input *in);

/* The first `most` bytes of the input, or fewer: a whole line that is an object, or all
 * there is.  Nothing is taken.  Returns 0 or -1. */
int input_peek(struct input *in, size_t most, struct span *head);

/* All of it, at most `most` bytes, as a C string that the caller frees.  Nothing may have been
 * taken before but by input_peek.  Returns its length, or -1 with *text NULL. */
int64_t input_whole(struct input *in, size_t most, char **text);

/* Whether the text, what the input holds from its beginning or a line of it, can be JSON; a
 * mark in front is overwritten.  place: in the input, or "".  Returns 0 or -1. */
int input_check(struct input *in, char *text, size_t len, const char *place);

/* 1: *update is filled, its text valid until the next call, and a NUL behind it;
 * 0: there are no more, or a stop was requested; -1. */
int input_next(struct input *in, struct update *update);

/*
 * The next block of a stream, a frame up to its blank line, or a line that is an object: a C
 * string that the caller may change, until the next call.  1; 2: there is none yet, and more is
 * not to be waited for; 0: there are no more, or a stop was requested; one that is cut short
 * does not count; -1.
 */
int input_block(struct input *in, bool wait, char **block);

/* Begins again.  Returns 0 or -1. */
int input_rewind(struct input *in);

#endif
