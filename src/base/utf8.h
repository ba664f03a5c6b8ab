/*
 * UTF-8 as Unicode's table 3-7 defines it: no overlong forms, no surrogates,
 * nothing above U+10FFFF.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>

#define UTF8_REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

/*
 * How many of the first bytes (len > 0) are one well-formed character: 1 to 4;
 * or 0 if they are not, and then *bad is the number of bytes that one U+FFFD
 * stands for (the maximal subpart of an ill-formed sequence, at least 1).
 */
size_t utf8_character(const char *at, size_t len, size_t *bad);

/* How many of the first bytes are well-formed: len if all of them are. */
size_t utf8_valid(const char *at, size_t len);

#endif
