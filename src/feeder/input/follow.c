/* Waits with poll(2) for FIFOs, and with inotify(7) for files, where that can be had. */
#include "feeder/input/follow.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/stop.h"
#include "base/utf8.h"
#include "feeder/input/updates.h"

#define BUFFER_SIZE (FOLLOW_LINE_MAX + 1)
#define WATCHED     (IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF)

__attribute__((format(printf, 3, 4))) static int fail(struct follow *f, int status,
                                                      const char *format, ...)
{
    int n = snprintf(f->error, sizeof f->error, "%s: ", f->name);
    va_list args;

    if (n < 0 || (size_t)n >= sizeof f->error)
        n = 0;
    va_start(args, format);
    vsnprintf(f->error + n, sizeof f->error - (size_t)n, format, args);
    va_end(args);
    f->status = status;
    return -1;
}

void follow_blame(struct follow *f, const char *problem)
{
    fail(f, EX_DATAERR, "line %" PRId64 ": %s", f->line, problem);
}

/* Takes a file in place of the one that was read so far.  O_NONBLOCK: a FIFO need not have
 * a writer yet. */
static int take_file(struct follow *f, int fd)
{
    struct stat st;

    if (fd < 0 || fstat(fd, &st) < 0)
        return fail(f, EX_NOINPUT, errno == ENOENT ? "no such file" : "can't be read: %s",
                    strerror(errno));
    if (f->fd > STDERR_FILENO)
        close(f->fd);
    f->fd = fd;
    f->is_file = S_ISREG(st.st_mode);
    f->offset = 0;
    f->line = 0;
    if (S_ISDIR(st.st_mode))
        return fail(f, EX_NOINPUT, "a directory: name a file in it");
    if (f->is_file && f->path && f->inotify >= 0) {
        inotify_rm_watch(f->inotify, f->watch); /* old files are kept: their watches are not */
        f->watch = inotify_add_watch(f->inotify, f->path, WATCHED);
    }
    return 0;
}

