/* feeder token: makes, lists and revokes the tokens of a file, of which each change makes a new
 * one. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/files/token_file.h"
#include "feeder/command.h"

#define SECRET_BYTES 20 /* random: 160 bits */
#define SHOWN        8  /* characters of a token that has no name */

/* A token's name or, if it has none, what list shows of it. */
static struct span name_of(const struct token *t)
{
    return t->name.len > 0 ? t->name : (struct span){t->secret.at, SHOWN};
}

/* Prints all but the tokens themselves. */
static void list(struct span lines)
{
    struct token t;

    while (token_next(&lines, &t) == 1)
        printf("%.*s...%.*s\n", SHOWN, t.secret.at, (int)(t.line.len - t.secret.len),
               t.secret.at + t.secret.len);
}

/* Copies all lines but those of the token with that name.  Returns how many there were. */
static int copy(struct buf *out, struct span lines, const char *name)
{
    struct token token;
    int found = 0;

    while (lines.len > 0) {
        struct span line = span_cut(&lines, '\n'), one = line;
        if (name && token_next(&one, &token) == 1 && span_is(name_of(&token), name)) {
            found++;
            continue;
        }
        buf_put(out, line.at, line.len);
        buf_putc(out, '\n');
    }
    return found;
}

/* Adds a line, and returns the token in it, or NULL with what was expected. */
static const char *add(struct buf *out, const struct options *o, const char **expected)
{
    const struct {
        const char *name, *value;
    } attributes[] = {{"name", o->name},
                      {"match", o->match},
                      {"type", o->type},
                      {"until", o->until}};
    unsigned char random[SECRET_BYTES];
    size_t begin = out->len;
    struct token token;

    *expected = "random numbers from the kernel";
    if (getrandom(random, sizeof random, 0) != sizeof random)
        return NULL;
    for (size_t i = 0; i < sizeof random; i++)
        buf_printf(out, "%02x", random[i]);
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++)
        if (attributes[i].value)
            buf_printf(out, " %s=%s", attributes[i].name, attributes[i].value);
    struct span line = {out->at + begin, out->len - begin};
    buf_putc(out, '\n');
    *expected = "options without line ends";
    if (memchr(line.at, '\n', line.len))
        return NULL;
    int rc = token_next(&line, &token);
    *expected = token.expected;
    return rc == 1 ? token.secret.at : NULL;
}

static int change(const struct options *o, struct span lines, int lock, bool revoke,
                  struct failure *failure)
{
    char memory[2 * TOKEN_FILE_MAX];
    const char *secret = NULL, *why, *expected;
    struct buf out;

    buf_init(&out, memory, sizeof memory);
    int found = copy(&out, lines, o->name);
    if (!o->name || found == !revoke)
        return failure_set(failure, EX_USAGE, "%s: --name: %s", o->file,
                           !o->name ? "is missing"
                           : revoke ? "no such token"
                                    : "is taken");
    if (!revoke && !(secret = add(&out, o, &expected)))
        return failure_set(failure, EX_USAGE, "expected %s", expected);
    if (token_file_replace(o->file, lock, (struct span){out.at, out.len}, &why) < 0)
        return failure_set(failure, EX_CANTCREAT, "%s: %s", o->file, why);
    if (secret)
        printf("%.*s\n", 2 * SECRET_BYTES, secret);
    return EX_OK;
}

int token_run(const struct options *o, struct failure *failure)
{
    bool lists = strcmp(o->operands[0], "list") == 0,
         revokes = strcmp(o->operands[0], "revoke") == 0;
    char memory[TOKEN_FILE_MAX];
    struct span lines;
    bool made = false;

    if (!o->file || (!lists && !revokes && strcmp(o->operands[0], "new") != 0))
        return failure_set(failure, EX_USAGE,
                           "usage: feeder token new|list|revoke --file FILE");
    int rc, lock = lists ? -1 : token_file_lock(o->file, &made);
    if (!lists && lock < 0)
        return failure_set(failure, EX_NOINPUT, "%s: %s", o->file, strerror(errno));
    rc = token_file_read(o->file, memory, &lines, failure);
    if (rc == 0 && lists)
        list(lines);
    else if (rc == 0)
        rc = change(o, lines, lock, revokes, failure);
    if (rc < 0 && made)
        unlink(o->file);
    if (lock >= 0)
        close(lock);
    return rc;
}
