/*
 * Lines of a growing file or FIFO, as they arrive: for a feed that runs for days.
 *
 * A file is read from its beginning, then waited for at its end.  If another file takes its
 * name (log rotation), the rest of the old file is read, then the new one from its beginning.
 * A truncated file is read from its beginning again; a missing one is waited for.  A FIFO's
 * writers may come and go.  Standard input ends, unless it is a file.
 *
 * A line ends with a line end or with its writer: when a FIFO's last writer closes it, standard
 * input ends, or a file is replaced or truncated.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "feeder/input/input.h"

#define FOLLOW_LINE_MAX (1 << 20) /* bytes, not counting the line end */
#define FOLLOW_LOOK_MS  200       /* between checks whether the file is still the same */

struct follow {
    struct input in;
    const char *path;   /* NULL: standard input */
    int inotify, watch; /* -1: none; watch: of the file, in inotify */
    bool is_file;
    int64_t line;   /* number of the last line, from 1; restarts with each file */
    size_t scanned; /* unused bytes without a line end */
    bool skipping;  /* the rest of a line that is too long */
};

/* Returns 0, or -1 with *failure; call follow_close in either case. */
int follow_open(struct follow *f, const char *path, struct failure *failure);
void follow_close(struct follow *f);

/*
 *  FOLLOW_LINE    *line is not blank, UTF-8, without its line end, and a C string until
 *                 the next call
 *  FOLLOW_BAD     *failure says what is wrong with this line; continue
 *  FOLLOW_END     standard input has ended, or a stop was requested (base/process/stop.h)
 *  FOLLOW_FAILED  see *failure
 */
enum follow_result { FOLLOW_LINE, FOLLOW_BAD, FOLLOW_END, FOLLOW_FAILED };

enum follow_result follow_next(struct follow *f, struct span *line);
