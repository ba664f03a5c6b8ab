/*
 * utf8, compared with a second implementation, which decodes the code point and then checks
 * whether it is allowed; base/text/utf8.c compares bytes.  All sequences of one, two and three
 * bytes, and those of four bytes around every edge.
 */
#include "base/text/utf8.h"

#include "tap.h"

/* The length of the first character, by decoding; 0: it is ill-formed. */
static size_t by_decoding(const unsigned char *s, size_t len)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t need = s[0] < 0x80           ? 1
                  : (s[0] >> 5) == 0x06 ? 2
                  : (s[0] >> 4) == 0x0E ? 3
                  : (s[0] >> 3) == 0x1E ? 4
                                        : 0;
    if (need == 0 || need > len)
        return 0;
    uint32_t point = need == 1 ? s[0] : s[0] & (0x7Fu >> need);
    for (size_t i = 1; i < need; i++) {
        if ((s[i] & 0xC0) != 0x80)
            return 0;
        point = point << 6 | (s[i] & 0x3Fu);
    }
    bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    return point < least[need] || surrogate || point > 0x10FFFF ? 0 : need;
}

/* Whether these bytes begin a well-formed character. */
static bool can_go_on(const unsigned char *s, size_t len)
{
    unsigned char whole[4];
    static const unsigned char next[] = {0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF};

    if (s[0] < 0xC0) /* not a lead byte: most of all cases */
        return false;
    memcpy(whole, s, len);
    for (size_t more = 1; len + more <= 4; more++)
        for (size_t i = 0; i < sizeof next; i++) {
            memset(whole + len, 0x80, more);
            whole[len] = next[i];
            if (by_decoding(whole, len + more) == len + more)
                return true;
        }
    return false;
}

/* How many bytes one U+FFFD replaces: the longest prefix of a character. */
static size_t maximal_subpart(const unsigned char *s, size_t len)
{
    size_t n = 1;

    while (n < len && n < 3 && can_go_on(s, n + 1))
        n++;
    return can_go_on(s, 1) ? n : 1;
}

static bool agrees(struct fence *f, const unsigned char *s, size_t len)
{
    const char *at = fence_at_end(f, s, len);
    size_t bad = 99, got = utf8_character(at, len, &bad);
    size_t expected = by_decoding(s, len);

    if (got == expected && (got > 0 || bad == maximal_subpart(s, len)))
        return true;
    tap_diag_bytes("bytes", at, len);
    tap_diag("got %zu (bad %zu), expected %zu (bad %zu)", got, bad, expected,
             maximal_subpart(s, len));
    return false;
}

static bool all_of_length(struct fence *f, size_t len)
{
    for (uint32_t n = 0; n < 1u << (8 * len); n++) {
        unsigned char s[3] = {(unsigned char)n, (unsigned char)(n >> 8),
                              (unsigned char)(n >> 16)};
        if (!agrees(f, s, len))
            return false;
    }
    return true;
}

static bool all_around_the_edges(struct fence *f)
{
    static const unsigned char edges[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90,
                                          0x9F, 0xA0, 0xBF, 0xC0, 0xE0, 0xFF};
    const size_t n = sizeof edges;

    for (unsigned lead = 0xE0; lead <= 0xFF; lead++)
        for (size_t i = 0; i < n * n * n; i++) {
            unsigned char s[4] = {(unsigned char)lead, edges[i / n / n], edges[i / n % n],
                                  edges[i % n]};
            if (!agrees(f, s, 4))
                return false;
        }
    return true;
}

/* utf8_valid reads eight bytes at a time: a bad byte at every place of every length. */
static bool finds_every_bad_byte(struct fence *f)
{
    for (size_t len = 1; len <= 40; len++)
        for (size_t bad = 0; bad < len; bad++) {
            char text[40];
            memset(text, 'a', sizeof text);
            text[bad] = '\x80';
            const char *ends[] = {fence_at_end(f, text, len), fence_at_front(f, text, len)};
            if (utf8_valid(ends[0], len) != bad || utf8_valid(ends[1], len) != bad) {
                tap_diag("length %zu, bad byte at %zu", len, bad);
                return false;
            }
        }
    return true;
}

static bool accepts_characters_across_words(struct fence *f)
{
    for (size_t lead = 0; lead <= 16; lead++) {
        char text[64];
        memset(text, 'a', sizeof text);
        memcpy(text + lead, "\xF0\x9F\x98\x80", 4);
        for (size_t len = 0; len <= sizeof text; len++) {
            bool cut = len > lead && len < lead + 4;
            if (utf8_valid(fence_at_end(f, text, len), len) != (cut ? lead : len)) {
                tap_diag("a character at %zu in %zu bytes", lead, len);
                return false;
            }
        }
    }
    return true;
}

int main(void)
{
    struct fence f;

    fence_init(&f, 64);
    tap_ok(all_of_length(&f, 1), "all sequences of one byte are judged correctly");
    tap_ok(all_of_length(&f, 2), "all sequences of two bytes are judged correctly");
    tap_ok(all_of_length(&f, 3), "all sequences of three bytes are judged correctly");
    tap_ok(all_around_the_edges(&f),
           "sequences of four bytes around every edge are judged correctly");
    tap_ok(finds_every_bad_byte(&f), "utf8_valid finds a bad byte wherever it is");
    tap_ok(accepts_characters_across_words(&f),
           "utf8_valid takes a character wherever it begins, but not when it is cut short");
    tap_ok(utf8_valid(f.end, 0) == 0, "nothing is well-formed");
    fence_free(&f);
    return tap_done();
}
