/*
 * Lines of a file or a FIFO that grows, as they come: for a feed that goes on for days.
 *
 * A file is read from its beginning.  At its end, more is waited for.  When another file takes
 * its place under its name (a log that is rotated), the rest of the old one is read and then
 * the new one from its beginning; when it is cut short, it is read from its beginning again;
 * while it is gone, it is waited for.  A FIFO's writers may come and go.  The standard input
 * ends when it ends, unless it is a file.
 *
 * A line ends with a line end, or with its writer: the end of a FIFO's last writer, of
 * the standard input, of a file that was replaced or cut short.
 */
#ifndef FEEDER_FOLLOW_H
#define FEEDER_FOLLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "feeder/input/input.h"

#define FOLLOW_LINE_MAX (1 << 20) /* bytes, without the line end */
#define FOLLOW_LOOK_MS  200       /* between looks whether a file is still the same */

struct follow {
    struct input in;
    const char *path;   /* NULL: the standard input */
    int inotify, watch; /* -1: none; of the file, in inotify */
    bool is_file;
    int64_t line;   /* the number of the last one, from 1; anew in a new file */
    size_t scanned; /* bytes that are not used yet, and have no line end */
    bool skipping;  /* the rest of a line that is too long */
};

/* Returns 0 or -1 with *failure; follow_close is due in either case. */
int follow_open(struct follow *f, const char *path, struct failure *failure);
void follow_close(struct follow *f);

/*
 *  FOLLOW_LINE    *line holds one that is not blank, in UTF-8, without its end, a C
 *                 string until the next call
 *  FOLLOW_BAD     *failure says what is wrong with this one; go on
 *  FOLLOW_END     the standard input has ended, or a stop was requested (base/stop.h)
 *  FOLLOW_FAILED  *failure
 */
enum follow_result { FOLLOW_LINE, FOLLOW_BAD, FOLLOW_END, FOLLOW_FAILED };

enum follow_result follow_next(struct follow *f, struct span *line);

#endif
