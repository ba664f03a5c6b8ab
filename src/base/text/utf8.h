/* UTF-8 as in Unicode's table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF. */
#pragma once

#include <stddef.h>

#define UTF8_REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

/*
 * The length of the well-formed character at the beginning, 1 to 4.  If it is ill-formed, 0,
 * and *bad is the number of bytes that one U+FFFD replaces (the maximal subpart, at least 1).
 * len must be > 0.
 */
size_t utf8_character(const char *at, size_t len, size_t *bad);

/* The length of the well-formed prefix; len if all is well-formed. */
size_t utf8_valid(const char *at, size_t len);
