/*
 * Lines of a file or a FIFO that grows, as they come: for a feed that goes on for days.
 *
 * A file is read from its beginning.  When it ends, it is waited for; when another takes
 * its place under its name (a log that is rotated), the rest of the old one is read and
 * then the new one from its beginning; when it is cut short, it is read from its
 * beginning again; while it is gone, it is waited for.  A FIFO's writers may come and go.
 * The standard input ends when it ends, unless it is a file.
 *
 * A line ends with a line end, or with its writer: the end of a FIFO's last writer, of
 * the standard input, of a file that was replaced or cut short.
 */
#ifndef FEEDER_FOLLOW_H
#define FEEDER_FOLLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

#define FOLLOW_LINE_MAX  (1 << 20) /* bytes, without the line end */
#define FOLLOW_LOOK_MS   200       /* between looks whether a file is still the same */
#define FOLLOW_ERROR_MAX 512

struct follow {
    const char *name;
    const char *path; /* NULL: the standard input */
    int fd, inotify;  /* -1: none */
    int watch;        /* of the file, in inotify */
    bool is_file;
    int64_t offset;               /* in a file */
    int64_t line;                 /* that was given last, from 1; anew in a new file */
    char *buffer;                 /* FOLLOW_LINE_MAX and room for a line end and a NUL */
    size_t from, to;              /* what of it is not given yet */
    size_t scanned;               /* what of that has no line end */
    bool skipping;                /* the rest of a line that is too long */
    bool at_end;                  /* its writer has */
    int status;                   /* an exit code */
    char error[FOLLOW_ERROR_MAX]; /* a sentence that begins with the name */
};

/* Returns 0 or -1; follow_close is due in either case. */
int follow_open(struct follow *f, const char *path);
void follow_close(struct follow *f);

/*
 *  FOLLOW_LINE    *line holds one that is not blank, in UTF-8, without its end, a C
 *                 string until the next call
 *  FOLLOW_BAD     f->error says what is wrong with this one; go on
 *  FOLLOW_END     the standard input has ended, or a stop was requested (base/stop.h)
 *  FOLLOW_FAILED  f->error
 */
enum follow_result { FOLLOW_LINE, FOLLOW_BAD, FOLLOW_END, FOLLOW_FAILED };

enum follow_result follow_next(struct follow *f, struct span *line);

/* Writes into f->error what is wrong with the line that was given last. */
void follow_blame(struct follow *f, const char *problem);

#endif
