/* Composes the progress line, and draws it at most ten times a second. */
#include "feeder/commands/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/process/clock.h"
#include "base/text/buf.h"

#define REDRAW_MS    100
#define LINE_CAP     128
#define CLEAR        "\r\033[K"
#define HOUR_SECONDS 3600

void progress_init(struct progress *p, int64_t size, bool quiet)
{
    const char *term = getenv("TERM");
    bool capable = term && strcmp(term, "dumb") != 0;

    *p = (struct progress){.on = !quiet && capable && isatty(STDERR_FILENO),
                           .size = size,
                           .started = clock_ms()};
}

/* 1234567 as 1,234,567 */
static void put_count(struct buf *b, int64_t n)
{
    if (n >= 1000) {
        put_count(b, n / 1000);
        buf_printf(b, ",%03d", (int)(n % 1000));
    } else {
        buf_put_int(b, n);
    }
}

static void put_time_left(struct buf *b, int64_t ms)
{
    int64_t s = (ms + SECOND_MS - 1) / SECOND_MS;

    buf_puts(b, "  ");
    if (s >= HOUR_SECONDS)
        buf_printf(b, "%" PRId64 ":%02d", s / HOUR_SECONDS, (int)(s / 60 % 60));
    else
        buf_put_int(b, s / 60);
    buf_printf(b, ":%02d left", (int)(s % 60));
}

void progress_update(struct progress *p, int64_t rows, int64_t done)
{
    int64_t now = p->on ? clock_ms() : 0, ms = now - p->started;
    double share = p->size > 0 ? (double)done / (double)p->size : 0;
    char memory[LINE_CAP];
    struct buf line;

    if (!p->on || now < p->next)
        return;
    p->next = now + REDRAW_MS;
    p->drawn = true;
    share = share > 1 ? 1 : share; /* the file has grown */
    buf_init(&line, memory, sizeof memory);
    if (p->size > 0)
        buf_printf(&line, "%3d%%  ", (int)(share * 100));
    put_count(&line, rows);
    buf_puts(&line, " rows  ");
    put_count(&line, ms > 0 ? rows * SECOND_MS / ms : 0);
    buf_puts(&line, "/s");
    if (share > 0)
        put_time_left(&line, (int64_t)((double)ms * (1 - share) / share));
    fprintf(stderr, CLEAR "%.*s", (int)line.len, line.at);
    fflush(stderr);
}

void progress_clear(struct progress *p)
{
    if (p->drawn)
        fputs(CLEAR, stderr);
    p->drawn = false;
}
