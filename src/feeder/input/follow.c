/* Waits with poll(2) for FIFOs, and with inotify(7), if available, for files. */
#include "feeder/input/follow.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/files/file.h"
#include "base/process/clock.h"
#include "base/process/stop.h"

#define WATCHED (IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF)

/* Call when the input was opened or replaced. */
static void begin(struct follow *f)
{
    struct stat st;

    f->is_file = fstat(f->in.fd, &st) == 0 && S_ISREG(st.st_mode);
    f->line = 0;
    if (f->is_file && f->path && f->inotify >= 0) {
        inotify_rm_watch(f->inotify, f->watch); /* the old file may still exist */
        f->watch = inotify_add_watch(f->inotify, f->path, WATCHED);
    }
}

/* O_NONBLOCK: a FIFO may have no writer yet. */
int follow_open(struct follow *f, const char *path, struct failure *failure)
{
    *f = (struct follow){.path = strcmp(path, "-") == 0 ? NULL : path,
                         .watch = -1,
                         .inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC)};
    if (input_open(&f->in, path, O_NONBLOCK, failure) < 0)
        return -1;
    begin(f);
    return 0;
}

void follow_close(struct follow *f)
{
    input_close(&f->in);
    if (f->inotify > STDERR_FILENO)
        close(f->inotify);
}

/* Waits for something to read or check, or for a stop request. */
static void wait_for_more(struct follow *f)
{
    struct pollfd ready = {.fd = f->is_file ? f->inotify : f->in.fd, .events = POLLIN};
    char events[4096];

    stop_poll(&ready, 1, f->is_file ? clock_ms() + FOLLOW_LOOK_MS : CLOCK_NEVER);
    while (f->is_file && f->inotify >= 0 && read(f->inotify, events, sizeof events) > 0)
        continue; /* fill() looks at the file anyway */
}

/* Whether the path names another file than the open one.  While it names none, the old file may
 * still grow. */
static bool replaced(const struct follow *f)
{
    struct stat now, open_one;

    return f->path && stat(f->path, &now) == 0 && fstat(f->in.fd, &open_one) == 0 &&
           !file_is_same(&now, &open_one);
}

static bool cut_short(const struct follow *f)
{
    struct stat st;

    return fstat(f->in.fd, &st) == 0 && st.st_size < lseek(f->in.fd, 0, SEEK_CUR);
}

/* Moves on after a writer's end and its last line, if there is a next writer. */
static int next_writer(struct follow *f)
{
    if (f->is_file && !replaced(f)) {
        f->line = 0;
        return input_rewind(&f->in);
    }
    int fd = open(f->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* before closing the old one: */
    if (fd < 0 && errno == ENOENT) {                           /* a FIFO keeps its content */
        stop_sleep(clock_ms() + FOLLOW_LOOK_MS);
        return 0;
    }
    if (input_take(&f->in, fd) < 0)
        return -1;
    f->in.at_end = false;
    begin(f);
    return 0;
}

/* Appends to the buffer, or detects the end.  Returns 0 or -1. */
static int fill(struct follow *f)
{
    bool another = f->is_file && replaced(f); /* before reading the old file's rest */

    if (input_read(&f->in) < 0)
        return -1;
    f->in.at_end = f->in.at_end && (!f->is_file || another || cut_short(f));
    return 0;
}

static enum follow_result too_long(struct follow *f)
{
    failure_set(f->in.failure, EX_DATAERR, "%s: line %" PRId64 ": larger than %d bytes",
                f->in.name, f->line, FOLLOW_LINE_MAX);
    return FOLLOW_BAD;
}

/* Checks a line in the buffer. */
static enum follow_result give(struct follow *f, size_t len, struct span *line)
{
    char *at = f->in.buffer + f->in.from, place[32];

    f->line++;
    f->in.from += len < f->in.to - f->in.from ? len + 1 : len;
    f->scanned = 0;
    if (len > FOLLOW_LINE_MAX)
        return too_long(f);
    at[len] = '\0'; /* replaces the line end */
    *line = (struct span){at, len};
    snprintf(place, sizeof place, "line %" PRId64, f->line);
    return input_check(&f->in, at, len, place) < 0 ? FOLLOW_BAD : FOLLOW_LINE;
}

/* Drops what is buffered of a line that is too long.  Returns whether that includes its end. */
static bool skip(struct follow *f, const char *end)
{
    f->in.from = end ? (size_t)(end + 1 - f->in.buffer) : f->in.to;
    f->scanned = 0;
    f->skipping = end == NULL && !f->in.at_end;
    return end != NULL;
}

/* Looks for a line in the buffer; FOLLOW_END if there is none. */
static enum follow_result scan(struct follow *f, struct span *line)
{
    for (;;) {
        const char *at = f->in.buffer + f->in.from;
        size_t len = f->in.to - f->in.from;
        const char *end = memchr(at + f->scanned, '\n', len - f->scanned);
        f->scanned = len;
        if (f->skipping) {
            if (!skip(f, end))
                return FOLLOW_END;
        } else if (!end && len > FOLLOW_LINE_MAX) {
            f->line++;
            skip(f, NULL);
            return too_long(f);
        } else if (!end && (!f->in.at_end || len == 0)) {
            return FOLLOW_END;
        } else {
            enum follow_result r = give(f, end ? (size_t)(end - at) : len, line);
            if (r != FOLLOW_LINE || strspn(line->at, " \t\r") < line->len)
                return r;
        }
    }
}

enum follow_result follow_next(struct follow *f, struct span *line)
{
    while (!stop_requested()) {
        enum follow_result r = scan(f, line);
        if (r != FOLLOW_END)
            return r;
        if (f->in.at_end && !f->path && !f->is_file)
            return FOLLOW_END;
        if (f->in.at_end) {
            if (next_writer(f) < 0)
                return FOLLOW_FAILED;
            continue;
        }
        /* without a writer, read(2) reports a FIFO's end, but poll(2) waits for a writer */
        size_t had = f->in.to - f->in.from;
        if (!f->is_file)
            wait_for_more(f);
        if (!stop_requested() && fill(f) < 0)
            return FOLLOW_FAILED;
        if (f->is_file && f->in.to - f->in.from == had && !f->in.at_end)
            wait_for_more(f);
    }
    return FOLLOW_END;
}
