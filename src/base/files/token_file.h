/*
 * A file of tokens, which restrict reading.  A line holds a token and what is known about it:
 *
 *     TOKEN [name=desk] [match=ID,...] [type=goal,...] [until=2027-01-01T00:00:00Z]
 *
 * A token has letters, digits and "-._~+/=".  Blank lines and lines that begin with # are
 * ignored.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/process/failure.h"
#include "base/text/buf.h"

#define TOKEN_FILE_MAX (16 * 1024) /* bytes of the file */
#define TOKEN_MIN      16          /* bytes of a token; shorter ones can be guessed */
#define TOKEN_MAX      256
#define TOKEN_NAME_MAX 32 /* bytes of a name: letters, digits and "-._" */

struct token {
    struct span line, secret;
    struct span name, matches, types; /* empty: not given */
    int64_t until;                    /* in seconds since 1970; INT64_MAX: forever */
    const char *expected;             /* instead of what an invalid line has */
};

bool token_is_secret(struct span s);

/* Takes the next line.  Returns 1 for a token, -1 for an invalid line (with token->line and
 * token->expected), 0 at the end. */
int token_next(struct span *lines, struct token *token);

/*
 * Reads the file into memory of TOKEN_FILE_MAX bytes and checks it.  Returns 0, or -1: the file
 * is unreadable, accessible to users other than its owner and group, or has an invalid line.
 */
int token_file_read(const char *path, char *memory, struct span *lines,
                    struct failure *failure);

/* A number that changes whenever the file does; 0: there is none. */
uint64_t token_file_stamp(const char *path);

/*
 * To change the file: token_file_lock creates it if it is missing, which *made tells, and keeps
 * other processes from changing it until the descriptor is closed.  token_file_replace replaces
 * it by another with the same mode, owner and group, so that no reader gets half of it.  Return
 * -1 on failure, with errno and with *why.
 */
int token_file_lock(const char *path, bool *made);
int token_file_replace(const char *path, int lock, struct span content, const char **why);

/* Finds a token.  Takes the same time wherever the secrets differ. */
bool token_find(struct span lines, struct span secret, struct token *found);
