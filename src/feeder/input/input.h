/*
 * The file or pipe with the updates, read once through a fixed buffer.  Errors fill in the
 * failure given to input_open, and begin with the input's name.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/process/failure.h"
#include "feeder/input/updates.h"

#define INPUT_WHOLE_MAX (64 << 20) /* bytes of a document that is read at once */

struct input {
    struct failure *failure;
    int fd;
    const char *name;
    int64_t size;   /* in bytes; -1: unknown, and can't be rewound */
    bool stoppable; /* a stop request (base/process/stop.h) ends a wait */
    char *buffer;
    size_t from, to;   /* bounds of the unused part of the buffer */
    char *cut, behind; /* where a NUL ends the last update, and the byte it replaced */
    bool at_end;
    struct updates updates;
};

/* Opens path; "-": standard input.  flags: as for open(2).  Returns 0 or -1; call input_close
 * in either case. */
int input_open(struct input *in, const char *path, int flags, struct failure *failure);
void input_close(struct input *in);

/* Switches to fd, just opened, and closes the previous input.  Returns 0 or -1. */
int input_take(struct input *in, int fd);

/* Appends to the unused bytes in the buffer; sets at_end at the end.  Does not wait for a
 * non-blocking descriptor.  Returns 0 or -1. */
int input_read(struct input *in);

/* The first `most` bytes of the input, or fewer: a whole line that is an object, or everything.
 * Consumes nothing.  Returns 0 or -1. */
int input_peek(struct input *in, size_t most, struct span *head);

/* Reads the whole input, at most `most` bytes, as a C string that the caller frees.  Only
 * input_peek may precede it.  Returns its length, or -1 with *text NULL. */
int64_t input_whole(struct input *in, size_t most, char **text);

/* Checks whether the text, the beginning of the input or a line of it, can be JSON; overwrites
 * a leading mark.  place: in the input, or "".  Returns 0 or -1. */
int input_check(struct input *in, char *text, size_t len, const char *place);

/* Returns 1 with *update, whose text is a C string until the next call; 0 at the end or after a
 * stop request; -1. */
int input_next(struct input *in, struct update *update);

/*
 * The next block of a stream: a frame up to its blank line, or a line that is an object, as a C
 * string that the caller may change until the next call.  Returns 1; 2 if there is none yet and
 * the caller will not wait; 0 at the end, of which a truncated block is no part, or after a
 * stop request; or -1.
 */
int input_block(struct input *in, bool wait, char **block);

/* Starts over.  Returns 0 or -1. */
int input_rewind(struct input *in);
