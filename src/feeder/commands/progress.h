/* A line on the terminal that shows a load's progress; elsewhere, nothing. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct progress {
    bool on;
    bool drawn; /* the line is on screen */
    int64_t size;
    int64_t started, next; /* times */
};

/* Shows progress on standard error if that is a terminal, unless quiet.  size: of the input in
 * bytes, or -1 if unknown. */
void progress_init(struct progress *p, int64_t size, bool quiet);

/* Redraws the line if it is due.  done: bytes of the input. */
void progress_update(struct progress *p, int64_t rows, int64_t done);

/* Clears the line, so that something else can be written. */
void progress_clear(struct progress *p);
