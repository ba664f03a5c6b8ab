/* Tokens: which files are accepted, which attributes a token has, where a request has its
 * token. */
#include "base/files/token_file.h"
#include "service/http/http.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "tap.h"

#define GOOD "abcdefghijklmnop" /* 16 bytes */

static struct fence fence; /* around the token's memory */

/* The token of a request with this head, or "", and the result of token_of_request. */
static int token_of(const char *query, const char *field, char out[TOKEN_MAX + 1])
{
    static char head[4096];
    struct http_request req;
    struct span token = {"", 0};
    int brought;

    snprintf(head, sizeof head, "GET /livescore%s HTTP/1.0\r\n%s\r\n", query, field);
    http_parse(head, strlen(head), &req);
    brought = token_of_request(&req, fence.end - TOKEN_MAX, &token);
    memcpy(out, token.at, brought == 1 ? token.len : 0);
    out[brought == 1 ? token.len : 0] = '\0';
    return brought;
}

static void test_requests(void)
{
    static const struct {
        const char *query, *field;
        int brought;
    } cases[] = {
        {"", "", 0},
        {"?tokens=" GOOD, "", 0},
        {"?match=token", "Cookie: token=" GOOD "\r\n", 0},
        {"", "Cookie: livescore_token=" GOOD "\r\n", 1},
        {"", "cookie: a=b; livescore_token=" GOOD ";c=d\r\n", 1},
        {"", "Cookie: a=b\r\nCookie: livescore_token=" GOOD "\r\n", 1},
        {"", "Cookie: xlivescore_token=" GOOD "; a=livescore_token=" GOOD "\r\n", 0},
        {"", "Cookie: livescore_token=\"" GOOD "\"\r\n", -1},
        {"", "Cookie: livescore_token\r\n", -1},
        {"?token=" GOOD, "Cookie: livescore_token=wrong-wrong-wrong-w\r\n", 1},
        {"?token=" GOOD, "", 1},
        {"?match=a&token=" GOOD "&b=c", "", 1},
        {"?token=abcdefghijklmno%70", "", 1},
        {"", "Authorization: Bearer " GOOD "\r\n", 1},
        {"", "authorization: bearer   " GOOD " \r\n", 1},
        {"?token=wrong-wrong-wrong-w", "Authorization: Bearer " GOOD "\r\n", 1},
        {"?token=" GOOD, "Authorization: Basic dTpw\r\n", 1},
        {"", "Authorization: Basic dTpw\r\n", 0},
        {"", "Authorization: Bearer\r\n", -1},
        {"", "Authorization: \r\n", 0},
        {"", "Authorization: " GOOD "\r\n", 0},
        {"", "Authorization: Bearer " GOOD " " GOOD "\r\n", -1},
        {"?token=", "", -1},
        {"?token", "", -1},
        {"?token=abcdefghijklmno", "", -1},
        {"?token=abcdefghijklmno%0A", "", -1},
        {"?token=" GOOD "%", "", -1},
    };
    char out[TOKEN_MAX + 1];

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int brought = token_of(cases[i].query, cases[i].field, out);
        tap_ok(brought == cases[i].brought && strcmp(out, brought == 1 ? GOOD : "") == 0,
               "a query '%s', a field '%.*s': %s", cases[i].query,
               (int)strcspn(cases[i].field, "\r"), cases[i].field,
               cases[i].brought == 1   ? "the token"
               : cases[i].brought == 0 ? "no token"
                                       : "one that can't be");
    }
}

