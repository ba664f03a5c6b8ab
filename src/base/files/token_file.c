/* Parses files of tokens, and finds tokens in them. */
#include "base/files/token_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "base/files/beside.h"
#include "base/files/file.h"

#define NEW_MODE  0640
#define UNTIL     "2027-01-01T00:00:00Z"
#define UNTIL_LEN (sizeof UNTIL - 1)

bool token_is_secret(struct span s)
{
    return s.len >= TOKEN_MIN && s.len <= TOKEN_MAX && span_is_plain(s, "-._~+/=");
}

/* Whether a value is a list of types, or of matches, joined by commas. */
static bool is_list(struct span list, bool types)
{
    size_t n = 0;

    while (list.len > 0) {
        struct span item = span_cut(&list, ',');
        if (item.len == 0 || item.len > MATCH_ID_MAX || memchr(item.at, '\0', item.len) ||
            (types && !span_is_type(item)) || ++n > FILTER_NAMES_MAX)
            return false;
    }
    return n > 0;
}

/* Refuses a date that the calendar does not have, such as February 30. */
static bool read_until(struct span value, int64_t *until)
{
    static const char format[] = "%Y-%m-%dT%H:%M:%SZ";
    char text[UNTIL_LEN + 1] = "", same[UNTIL_LEN + 1] = "";
    struct tm time = {0};

    if (value.len != UNTIL_LEN)
        return false;
    memcpy(text, value.at, value.len);
    strptime(text, format, &time);
    *until = timegm(&time);
    strftime(same, sizeof same, format, &time);
    return strcmp(text, same) == 0;
}

static bool read_attribute(struct token *t, struct span attribute)
{
    struct span value = attribute, name = span_cut(&value, '=');

    if (span_is(name, "until")) {
        t->expected = "until=" UNTIL;
        return read_until(value, &t->until);
    }
    if (span_is(name, "name")) {
        t->name = value;
        t->expected = "name= and up to 32 letters, digits and -._";
        return value.len <= TOKEN_NAME_MAX && span_is_plain(value, "-._");
    }
    if (span_is(name, "match")) {
        t->matches = value;
        t->expected = "match= and up to 32 ids of up to 64 bytes, joined by commas";
        return is_list(value, false);
    }
    t->types = value;
    t->expected = span_is(name, "type")
                      ? "type= and up to 32 types in lower case, joined by commas"
                      : "name=, match=, type= or until=";
    return span_is(name, "type") && is_list(value, true);
}

int token_next(struct span *lines, struct token *token)
{
    while (lines->len > 0) {
        struct span line = span_trim(span_cut(lines, '\n'));
        if (line.len == 0 || line.at[0] == '#')
            continue;
        *token = (struct token){.line = line, .until = INT64_MAX};
        token->expected = "a token of 16 to 256 letters, digits and -._~+/=";
        token->secret = span_cut(&line, ' ');
        if (!token_is_secret(token->secret))
            return -1;
        while ((line = span_trim(line)).len > 0)
            if (!read_attribute(token, span_cut(&line, ' ')))
                return -1;
        return 1;
    }
    return 0;
}

/* Reads the file.  Returns its length, or -1 with a reason. */
static ssize_t read_file(const char *path, char *memory, const char **why)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat st;
    size_t len = 0;
    ssize_t n;

    *why = errno == ENOENT ? "No such file or directory: 'feeder token new' makes one"
           : errno == EACCES
               ? "Permission denied: use chgrp and chmod g+r to let this user's group read it"
               : strerror(errno);
    if (fd < 0)
        return -1;
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
        *why = "not a file";
    else if (st.st_mode & (S_IROTH | S_IWOTH))
        *why = "other users may read or write it: use chmod o=";
    else if (st.st_size > TOKEN_FILE_MAX)
        *why = "larger than 16384 bytes";
    else
        *why = NULL;
    while (!*why && len < TOKEN_FILE_MAX &&
           (n = read(fd, memory + len, TOKEN_FILE_MAX - len)) > 0)
        len += (size_t)n;
    close(fd);
    return *why ? -1 : (ssize_t)len;
}

int token_file_read(const char *path, char *memory, struct span *lines, struct failure *failure)
{
    const char *why;
    ssize_t len = read_file(path, memory, &why);
    struct token token;
    int rc, number = 1;

    if (len < 0)
        return failure_set(failure, EX_NOINPUT, "%s: %s", path, why);
    *lines = (struct span){memory, (size_t)len};
    struct span rest = *lines;
    while ((rc = token_next(&rest, &token)) == 1)
        ;
    if (rc == 0)
        return 0;
    for (const char *at = memory; at < token.line.at; at++)
        number += *at == '\n';
    return failure_set(failure, EX_DATAERR,
                       "%s: line %d: expected %s: correct or remove it; until then, no token "
                       "is admitted",
                       path, number, token.expected);
}

uint64_t token_file_stamp(const char *path)
{
    struct stat st;

    if (stat(path, &st) < 0)
        return 0;
    const int64_t facts[] = {(int64_t)st.st_ino, st.st_ctim.tv_sec, st.st_ctim.tv_nsec};
    return span_hash(SPAN_HASH, (struct span){(const char *)facts, sizeof facts});
}

/* Locks it again if another process has replaced it meanwhile. */
int token_file_lock(const char *path, bool *made)
{
    static const int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW;
    struct stat locked, named;

    for (;;) {
        int fd = open(path, flags);
        *made = fd < 0 && errno == ENOENT;
        if (*made)
            fd = open(path, flags | O_CREAT | O_EXCL, NEW_MODE);
        if (fd < 0 && *made && errno == EEXIST)
            continue; /* another made it */
        if (fd < 0)
            return -1;
        if (flock(fd, LOCK_EX) == 0 && fstat(fd, &locked) == 0 && stat(path, &named) == 0 &&
            file_is_same(&locked, &named))
            return fd;
        close(fd);
    }
}

static int write_file(const char *path, const struct stat *like, struct span content)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool good = fd >= 0 && fchown(fd, like->st_uid, like->st_gid) == 0 &&
                fchmod(fd, like->st_mode & 0777) == 0 &&
                write(fd, content.at, content.len) == (ssize_t)content.len && fsync(fd) == 0;

    return (fd < 0 || close(fd) == 0) && good ? 0 : -1;
}

int token_file_replace(const char *path, int lock, struct span content, const char **why)
{
    char other[BESIDE_PATH_MAX];
    struct stat st;

    *why = "larger than 16384 bytes";
    if (content.len > TOKEN_FILE_MAX || beside_path(other, sizeof other, path, ".new") < 0)
        return -1;
    unlink(other); /* of a process that was killed */
    if (fstat(lock, &st) == 0 && write_file(other, &st, content) == 0 &&
        rename(other, path) == 0)
        return 0;
    *why = strerror(errno);
    unlink(other);
    return -1;
}

bool token_find(struct span lines, struct span secret, struct token *found)
{
    struct token token;
    bool known = false;

    while (token_next(&lines, &token) == 1) {
        int differ = token.secret.len != secret.len;
        for (size_t i = 0; i < secret.len && token.secret.len == secret.len; i++)
            differ |= token.secret.at[i] ^ secret.at[i];
        if (differ == 0)
            *found = token;
        known |= differ == 0;
    }
    return known;
}
