/*
 * Checks on JSON before SQLite reads it.
 *
 * SQLite 3.40 (Debian 12) accepts an array or object as a key, {["x"]:1}, and crashes when it
 * looks up another key.  So text from outside is checked for that first.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* The offset of a colon after a closing bracket, which valid JSON never has; len if there is
 * none.  Checks nothing else. */
size_t json_bad_colon(const char *text, size_t len);

#define JSON_PROBLEM_MAX 128

/* The same for anything that keeps SQLite from reading the text: ill-formed UTF-8, a NUL, such
 * a colon.  problem: what was expected and found. */
size_t json_look(const char *text, size_t len, char problem[JSON_PROBLEM_MAX]);

/* Like span_hash, but ignores insignificant blanks: formatting does not change the hash. */
uint64_t json_hash(uint64_t hash, const char *text, size_t len);
