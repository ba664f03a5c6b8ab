/*
 * What is done with JSON before SQLite has it.
 *
 * One thing about JSON that SQLite does not see: 3.40 (Debian 12 has it) takes an array or an
 * object for the key of a member, {["x"]:1}, calls that valid, and crashes when it looks for
 * another key.  What comes from outside is looked through for it first.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stddef.h>
#include <stdint.h>

/* The offset of a colon that follows a bracket, as it never does in JSON; len if there is none.
 * Says nothing else about the text. */
size_t json_bad_colon(const char *text, size_t len);

/* As span_hash, but for blanks that mean nothing: a text that is only formatted differently has
 * the same hash. */
uint64_t json_hash(uint64_t hash, const char *text, size_t len);

#endif
