/* Compares a request's token with those of a file. */
#include "service/http/token.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_token(struct span s)
{
    return s.len >= AUTH_TOKEN_MIN && s.len <= AUTH_TOKEN_MAX && http_is_plain(s, "-._~+/=");
}

/* Takes the next line with a token; false at the end. */
static bool next_line(struct span *tokens, struct span *line)
{
    while (tokens->len > 0) {
        *line = span_trim(span_cut(tokens, '\n'));
        if (line->len > 0 && line->at[0] != '#')
            return true;
    }
    return false;
}

/* Reads the file.  Returns its length, or -1 with a reason. */
static ssize_t read_file(int fd, char *memory, const char **why)
{
    struct stat st;
    size_t len = 0;
    ssize_t n;

    *why = "not a file";
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
        return -1;
    *why = "other users may read or write it: use chmod o=";
    if (st.st_mode & (S_IROTH | S_IWOTH))
        return -1;
    *why = "larger than 16384 bytes";
    if (st.st_size > AUTH_FILE_MAX)
        return -1;
    while (len < AUTH_FILE_MAX && (n = read(fd, memory + len, AUTH_FILE_MAX - len)) > 0)
        len += (size_t)n;
    return (ssize_t)len;
}

int auth_read(const char *path, char *memory, struct span *tokens, const char **why)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct span rest, line;
    ssize_t len;

    if (fd < 0) {
        *why = strerror(errno);
        return -1;
    }
    len = read_file(fd, memory, why);
    close(fd);
    if (len < 0)
        return -1;
    *tokens = rest = (struct span){memory, (size_t)len};
    *why = "a line is not a token of 16 to 256 letters, digits and -._~+/=";
    while (next_line(&rest, &line))
        if (!is_token(line))
            return -1;
    return 0;
}

bool auth_has(struct span tokens, struct span token)
{
    struct span line;
    bool found = false;

    while (next_line(&tokens, &line)) {
        int differ = line.len != token.len;
        for (size_t i = 0; i < line.len && line.len == token.len; i++)
            differ |= line.at[i] ^ token.at[i];
        found |= differ == 0;
    }
    return found;
}

/* Finds the first parameter "token" of a query. */
static bool find_parameter(struct span query, struct span *value)
{
    while (query.len > 0) {
        *value = span_cut(&query, '&');
        if (span_is(span_cut(value, '='), "token"))
            return true;
    }
    return false;
}

int auth_token(const struct http_request *req, char *memory, struct span *token)
{
    const struct span *field = http_field(req, "Authorization");
    struct span value;
    int len;

    if (field) {
        value = *field;
        if (span_is_nocase(span_cut(&value, ' '), "Bearer")) {
            *token = span_trim(value);
            return is_token(*token) ? 1 : -1;
        }
    }
    if (!find_parameter(req->query, &value))
        return 0;
    len = http_unescape(value, false, memory, AUTH_TOKEN_MAX);
    *token = (struct span){memory, len < 0 ? 0 : (size_t)len};
    return is_token(*token) ? 1 : -1;
}
