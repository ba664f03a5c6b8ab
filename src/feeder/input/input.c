/* Reads updates from a file or a pipe. */
#include "feeder/input/input.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/stop.h"
#include "base/utf8.h"

#define READ_SIZE   (256 * 1024)
#define BUFFER_SIZE (UPDATES_TEXT_MAX + READ_SIZE)

__attribute__((format(printf, 3, 4))) static int fail(struct input *in, int status,
                                                      const char *format, ...)
{
    int n = snprintf(in->error, sizeof in->error, "%s: ", in->name);
    va_list args;

    if (n < 0 || (size_t)n >= sizeof in->error)
        n = 0; /* a name of that length: the sentence matters more */
    va_start(args, format);
    vsnprintf(in->error + n, sizeof in->error - (size_t)n, format, args);
    va_end(args);
    in->status = status;
    return -1;
}

static int check_kind(struct input *in)
{
    struct stat st;

    if (fstat(in->fd, &st) < 0)
        return fail(in, EX_NOINPUT, "%s", strerror(errno));
    if (S_ISDIR(st.st_mode))
        return fail(in, EX_NOINPUT, "a directory: name a file in it");
    in->size = S_ISREG(st.st_mode) && lseek(in->fd, 0, SEEK_CUR) == 0 ? st.st_size : -1;
    return 0;
}

int input_open(struct input *in, const char *path, bool stoppable)
{
    bool standard = strcmp(path, "-") == 0;

    *in = (struct input){.name = standard ? "standard input" : path, .stoppable = stoppable};
    updates_init(&in->updates);
    in->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (in->fd < 0 && errno == ENOENT)
        return fail(in, EX_NOINPUT, "no such file");
    if (in->fd < 0)
        return fail(in, EX_NOINPUT, "can't be read: %s", strerror(errno));
    if (check_kind(in) < 0)
        return -1;
    in->buffer = malloc(BUFFER_SIZE + 1); /* and a NUL */
    return in->buffer ? 0 : fail(in, EX_OSERR, "out of memory");
}

void input_close(struct input *in)
{
    free(in->buffer);
    if (in->fd > STDERR_FILENO)
        close(in->fd);
}

int input_rewind(struct input *in)
{
    if (lseek(in->fd, 0, SEEK_SET) < 0)
        return fail(in, EX_IOERR, "can't be read again: %s", strerror(errno));
    in->from = in->to = 0;
    in->cut = NULL;
    in->at_end = false;
    updates_init(&in->updates);
    return 0;
}

/* 1: there is something to read; 0: a stop was requested instead. */
static int wait_readable(struct input *in)
{
    struct pollfd ready = {.fd = in->fd, .events = POLLIN};

    while (!stop_requested()) {
        int n = stop_poll(&ready, 1, CLOCK_NEVER);
        if (n > 0)
            return 1;
        if (n < 0 && errno != EINTR)
            return fail(in, EX_OSERR, "poll: %s", strerror(errno));
    }
    return 0;
}

/* Gets more behind what the buffer holds.  1, 0 as above, -1. */
static int fill(struct input *in)
{
    int ready = in->stoppable ? wait_readable(in) : 1;
    ssize_t n;

    if (ready <= 0)
        return ready;
    memmove(in->buffer, in->buffer + in->from, in->to - in->from);
    in->to -= in->from;
    in->from = 0;
    do
        n = read(in->fd, in->buffer + in->to, BUFFER_SIZE - in->to);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return fail(in, EX_IOERR, "can't be read: %s", strerror(errno));
    in->at_end = n == 0;
    in->to += (size_t)n;
    return 1;
}

/* Whether it is known to be a line of its own that the buffer begins with. */
static bool begins_with_line(const char *at, size_t len)
{
    const char *end = memchr(at, '\n', len);

    while (end && end > at && (end[-1] == '\r' || end[-1] == ' '))
        end--;
    return end && end > at && at[0] == '{' && end[-1] == '}';
}

