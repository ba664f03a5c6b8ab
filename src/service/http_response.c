/* Composes response heads. */
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include "service/http.h"

const char *http_reason(int status)
{
    static const struct {
        int status;
        const char *reason;
    } reasons[] = {
        {200, "OK"},
        {204, "No Content"},
        {304, "Not Modified"},
        {400, "Bad Request"},
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

    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "Unknown";
}

void http_begin(struct buf *b, int status, int64_t date)
{
    time_t seconds = (time_t)date;
    struct tm utc;
    char text[40];

    gmtime_r(&seconds,
             &utc); /* the C locale's names, which are HTTP's: nobody calls setlocale */
    strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc);
    buf_printf(b, "HTTP/1.1 %d %s\r\n", status, http_reason(status));
    http_header(b, "Date", "%s", text);
    http_header(b, "Connection", "close");
}

void http_header(struct buf *b, const char *name, const char *format, ...)
{
    char value[HTTP_TARGET_MAX];
    va_list args;

    va_start(args, format);
    int n = vsnprintf(value, sizeof value, format, args);
    va_end(args);
    if (n < 0 || (size_t)n >= sizeof value) {
        b->full = true;
        return;
    }
    buf_puts(b, name);
    buf_puts(b, ": ");
    buf_put(b, value, (size_t)n);
    buf_puts(b, "\r\n");
}

void http_end(struct buf *b)
{
    buf_puts(b, "\r\n");
}
