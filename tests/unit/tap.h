/*
 * Shared by the unit tests: a producer of TAP, which prove(1) reads, and memory with a fence on
 * either side.
 *
 * A test calls tap_ok and the like for each claim, and ends with `return tap_done();`.  A claim
 * about many inputs (every prefix of a request, say) is one line of TAP: the loop stops at the
 * first input that breaks it, and names that with tap_diag.
 *
 * struct fence places bytes right before or after an inaccessible page, so that an access one
 * byte too far crashes.
 */
#ifndef UNIT_TAP_H
#define UNIT_TAP_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* The only state of a test program: how many claims were made, how many failed. */
static struct {
    int count, failed;
} tap;

__attribute__((format(printf, 1, 2))) static inline void tap_diag(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fputs("# ", stdout);
    vprintf(format, args);
    putchar('\n');
    va_end(args);
}

static inline bool tap_report(bool ok, const char *format, va_list args)
{
    tap.count++;
    tap.failed += !ok;
    printf("%s %d - ", ok ? "ok" : "not ok", tap.count);
    vprintf(format, args);
    putchar('\n');
    fflush(stdout); /* a crash must not lose the last lines */
    return ok;
}

/* These return whether the claim holds; the format is the claim, a sentence. */
__attribute__((format(printf, 2, 3))) static inline bool tap_ok(bool ok, const char *format,
                                                                ...)
{
    va_list args;

    va_start(args, format);
    tap_report(ok, format, args);
    va_end(args);
    return ok;
}

__attribute__((format(printf, 3, 4))) static inline bool
tap_is_int(int64_t got, int64_t expected, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    if (!tap_report(got == expected, format, args))
        tap_diag("got %" PRId64 ", expected %" PRId64, got, expected);
    va_end(args);
    return got == expected;
}

static inline void tap_diag_bytes(const char *label, const char *bytes, size_t len)
{
    printf("# %s (%zu bytes): ", label, len);
    for (size_t i = 0; i < len && i < 400; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c < 0x20 || c >= 0x7F || c == '\\')
            printf("\\x%02X", c);
        else
            putchar(c);
    }
    puts(len > 400 ? " ..." : "");
}

__attribute__((format(printf, 5, 6))) static inline bool
tap_is_bytes(const char *got, size_t got_len, const char *expected, size_t expected_len,
             const char *format, ...)
{
    bool same =
        got_len == expected_len && (got_len == 0 || memcmp(got, expected, got_len) == 0);
    va_list args;

    va_start(args, format);
    if (!tap_report(same, format, args)) {
        tap_diag_bytes("got     ", got, got_len);
        tap_diag_bytes("expected", expected, expected_len);
    }
    va_end(args);
    return same;
}

#define tap_is_text(got, expected, ...)                                                        \
    tap_is_bytes((got), strlen(got), (expected), strlen(expected), __VA_ARGS__)

/* The plan, and main's exit status. */
static inline int tap_done(void)
{
    printf("1..%d\n", tap.count);
    return tap.failed == 0 && tap.count > 0 ? 0 : 1;
}

struct fence {
    char *front; /* the first byte that may be touched */
    char *end;   /* the first byte after these */
};

/* Room for at least cap bytes; ends the program if there is none. */
static inline void fence_init(struct fence *f, size_t cap)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), room = (cap / page + 1) * page;
    char *at = mmap(NULL, room + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (at == MAP_FAILED || mprotect(at + page, room, PROT_READ | PROT_WRITE) < 0) {
        puts("Bail out! no memory for a fence");
        exit(1);
    }
    *f = (struct fence){.front = at + page, .end = at + page + room};
}

static inline void fence_free(struct fence *f)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);

    munmap(f->front - page, (size_t)(f->end - f->front) + 2 * page);
}

/* A copy of the bytes that ends right before the fence; or begins right after it. */
static inline char *fence_at_end(struct fence *f, const void *bytes, size_t len)
{
    return len ? memcpy(f->end - len, bytes, len) : f->end;
}

static inline char *fence_at_front(struct fence *f, const void *bytes, size_t len)
{
    return len ? memcpy(f->front, bytes, len) : f->front;
}

#endif
