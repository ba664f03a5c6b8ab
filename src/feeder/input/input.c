/* Reads updates from a file or a pipe. */
#include "feeder/input/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/process/clock.h"
#include "base/process/stop.h"
#include "base/text/json.h"

#define READ_SIZE   (256 * 1024)
#define BUFFER_SIZE (UPDATES_TEXT_MAX + READ_SIZE)

static int fail(struct input *in, int status, const char *sentence)
{
    return failure_set(in->failure, status, "%s: %s", in->name, sentence);
}

static int fail_reading(struct input *in, int status, const char *what)
{
    return failure_set(in->failure, status, "%s: %s: %s", in->name, what, strerror(errno));
}

int input_take(struct input *in, int fd)
{
    struct stat st;

    if (fd < 0 && errno == ENOENT)
        return fail(in, EX_NOINPUT, "no such file");
    if (fd < 0 || fstat(fd, &st) < 0)
        return fail_reading(in, EX_NOINPUT, "can't be read");
    if (in->fd > STDERR_FILENO)
        close(in->fd);
    in->fd = fd;
    if (S_ISDIR(st.st_mode))
        return fail(in, EX_NOINPUT, "a directory: name a file in it");
    in->size = S_ISREG(st.st_mode) && lseek(fd, 0, SEEK_CUR) == 0 ? st.st_size : -1;
    return 0;
}

int input_open(struct input *in, const char *path, int flags, struct failure *failure)
{
    bool standard = strcmp(path, "-") == 0;

    *in = (struct input){.name = standard ? "standard input" : path,
                         .fd = -1,
                         .failure = failure};
    updates_init(&in->updates, failure);
    if (input_take(in, standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | flags)) < 0)
        return -1;
    in->buffer = malloc(BUFFER_SIZE + 1); /* with a NUL */
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
        return fail_reading(in, EX_IOERR, "can't be read again");
    in->from = in->to = 0;
    in->cut = NULL;
    in->at_end = false;
    updates_init(&in->updates, in->failure);
    return 0;
}

int input_read(struct input *in)
{
    ssize_t n;

    memmove(in->buffer, in->buffer + in->from, in->to - in->from);
    in->to -= in->from;
    in->from = 0;
    do
        n = read(in->fd, in->buffer + in->to, BUFFER_SIZE - in->to);
    while (n < 0 && errno == EINTR);
    if (n < 0 && errno != EAGAIN)
        return fail_reading(in, EX_IOERR, "can't be read");
    in->at_end = n == 0;
    in->to += n > 0 ? (size_t)n : 0;
    return 0;
}

/* Waits for more, and reads it.  Returns 1, 0 after a stop request, or -1. */
static int fill(struct input *in)
{
    struct pollfd ready = {.fd = in->fd, .events = POLLIN};

    while (in->stoppable && stop_poll(&ready, 1, CLOCK_NEVER) <= 0)
        if (stop_requested())
            return 0;
    return in->stoppable && stop_requested() ? 0 : input_read(in) < 0 ? -1 : 1;
}

/* Whether the buffer begins with a whole line that is an object. */
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

int input_check(struct input *in, char *text, size_t len, const char *place)
{
    char problem[JSON_PROBLEM_MAX];

    if (len >= UPDATES_MARK_LEN && memcmp(text, UPDATES_MARK, UPDATES_MARK_LEN) == 0)
        memset(text, ' ', UPDATES_MARK_LEN); /* unlike the mark, blanks are JSON */
    size_t at = json_look(text, len, problem);
    return at == len ? 0
                     : failure_set(in->failure, EX_DATAERR, "%s: %s%sbyte %zu: %s", in->name,
                                   place, *place ? ": " : "", at + 1, problem);
}

int64_t input_whole(struct input *in, size_t most, char **text)
{
    size_t len = 0, total = 0;
    int filled = 1;
    FILE *whole = open_memstream(text, &len);

    while (whole) {
        total += in->to - in->from;
        fwrite(in->buffer + in->from, 1, in->to - in->from, whole);
        in->from = in->to;
        if (in->at_end || total > most || (filled = fill(in)) != 1)
            break;
    }
    if (!whole || fclose(whole) == EOF)
        fail(in, EX_OSERR, "out of memory");
    else if (total > most)
        failure_set(in->failure, EX_DATAERR, "%s: larger than %zu bytes, the limit", in->name,
                    most);
    else if (filled >= 0)
        return (int64_t)len;
    if (whole)
        free(*text);
    *text = NULL;
    return -1;
}

/* Makes the update a C string until the next call. */
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
        case UPDATES_BAD: return failure_at(in->failure, in->name);
        case UPDATES_MORE: break;
        }
        rc = fill(in);
        if (rc <= 0)
            return rc;
    }
}

int input_block(struct input *in, bool wait, char **block)
{
    int rc = 1;

    for (; rc == 1; rc = wait ? fill(in) : 2) {
        while (in->from < in->to && in->buffer[in->from] == '\n')
            in->from++;
        char *at = in->buffer + in->from;
        size_t len = in->to - in->from;
        const char *mark = len > 0 && *at == '{' ? "\n" : "\n\n";
        char *end = memmem(at, len, mark, strlen(mark));
        if (end) {
            *end = '\0';
            in->from += (size_t)(end - at) + 1;
            *block = at;
            return 1;
        }
        if (in->at_end)
            return 0;
        if (len == BUFFER_SIZE)
            return fail(in, EX_DATAERR, "a frame has no end, or is too large");
    }
    return rc;
}