static void test_cookie(void)
{
    static const struct {
        const char *query, *field, *expected;
    } cases[] = {
        {"?token=x", "", "HttpOnly; SameSite=Lax\r\nLocation: ./\r\n"},
        {"?a=b&token=x&c=d&token=y", "", "Lax\r\nLocation: ./?a=b&c=d\r\n"},
        {"?token=x", "X-Forwarded-Proto: https\r\n", "Lax; Secure\r\nLocation: ./\r\n"},
        {"?token=x", "X-Forwarded-Proto: http\r\n", "Lax\r\nLocation: ./\r\n"},
        {"?token=x", "X-Forwarded-Proto: HTTPS , http\r\n", "Lax; Secure\r\nLocation: ./\r\n"},
        {"?token=x", "X-Forwarded-Proto: http, https\r\n", "Lax\r\nLocation: ./\r\n"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char head[512], memory[512];
        struct http_request req;
        struct buf b;
        snprintf(head, sizeof head, "GET /%s HTTP/1.0\r\n%s\r\n", cases[i].query,
                 cases[i].field);
        http_parse(head, strlen(head), &req);
        buf_init(&b, memory, sizeof memory);
        token_put_cookie(&b, &req, span_of(GOOD));
        buf_putc(&b, '\0');
        tap_ok(strstr(memory, "Set-Cookie: livescore_token=" GOOD ";") == memory &&
                   strstr(memory, cases[i].expected),
               "the address '%s', '%.*s' becomes a cookie", cases[i].query,
               (int)strcspn(cases[i].field, "\r"), cases[i].field);
    }
}

static void test_lengths(void)
{
    char query[TOKEN_MAX + 16] = "?token=", out[TOKEN_MAX + 1];

    memset(query + 7, 'x', TOKEN_MAX);
    tap_is_int(token_of(query, "", out), 1, "a token of 256 bytes is accepted");
    query[7 + TOKEN_MAX] = 'x';
    tap_is_int(token_of(query, "", out), -1, "a token of 257 bytes is refused");
}

static bool knows(struct span lines, struct span secret)
{
    struct token token;

    return token_find(lines, secret, &token);
}

static void test_membership(void)
{
    struct span tokens =
        span_of("# ours\n\n" GOOD "\n  0123456789abcdef  \n#" GOOD "x\nlast-of-the-file");

    tap_ok(knows(tokens, span_of(GOOD)), "a line's token is known");
    tap_ok(knows(tokens, span_of("0123456789abcdef")),
           "white space around a token is not part of it");
    tap_ok(knows(tokens, span_of("last-of-the-file")),
           "the last line of a token file needs no newline");
    tap_ok(!knows(tokens, span_of(GOOD "x")), "a token in a comment is not known");
    tap_ok(!knows(tokens, span_of("abcdefghijklmno")), "a part of a token is not known");
    tap_ok(!knows(tokens, span_of("")), "an empty token is not known");
    tap_ok(!knows(span_of(""), span_of(GOOD)), "an empty token file accepts no token");
}

static void test_attributes(void)
{
    static const char *const wrong[] = {
        "name=",
        "name=a/b",
        "name=a\tb",
        "match=",
        "match=a,,b",
        "type=,",
        "color=red",
        "until=2027-01-01",
        "until=2027-13-01T00:00:00Z",
        "match",
        "until=",
        "name=abcdefghijklmnopqrstuvwxyz0123456",
        "until=2027-02-29T00:00:00Z",
        "type=abcdefghijklmnopqrstuvwxyz0123456",
        "type=GOAL",
        "type=goal,2nd",
    };
    struct token token = {0};
    struct span lines = span_of(GOOD "  type=goal,var  until=2027-01-01T00:00:00Z name=desk\t\n"
                                     "0123456789abcdef match=7,a*");

    tap_is_int(token_next(&lines, &token), 1, "a token may have attributes, in any order");
    tap_ok(span_is(token.secret, GOOD) && span_is(token.name, "desk") &&
               span_is(token.types, "goal,var") && token.matches.len == 0,
           "a token's attributes are those of its line");
    tap_is_int(token.until, 1798761600, "until is an instant");
    tap_is_int(token_next(&lines, &token), 1, "a second line is a second token");
    tap_ok(span_is(token.matches, "7,a*") && token.name.len == 0 && token.until == INT64_MAX,
           "a token has no attributes of the line before");
    tap_is_int(token_next(&lines, &token), 0, "the file's end is its end");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char line[128];
        snprintf(line, sizeof line, GOOD " %s", wrong[i]);
        lines = span_of(line);
        tap_is_int(token_next(&lines, &token), -1, "a line with '%s' is refused", wrong[i]);
    }
    static const char nothing[] = GOOD " match=a,\0";
    lines = (struct span){nothing, sizeof nothing - 1};
    tap_is_int(token_next(&lines, &token), -1, "a match's id has no NUL");
}

static void test_lists(void)
{
    char line[512] = GOOD " match=1";
    struct token token;
    struct span lines;

    for (int i = 1; i < FILTER_NAMES_MAX; i++)
        strcat(line, ",x");
    lines = span_of(line);
    tap_is_int(token_next(&lines, &token), 1, "a token may be limited to 32 matches");
    strcat(line, ",x");
    lines = span_of(line);
    tap_is_int(token_next(&lines, &token), -1, "a token can't be limited to 33 matches");
}

/* As token_file_read of a file with that content and mode: the reason, or "". */
static const char *reading(const char *content, size_t len, mode_t mode)
{
    static char memory[TOKEN_FILE_MAX];
    static struct failure failure;
    char path[] = "auth-test-XXXXXX";
    int fd = mkstemp(path);
    struct span tokens;

    if (fd < 0 || write(fd, content, len) != (ssize_t)len || fchmod(fd, mode) < 0)
        return "no file";
    close(fd);
    int rc = token_file_read(path, memory, &tokens, &failure);
    unlink(path);
    return rc == 0 ? "" : failure.text;
}

static void test_files(void)
{
    static char large[TOKEN_FILE_MAX + 1];
    static char memory[TOKEN_FILE_MAX];
    struct failure failure;
    struct span tokens;

    tap_is_text(reading("# ours\n" GOOD "\n", 24, 0640), "",
                "a token file that its group can read is taken");
    tap_ok(*reading(GOOD, 16, 0644), "a token file that other users can read is refused");
    tap_ok(*reading(GOOD, 16, 0602), "a token file that other users may write is refused");
    tap_ok(*reading("abcdefghijklmno", 15, 0600), "a token of 15 bytes is too short");
    tap_ok(*reading("abcdefgh ijklmnop", 17, 0600), "a token with a space is refused");
    memset(large, '#', sizeof large);
    tap_is_text(reading(large, TOKEN_FILE_MAX, 0600), "", "a file of 16 KiB is taken");
    tap_ok(*reading(large, TOKEN_FILE_MAX + 1, 0600),
           "a token file one byte larger than 16 KiB is refused");
    tap_ok(token_file_read("/nonexistent/file", memory, &tokens, &failure) == -1,
           "a missing token file is an error");
    tap_ok(token_file_read("/", memory, &tokens, &failure) == -1,
           "a folder is not taken as a file of tokens");
    static const char third[] = "# ours\n" GOOD "\n\t" GOOD " type=GOAL\n" GOOD;
    tap_ok(strstr(reading(third, sizeof third - 1, 0600), ": line 3: expected type= "),
           "of a wrong line, the number and what was expected are named");
}

int main(void)
{
    fence_init(&fence, TOKEN_MAX);
    test_requests();
    test_cookie();
    test_lengths();
    test_membership();
    test_attributes();
    test_lists();
    test_files();
    fence_free(&fence);
    return tap_done();
}
