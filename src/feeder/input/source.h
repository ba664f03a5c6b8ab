/*
 * Where load's updates come from:
 *
 *     a stream   updates as in the input, one at a time, in constant memory
 *     a list     all that a format makes of a document, in the order of play
 *     a document the same, by match: what the document says now
 *     a feed     lines as they are appended, forever
 *
 * The options choose; without a named format, so does the document.
 */
#pragma once

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
    int64_t size;         /* the end of source_update's count, or -1: unknown */
    int64_t bytes;        /* of the input, or -1: unknown */
    struct follow follow; /* its input, unless it is a feed */
    struct format format;
    struct playlist list;
    char *document;   /* its text, until source_read */
    int64_t digest;   /* of the document and its format; 0: unknown */
    int64_t left_out; /* matches, with --skip-bad */
    int64_t given;    /* of the list */
    bool listing;     /* the list may have more of a feed's line */
    struct failure *failure;
};

struct source_update {
    const char *text;             /* a C string, until the next call */
    bool compact;                 /* minified */
    int64_t due_ms;               /* of play since the first, in a list */
    int64_t done;                 /* of source->size */
    int64_t number, line;         /* its line, in a stream */
    char place[SOURCE_PLACE_MAX]; /* its origin; "": use its number */
};

/* These return 0, or -1 with *failure.  Call source_close after source_open in either case. */
int source_open(struct source *s, const struct options *options, struct failure *failure);
void source_close(struct source *s);

/*
 *  SOURCE_UPDATE  *u is set
 *  SOURCE_BAD     *failure says what is wrong with a line of a feed; continue
 *  SOURCE_END     the end, or a stop was requested (base/process/stop.h)
 *  SOURCE_FAILED  see *failure
 */
enum source_result { SOURCE_UPDATE, SOURCE_BAD, SOURCE_END, SOURCE_FAILED };

enum source_result source_next(struct source *s, struct source_update *u);

/* Reads what the database, open or not, does not know of the document, for source_match.  A bad
 * match makes it fail or, with --skip-bad, is logged and left out. */
int source_read(struct source *s, struct db *live);

/* The next match of the document: SOURCE_UPDATE, SOURCE_END or SOURCE_FAILED. */
enum source_result source_match(struct source *s, struct playlist_match *m);

/* Starts over; not for feeds, nor for streams of unknown size.  Returns 0 or -1. */
int source_rewind(struct source *s);

/* Prefixes *failure with the last update returned. */
void source_blame(struct source *s, const struct source_update *u);
