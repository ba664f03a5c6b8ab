/* Composes response heads. */
#include "service/http/http.h"

static const struct {
    int status;
    const char *reason;
} reasons[] = {
    {-1, "Unknown"},
    {200, "OK"},
    {204, "No Content"},
    {303, "See Other"},
    {304, "Not Modified"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {417, "Expectation Failed"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
};

_Static_assert(sizeof reasons / sizeof *reasons == HTTP_STATUSES, "each has a place");

size_t http_status_place(int status)
{
    size_t place = HTTP_STATUSES - 1;

    while (place > 0 && reasons[place].status != status)
        place--;
    return place;
}

const char *http_reason(int status)
{
    return reasons[http_status_place(status)].reason;
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Converts days since 1970-01-01 to a date: subtracts whole years, then whole months. */
static void civil(int64_t day, int *year, int *month, int *mday)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    for (*year = 1970; day >= 365 + is_leap(*year); ++*year)
        day -= 365 + is_leap(*year);
    for (*month = 0; day >= lengths[*month] + (*month == 1 && is_leap(*year)); ++*month)
        day -= lengths[*month] + (*month == 1 && is_leap(*year));
    *mday = (int)day + 1;
}

static void put_two(struct buf *b, int n, char end)
{
    buf_putc(b, (char)('0' + n / 10));
    buf_putc(b, (char)('0' + n % 10));
    buf_putc(b, end);
}

/* RFC 9110, 5.6.7.  Avoids gmtime and strftime: the pages of libc that they touch are a tenth
 * of a connection's private memory. */
static void put_date(struct buf *b, int64_t date)
{
    static const char days[] = "ThuFriSatSunMonTueWed",
                      months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int64_t day = date / 86400;
    int second = (int)(date % 86400), year, month, mday;

    civil(day, &year, &month, &mday);
    buf_put(b, days + 3 * (day % 7), 3);
    buf_puts(b, ", ");
    put_two(b, mday, ' ');
    buf_put(b, months + 3 * month, 3);
    buf_putc(b, ' ');
    buf_put_int(b, year);
    buf_putc(b, ' ');
    put_two(b, second / 3600, ':');
    put_two(b, second / 60 % 60, ':');
    put_two(b, second % 60, ' ');
    buf_puts(b, "GMT");
}

void http_begin(struct buf *b, int status, int64_t date, bool persists)
{
    buf_puts(b, date == HTTP_CGI ? "Status: " : "HTTP/1.1 ");
    buf_put_int(b, status);
    buf_putc(b, ' ');
    buf_puts(b, http_reason(status));
    buf_puts(b, "\r\n");
    if (date == HTTP_CGI)
        return;
    buf_puts(b, "Date: ");
    put_date(b, date);
    buf_puts(b, "\r\n");
    if (!persists)
        http_header(b, "Connection", "close");
}

void http_header_span(struct buf *b, const char *name, struct span value)
{
    buf_puts(b, name);
    buf_puts(b, ": ");
    buf_put(b, value.at, value.len);
    buf_puts(b, "\r\n");
}

void http_header(struct buf *b, const char *name, const char *value)
{
    http_header_span(b, name, span_of(value));
}

void http_header_int(struct buf *b, const char *name, int64_t value)
{
    buf_puts(b, name);
    buf_puts(b, ": ");
    buf_put_int(b, value);
    buf_puts(b, "\r\n");
}

void http_end(struct buf *b)
{
    buf_puts(b, "\r\n");
}
