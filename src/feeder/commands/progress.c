/* Composes the progress line, and draws it at most ten times a second. */
#include "feeder/commands/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"

#define REDRAW_MS    100
#define WIDTH        80 /* if the terminal does not report its own */
#define WIDTH_MAX    200
#define BAR_MAX      40
#define BAR_MIN      8 /* a shorter one is useless */
#define CLEAR        "\r\033[K"
#define SECOND_MS    1000
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

    if (s >= HOUR_SECONDS)
        buf_printf(b, "  %" PRId64 ":%02d:%02d left", s / HOUR_SECONDS, (int)(s / 60 % 60),
                   (int)(s % 60));
    else
        buf_printf(b, "  %d:%02d left", (int)(s / 60), (int)(s % 60));
}

static void put_bar(struct buf *b, double share, int room)
{
    int width = room > BAR_MAX ? BAR_MAX : room, full = (int)(share * width);

    if (width < BAR_MIN)
        return;
    buf_puts(b, " [");
    for (int i = 0; i < width; i++)
        buf_putc(b, i < full ? '#' : '-');
    buf_putc(b, ']');
}

static int terminal_width(void)
{
    struct winsize size;
    int width = WIDTH;

    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        width = size.ws_col;
    return width < WIDTH_MAX ? width : WIDTH_MAX;
}

static void draw(struct progress *p, int64_t rows, int64_t done, int64_t ms)
{
    char numbers_memory[WIDTH_MAX], memory[2 * WIDTH_MAX];
    struct buf numbers, line;
    int width = terminal_width() - 1; /* a line that fills the last column wraps */
    double share = p->size > 0 ? (double)done / (double)p->size : 0;

    share = share > 1 ? 1 : share; /* the file has grown */
    buf_init(&numbers, numbers_memory, sizeof numbers_memory);
    buf_puts(&numbers, "  ");
    put_count(&numbers, rows);
    buf_puts(&numbers, " rows  ");
    put_count(&numbers, ms > 0 ? rows * SECOND_MS / ms : 0);
    buf_puts(&numbers, "/s");
    if (share > 0)
        put_time_left(&numbers, (int64_t)((double)ms * (1 - share) / share));
    buf_init(&line, memory, sizeof memory);
    if (p->size > 0) {
        buf_printf(&line, "%3d%%", (int)(share * 100));
        put_bar(&line, share, width - (int)line.len - (int)numbers.len - 3);
    }
    buf_put(&line, numbers.at, numbers.len);
    size_t len = line.len < (size_t)width ? line.len : (size_t)(width > 0 ? width : 0);
    fprintf(stderr, CLEAR "%.*s", (int)len, line.at);
    fflush(stderr);
}

void progress_update(struct progress *p, int64_t rows, int64_t done)
{
    if (!p->on)
        return;
    int64_t now = clock_ms();
    if (now < p->next)
        return;
    p->next = now + REDRAW_MS;
    p->drawn = true;
    draw(p, rows, done, now - p->started);
}

void progress_clear(struct progress *p)
{
    if (p->drawn)
        fputs(CLEAR, stderr);
    p->drawn = false;
}
