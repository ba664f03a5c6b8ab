/*
 * Fuzz target: a token file of any bytes, then a NUL, an Authorization field, a NUL and a
 * query.
 *
 * An accepted file holds tokens and comments; each of its tokens is accepted, and nothing else
 * is.
 */
#include "service/http/token.h"

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
    return n == s.len && n >= AUTH_TOKEN_MIN && n <= AUTH_TOKEN_MAX;
}

/* Whether a line of the file is that token: a second implementation. */
static bool has(struct span file, struct span token)
{
    while (file.len > 0) {
        struct span line = span_trim(span_cut(&file, '\n'));
        if (line.len == token.len && line.len > 0 && line.at[0] != '#' &&
            memcmp(line.at, token.at, token.len) == 0)
            return true;
    }
    return false;
}

static void check_file(struct span file)
{
    struct span rest = file;

    while (rest.len > 0) {
        struct span line = span_trim(span_cut(&rest, '\n'));
        if (line.len == 0 || line.at[0] == '#')
            continue;
        must(is_token(line) && auth_has(file, line));
        char other[AUTH_TOKEN_MAX];
        memcpy(other, line.at, line.len);
        other[line.len / 2] ^= 1;
        must(auth_has(file, (struct span){other, line.len}) ==
             has(file, (struct span){other, line.len}));
        must(!auth_has(file, (struct span){line.at, AUTH_TOKEN_MIN - 1}));
    }
}

static void check_request(struct span file, struct span field, struct span query)
{
    char memory[AUTH_TOKEN_MAX];
    struct http_request req;
    struct span token = {NULL, 0};

    http_request_init(&req);
    req.query = query;
    req.n_fields = field.len > 0;
    req.fields[0] = (struct http_field){span_of("authorization"), span_trim(field)};
    int rc = auth_token(&req, memory, &token);
    must(rc == 1 || rc == 0 || rc == -1);
    if (rc == 1)
        must(is_token(token) && auth_has(file, token) == has(file, token));
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
    char *memory = malloc(AUTH_FILE_MAX);
    const char *why = NULL;

    int rc = auth_read(as_file(bytes), memory, &tokens, &why);
    must(rc == 0 || (rc == -1 && why && why[0]));
    must(rc < 0 || bytes.len <= AUTH_FILE_MAX);
    if (rc == 0) {
        must(tokens.len == bytes.len && memcmp(tokens.at, bytes.at, bytes.len) == 0);
        check_file(tokens);
        check_request(tokens, field, query);
    }
    free(memory);
    return 0;
}
