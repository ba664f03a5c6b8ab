/*
 * Where load's updates come from, whatever the way:
 *
 *     a stream   updates as the input has them, one at a time, in constant memory
 *     a list     all that a format makes of a document, in the order of play
 *     a document the same, match by match: what it says now of each
 *     a feed     line by line, as they are appended, for ever
 *
 * Which it is, the options say, and the document, where no format is named.
 */
#ifndef FEEDER_SOURCE_H
#define FEEDER_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "feeder/input/follow.h"
#include "feeder/input/format.h"
#include "feeder/input/playlist.h"
#include "feeder/options.h"

#define SOURCE_PLACE_MAX 64

struct source {
    const struct options *options;
    enum { SOURCE_STREAM, SOURCE_LIST, SOURCE_DOCUMENT, SOURCE_FEED } kind;
    const char *name;     /* in messages */
    int64_t size;         /* what source_update counts up to, or -1: not known */
    int64_t bytes;        /* of the input, or -1: not known */
    struct follow follow; /* its input, where it is not a feed */
    struct format format;
    struct playlist list;
    char *document;   /* its text, until source_read */
    int64_t digest;   /* of a document and what makes updates of it; 0: not known */
    int64_t left_out; /* matches, with --skip-bad */
    int64_t given;    /* of the list */
    bool listing;     /* of a feed's line, there may be more in the list */
    struct failure *failure;
};

struct source_update {
    const char *text;             /* a C string, until the next call */
    bool compact;                 /* it is minified */
    int64_t due_ms;               /* of play after the first, in a list */
    int64_t done;                 /* of source->size */
    int64_t number, line;         /* the line: in a stream */
    char place[SOURCE_PLACE_MAX]; /* where it is from, "" if there is no better word than its
                                     number */
};

/* These return 0, or -1 with *failure.  source_close is due after source_open in either case.
 */
int source_open(struct source *s, const struct options *options, struct failure *failure);
void source_close(struct source *s);

/*
 *  SOURCE_UPDATE  *u is filled
 *  SOURCE_BAD     *failure says what is wrong with a line of a feed; go on
 *  SOURCE_END     there are no more, or a stop was requested (base/stop.h)
 *  SOURCE_FAILED  *failure
 */
enum source_result { SOURCE_UPDATE, SOURCE_BAD, SOURCE_END, SOURCE_FAILED };

enum source_result source_next(struct source *s, struct source_update *u);

/* Reads what the database does not know of the document, for source_match; it need not be open.
 * Matches that make no sense refuse it or, with --skip-bad, are logged and left out. */
int source_read(struct source *s, struct db *live);

/* The next match of the document: SOURCE_UPDATE, SOURCE_END or SOURCE_FAILED. */
enum source_result source_match(struct source *s, struct playlist_match *m);

/* Begins again: not with a feed, nor with a stream whose size is not known.  0 or -1. */
int source_rewind(struct source *s);

/* Puts in front of *failure which update it is about: the one that was given last. */
void source_blame(struct source *s, const struct source_update *u);

#endif
