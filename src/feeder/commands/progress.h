/* One line on a terminal that says how far a load is; nothing anywhere else. */
#ifndef FEEDER_PROGRESS_H
#define FEEDER_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    bool on;
    bool drawn; /* the line is on the screen */
    int64_t size;
    int64_t started, next; /* of the clock */
};

/* On standard error, if that is a terminal and not quiet.  size: of the input, in
 * bytes, or -1 if it is not known. */
void progress_init(struct progress *p, int64_t size, bool quiet);

/* Draws the line anew, if it is time.  done: bytes of the input. */
void progress_update(struct progress *p, int64_t rows, int64_t done);

/* Takes the line off the screen, for something else to be written. */
void progress_clear(struct progress *p);

#endif
