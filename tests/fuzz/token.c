/*
 * Fuzz target: a token file of any bytes, then a NUL, an Authorization and Cookie field, a NUL
 * and a query.
 *
 * An accepted file holds tokens with attributes, and comments; each of its tokens is accepted,
 * and nothing else is.
 */
#include "base/files/token_file.h"
#include "service/http/http.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "must.h"

static bool is_token(struct span s)
{
    size_t n = 0;

    while (n < s.len &&
           ((s.at[n] >= '-' && s.at[n] <= '9') || s.at[n] == '=' ||
            (s.at[n] >= 'A' && s.at[n] <= 'Z') || s.at[n] == '_' ||
            (s.at[n] >= 'a' && s.at[n] <= 'z') || s.at[n] == '~' || s.at[n] == '+'))
        n++;
    return n == s.len && n >= TOKEN_MIN && n <= TOKEN_MAX;
}

/* Whether a line of the file begins with that token: a second implementation. */
static bool has(struct span file, struct span token)
{
    while (file.len > 0) {
        struct span line = span_trim(span_cut(&file, '\n'));
        if (line.len > 0 && line.at[0] != '#')
            line = span_cut(&line, ' ');
        if (line.len == token.len && line.len > 0 && line.at[0] != '#' &&
            memcmp(line.at, token.at, token.len) == 0)
            return true;
    }
    return false;
}

static bool knows(struct span lines, struct span secret)
{
    struct token token;

    return token_find(lines, secret, &token);
}

static bool is_within(struct span part, struct span line)
{
    return part.len == 0 || (part.at > line.at && part.at + part.len <= line.at + line.len &&
                             part.at[-1] == '=');
}

static void check_file(struct span file)
{
    struct span rest = file;
    struct token token;

    while (token_next(&rest, &token) == 1) {
        must(is_token(token.secret) && knows(file, token.secret));
        must(token.name.len <= TOKEN_NAME_MAX && is_within(token.name, token.line) &&
             is_within(token.matches, token.line) && is_within(token.types, token.line));
        char other[TOKEN_MAX];
        memcpy(other, token.secret.at, token.secret.len);
        other[token.secret.len / 2] ^= 1;
        must(knows(file, (struct span){other, token.secret.len}) ==
             has(file, (struct span){other, token.secret.len}));
        must(!knows(file, (struct span){token.secret.at, TOKEN_MIN - 1}));
    }
}

static void check_request(struct span file, struct span field, struct span query)
{
    char memory[TOKEN_MAX];
    struct http_request req;
    struct span token = {NULL, 0};

    http_request_init(&req);
    req.query = query;
    req.n_fields = field.len > 0 ? 2 : 0;
    req.fields[0] = (struct http_field){span_of("authorization"), span_trim(field)};
    req.fields[1] = (struct http_field){span_of("cookie"), span_trim(field)};
    int rc = token_of_request(&req, memory, &token);
    must(rc == 1 || rc == 0 || rc == -1);
    if (rc == 1)
        must(is_token(token) && knows(file, token) == has(file, token));
}

/* The bytes as a file that only its owner can read. */
static const char *as_file(struct span bytes)
{
    static char path[32];
    static int fd = -1;

    if (fd < 0) {
        fd = memfd_create("tokens", MFD_CLOEXEC);
        must(fd >= 0 && fchmod(fd, 0600) == 0);
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    }
    must(ftruncate(fd, (off_t)bytes.len) == 0);
    must(pwrite(fd, bytes.at, bytes.len, 0) == (ssize_t)bytes.len);
    return path;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span query = {(const char *)data, size};
    struct span bytes = span_cut(&query, '\0'), field = span_cut(&query, '\0'), tokens;
    char *memory = malloc(TOKEN_FILE_MAX);
    struct failure failure = {.text = ""};

    int rc = token_file_read(as_file(bytes), memory, &tokens, &failure);
    must(rc == 0 || (rc == -1 && failure.text[0]));
    must(rc < 0 || bytes.len <= TOKEN_FILE_MAX);
    if (rc == 0) {
        must(tokens.len == bytes.len && memcmp(tokens.at, bytes.at, bytes.len) == 0);
        check_file(tokens);
        check_request(tokens, field, query);
    }
    free(memory);
    return 0;
}
