/* Decodes just enough UTF-8 to recognise well-formed sequences. */
#include "base/text/utf8.h"

#include <stdint.h>
#include <string.h>

/* The range of the second byte after a lead byte, with table 3-7's exceptions. */
static void second_byte(unsigned char lead, unsigned char *least, unsigned char *most)
{
    *least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    *most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
}

static size_t sequence_length(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead <= 0xDF)
        return 2;
    if (lead >= 0xE0 && lead <= 0xEF)
        return 3;
    if (lead >= 0xF0 && lead <= 0xF4)
        return 4;
    return 0;
}

size_t utf8_character(const char *at, size_t len, size_t *bad)
{
    unsigned char least, most, lead = (unsigned char)at[0];
    size_t need = sequence_length(lead);

    *bad = 1;
    if (need <= 1)
        return need;
    second_byte(lead, &least, &most);
    for (size_t i = 1; i < need; i++, least = 0x80, most = 0xBF) {
        if (i == len || (unsigned char)at[i] < least || (unsigned char)at[i] > most) {
            *bad = i;
            return 0;
        }
    }
    return need;
}

size_t utf8_valid(const char *at, size_t len)
{
    const uint64_t high_bits = 0x8080808080808080u;
    size_t i = 0, bad;

    while (i < len) {
        uint64_t word;
        if (len - i >= sizeof word) { /* eight bytes at a time, as most text is ASCII */
            memcpy(&word, at + i, sizeof word);
            if (!(word & high_bits)) {
                i += sizeof word;
                continue;
            }
        }
        size_t n = utf8_character(at + i, len - i, &bad);
        if (n == 0)
            return i;
        i += n;
    }
    return len;
}
