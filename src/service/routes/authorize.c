/* Whether a request may read, by its token, and what it is limited to.  The file is read for
 * each request, and again for a stream whenever it has changed. */
#include <sysexits.h>
#include <time.h>

#include "base/process/clock.h"
#include "service/http/http.h"
#include "service/routes/routes.h"

static void grant(struct grant *g, const struct token *token)
{
    if (token->name.len > 0) /* its place is NULL, else */
        memcpy(g->name, token->name.at, token->name.len);
    g->name[token->name.len] = '\0';
    g->line = span_hash(SPAN_HASH, token->line);
    g->end = token->until == INT64_MAX
                 ? CLOCK_NEVER
                 : clock_ms() + (token->until - time(NULL)) * INT64_C(1000);
    g->limited = token->matches.len + token->types.len > 0;
    g->only.n_matches = g->only.n_types = 0;
    g->only.prefixes = false;
    filter_add_matches(&g->only, token->matches);
    filter_add_types(&g->only, token->types);
}

/* Returns 200 with *token, or an error's status with *detail.  memory: TOKEN_FILE_MAX bytes. */
static int find(struct exchange *x, char *memory, struct token *token, const char **detail)
{
    char decoded[TOKEN_MAX];
    struct span lines, secret;

    x->grant->stamp = token_file_stamp(x->config->token_file);
    if (token_file_read(x->config->token_file, memory, &lines, x->failure) < 0) {
        failure_log(x->failure, &x->config->log);
        x->exit_status = EX_CONFIG;
        *detail = "the tokens can't be read";
        return 503;
    }
    int brought = token_of_request(&x->req, decoded, &secret);
    *detail = brought == 0 ? "a token is required: Authorization: Bearer, or ?token="
                           : "unknown token";
    if (brought != 1 || !token_find(lines, secret, token))
        return 401;
    *detail = "this token has ended";
    return token->until > time(NULL) ? 200 : 401;
}

/* A separate frame: the file's bytes use no other request's stack. */
__attribute__((noinline)) bool authorize(struct exchange *x)
{
    char memory[TOKEN_FILE_MAX];
    struct token token;
    const char *detail;
    int status = find(x, memory, &token, &detail);

    if (status == 200)
        grant(x->grant, &token);
    else
        exchange_problem(x, status, detail);
    return status == 200;
}

__attribute__((noinline)) bool authorize_again(struct exchange *x)
{
    char memory[TOKEN_FILE_MAX];
    struct token token;
    const char *detail;

    return token_file_stamp(x->config->token_file) == x->grant->stamp ||
           (find(x, memory, &token, &detail) == 200 &&
            span_hash(SPAN_HASH, token.line) == x->grant->line);
}