int input_peek(struct input *in, size_t most, struct span *head)
{
    int rc = 1;

    while (rc == 1 && !in->at_end && in->to - in->from < most &&
           !begins_with_line(in->buffer + in->from, in->to - in->from))
        rc = fill(in);
    size_t len = in->to - in->from;
    *head = (struct span){in->buffer + in->from, len < most ? len : most};
    return rc < 0 ? -1 : 0;
}

static int check_text(struct input *in, char *text, size_t len)
{
    if (len >= UPDATES_MARK_LEN && memcmp(text, UPDATES_MARK, UPDATES_MARK_LEN) == 0)
        memset(text, ' ', UPDATES_MARK_LEN); /* a blank is JSON, the mark is not */

    size_t valid = utf8_valid(text, len);
    size_t colon = json_bad_colon(text, len);
    const char *nul = memchr(text, '\0', len);

    if (valid < len)
        return fail(in, EX_DATAERR,
                    "byte %zu: expected UTF-8, found byte 0x%02X: 'iconv -f LATIN1 -t UTF-8' "
                    "converts Latin-1",
                    valid + 1, (unsigned)(unsigned char)text[valid]);
    if (nul)
        return fail(in, EX_DATAERR, "byte %zu: expected JSON, found byte 0x00",
                    (size_t)(nul - text) + 1);
    if (colon < len)
        return fail(in, EX_DATAERR, "byte %zu: expected JSON, found : behind a bracket",
                    colon + 1);
    return 0;
}

/* Moves what the buffer holds behind the text.  1, 0: it does not fit in, -1: no memory. */
static int append(struct input *in, char **text, size_t *len, size_t *cap)
{
    size_t more = in->to - in->from;

    if (more > INPUT_WHOLE_MAX - *len)
        return 0;
    if (*len + more + 1 > *cap) {
        size_t room = 2 * (*len + more) + READ_SIZE;
        char *moved = realloc(*text, room);
        if (!moved)
            return -1;
        *text = moved;
        *cap = room;
    }
    memcpy(*text + *len, in->buffer + in->from, more);
    *len += more;
    (*text)[*len] = '\0';
    in->from = in->to;
    return 1;
}

int input_whole(struct input *in, char **text)
{
    size_t len = 0, cap = 0;
    int rc, filled = 1;

    *text = NULL;
    while ((rc = append(in, text, &len, &cap)) == 1 && filled == 1 && !in->at_end)
        filled = fill(in);
    if (filled < 0)
        rc = -1;
    else if (rc == 0)
        rc = fail(in, EX_DATAERR, "larger than %d bytes, the most that a document may be",
                  INPUT_WHOLE_MAX);
    else if (rc < 0)
        rc = fail(in, EX_OSERR, "out of memory");
    else
        rc =
            len > 0 ? check_text(in, *text, len) : fail(in, EX_DATAERR, "empty: expected JSON");
    if (rc < 0) {
        free(*text);
        *text = NULL;
    }
    return rc < 0 ? -1 : 0;
}

/* Makes the update a C string, until the next one is looked for. */
static void terminate(struct input *in, const struct update *update)
{
    in->cut = in->buffer + (update->text.at - in->buffer) + update->text.len;
    in->behind = *in->cut;
    *in->cut = '\0';
}

int input_next(struct input *in, struct update *update)
{
    size_t used;
    int rc;

    if (in->cut)
        *in->cut = in->behind;
    in->cut = NULL;

    for (;;) {
        enum updates_result r = updates_next(&in->updates, in->buffer + in->from,
                                             in->to - in->from, in->at_end, update, &used);
        in->from += used;
        switch (r) {
        case UPDATES_FOUND: terminate(in, update); return 1;
        case UPDATES_END: return 0;
        case UPDATES_BAD: return fail(in, EX_DATAERR, "%s", in->updates.error);
        case UPDATES_MORE: break;
        }
        rc = fill(in);
        if (rc <= 0)
            return rc;
    }
}

int input_blame(struct input *in, const struct update *update, const char *problem)
{
    if (in->updates.one_per_line)
        return fail(in, EX_DATAERR, "line %" PRId64 ": %s", update->line, problem);
    return fail(in, EX_DATAERR, "update %" PRId64 ": %s (line %" PRId64 ")", update->number,
                problem, update->line);
}