static int open_path(const struct follow *f)
{
    return open(f->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

int follow_open(struct follow *f, const char *path)
{
    bool standard = strcmp(path, "-") == 0;

    *f = (struct follow){.name = standard ? "standard input" : path,
                         .path = standard ? NULL : path,
                         .fd = -1,
                         .watch = -1,
                         .inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC)};
    if (take_file(f, standard ? STDIN_FILENO : open_path(f)) < 0)
        return -1;
    f->buffer = malloc(BUFFER_SIZE + 1);
    return f->buffer ? 0 : fail(f, EX_OSERR, "out of memory");
}

void follow_close(struct follow *f)
{
    free(f->buffer);
    if (f->fd > STDERR_FILENO)
        close(f->fd);
    if (f->inotify > STDERR_FILENO)
        close(f->inotify);
}

/* Until there is something to read or to look at, or a stop is requested. */
static void wait_for_more(struct follow *f)
{
    struct pollfd ready = {.fd = f->is_file ? f->inotify : f->fd, .events = POLLIN};
    char events[4096];

    stop_poll(&ready, 1, f->is_file ? clock_ms() + FOLLOW_LOOK_MS : CLOCK_NEVER);
    while (f->is_file && f->inotify >= 0 && read(f->inotify, events, sizeof events) > 0)
        continue; /* what they tell, a look at the file tells too */
}

/* Whether the path names another file than the one that is open.  While it names none, the
 * old one may still grow. */
static bool replaced(const struct follow *f)
{
    struct stat now, open_one;

    return f->path && stat(f->path, &now) == 0 && fstat(f->fd, &open_one) == 0 &&
           (now.st_dev != open_one.st_dev || now.st_ino != open_one.st_ino);
}

static bool cut_short(const struct follow *f)
{
    struct stat st;

    return fstat(f->fd, &st) == 0 && st.st_size < f->offset;
}

/* After the end of a writer and its last line: to the next one.  1, or 0: there is none
 * yet, or -1. */
static int next_writer(struct follow *f)
{
    if (!f->is_file || replaced(f)) {
        int fd = open_path(f); /* before the old one is closed: a FIFO keeps what is in it */
        if (fd < 0 && errno == ENOENT)
            return 0;
        f->at_end = false;
        return take_file(f, fd) < 0 ? -1 : 1;
    }
    f->at_end = false;
    f->offset = f->line = 0;
    if (lseek(f->fd, 0, SEEK_SET) < 0)
        return fail(f, EX_IOERR, "can't be read again: %s", strerror(errno));
    return 1;
}

/* Reads behind what the buffer holds, or finds that there is no more.  0 or -1. */
static int fill(struct follow *f)
{
    bool another = f->is_file && replaced(f); /* before reading: the rest is the last of it */

    memmove(f->buffer, f->buffer + f->from, f->to - f->from);
    f->to -= f->from;
    f->from = 0;
    ssize_t n = read(f->fd, f->buffer + f->to, BUFFER_SIZE - f->to);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    if (n < 0)
        return fail(f, EX_IOERR, "can't be read: %s", strerror(errno));
    f->offset += n;
    f->to += (size_t)n;
    f->at_end = n == 0 && (!f->is_file || another || cut_short(f));
    return 0;
}

/* A line that lies in the buffer, from f->from: checks it. */
static enum follow_result give(struct follow *f, size_t len, struct span *line)
{
    char *at = f->buffer + f->from;

    f->line++;
    if (f->line == 1 && len >= UPDATES_MARK_LEN &&
        memcmp(at, UPDATES_MARK, UPDATES_MARK_LEN) == 0)
        memset(at, ' ', UPDATES_MARK_LEN);
    at[len] = '\0'; /* in place of the line end */
    f->from += len < f->to - f->from ? len + 1 : len;
    f->scanned = 0;
    *line = (struct span){at, len};
    size_t valid = utf8_valid(at, len), colon = json_bad_colon(at, len);
    char problem[128];
    if (valid < len)
        snprintf(problem, sizeof problem, "byte %zu: expected UTF-8, found byte 0x%02X",
                 valid + 1, (unsigned)(unsigned char)at[valid]);
    else if (strlen(at) < len)
        snprintf(problem, sizeof problem, "byte %zu: expected JSON, found byte 0x00",
                 strlen(at) + 1);
    else if (colon < len)
        snprintf(problem, sizeof problem, "byte %zu: expected JSON, found : behind a bracket",
                 colon + 1);
    else
        return FOLLOW_LINE;
    follow_blame(f, problem);
    return FOLLOW_BAD;
}

/* Of the line that the buffer begins with, its end is not in sight. */
static enum follow_result too_long(struct follow *f)
{
    f->skipping = true;
    f->line++;
    f->from = f->to = f->scanned = 0;
    fail(f, EX_DATAERR, "line %" PRId64 ": larger than %d bytes", f->line, FOLLOW_LINE_MAX);
    return FOLLOW_BAD;
}

/* Looks for a line in the buffer.  FOLLOW_END: there is none. */
static enum follow_result scan(struct follow *f, struct span *line)
{
    for (;;) {
        char *at = f->buffer + f->from, *end;
        size_t len = f->to - f->from;
        end = memchr(at + f->scanned, '\n', len - f->scanned);
        f->scanned = len;
        if (f->skipping) {
            f->from = f->to - (end ? len - (size_t)(end + 1 - at) : 0);
            f->scanned = 0;
            f->skipping = end == NULL && !f->at_end;
            if (end)
                continue;
            return FOLLOW_END;
        }
        if (!end && len > FOLLOW_LINE_MAX)
            return too_long(f);
        if (!end && (!f->at_end || len == 0))
            return FOLLOW_END;
        enum follow_result r = give(f, end ? (size_t)(end - at) : len, line);
        if (r != FOLLOW_LINE || strspn(line->at, " \t\r") < line->len)
            return r;
    }
}

/* Past the end of a writer, to the next one.  0, -1, or 1 to end. */
static int go_on(struct follow *f)
{
    if (!f->path && !f->is_file)
        return 1;
    int rc = next_writer(f);
    if (rc == 0)
        stop_poll(NULL, 0, clock_ms() + FOLLOW_LOOK_MS);
    return rc < 0 ? -1 : 0;
}

enum follow_result follow_next(struct follow *f, struct span *line)
{
    while (!stop_requested()) {
        enum follow_result r = scan(f, line);
        if (r != FOLLOW_END)
            return r;
        if (f->at_end) {
            int rc = go_on(f);
            if (rc != 0)
                return rc < 0 ? FOLLOW_FAILED : FOLLOW_END;
            continue;
        }
        /* read(2) tells of a FIFO without a writer that it has ended, poll(2) waits for one */
        size_t had = f->to - f->from;
        if (!f->is_file)
            wait_for_more(f);
        if (!stop_requested() && fill(f) < 0)
            return FOLLOW_FAILED;
        if (f->is_file && f->to - f->from == had && !f->at_end)
            wait_for_more(f);
    }
    return FOLLOW_END;
}
