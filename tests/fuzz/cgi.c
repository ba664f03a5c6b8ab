/*
 * Fuzz target: the environment of a CGI program, variables of any bytes with a NUL after each.
 *
 * The request is as valid as one from a connection, and says what the variables say.
 */
#include "service/http/http.h"

#include "request.h"

#define VARIABLES_MAX 80
#define SIZE_MAX_HERE 12000

static const char *lookup(const char *const *environment, const char *name)
{
    size_t len = strlen(name);

    for (; *environment; environment++)
        if (strncmp(*environment, name, len) == 0 && (*environment)[len] == '=')
            return *environment + len + 1;
    return "";
}

/* The field comes from a variable: HTTP_NAME, or CONTENT_LENGTH.  (No server sets a variable
 * whose name has a colon; these are ignored.) */
static bool has_variable(const char *const *environment, const struct http_field *field)
{
    for (; *environment; environment++) {
        const char *name = *environment;
        const char *equals = strchr(name, '=');
        if (strncmp(name, "HTTP_", 5) == 0)
            name += 5;
        else if (strncmp(name, "CONTENT_LENGTH=", 15) != 0)
            continue;
        if (equals && memchr(name, ':', (size_t)(equals - name)))
            return true;
        if (!equals || (size_t)(equals - name) != field->name.len)
            continue;
        size_t i = 0;
        while (i < field->name.len &&
               (span_is_nocase((struct span){field->name.at + i, 1}, (char[]){name[i], '\0'}) ||
                (name[i] == '_' && field->name.at[i] == '-')))
            i++;
        struct span value = span_trim(span_of(equals + 1));
        if (i == field->name.len && value.len == field->value.len &&
            (value.len == 0 || memcmp(value.at, field->value.at, value.len) == 0))
            return true;
    }
    return false;
}

static void check(const struct http_request *req, const char *const *environment)
{
    const char *path = lookup(environment, "PATH_INFO");
    char plain[HTTP_TARGET_MAX];

    must(req->minor == 0 && !http_field(req, "Transfer-Encoding"));
    must(span_is(req->method_name, lookup(environment, "REQUEST_METHOD")));
    for (size_t i = 0; i < req->n_fields; i++)
        must(has_variable(environment, &req->fields[i]));
    if (req->method == HTTP_OTHER)
        return; /* its target is not parsed */
    int n = http_unescape(req->path, false, plain, sizeof plain);
    must(n >= 1);
    if (!*path || strcmp(path, CGI_INDEX) == 0)
        must(n == 1 && plain[0] == '/');
    else if (path[0] == '/')
        must((size_t)n == strlen(path) && memcmp(plain, path, (size_t)n) == 0);
    must(path[0] != '/' || span_is(req->query, lookup(environment, "QUERY_STRING")));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *environment[VARIABLES_MAX + 1] = {NULL};
    char memory[HTTP_HEAD_MAX];
    struct http_request req;
    struct buf head;
    size_t n = 0;

    if (size > SIZE_MAX_HERE)
        return 0;
    char *text = malloc(size + 1);
    memcpy(text, data, size);
    text[size] = '\0';
    for (char *at = text; at < text + size && n < VARIABLES_MAX; at += strlen(at) + 1)
        environment[n++] = at;
    buf_init(&head, memory, sizeof memory);
    int rc = cgi_request(environment, &head, &req);
    must(rc == HTTP_BAD || (rc > 0 && (size_t)rc <= head.len));
    if (rc > 0) {
        request_check(&req, memory, (size_t)rc);
        check(&req, environment);
        must(must_be_in(req.folder, memory + rc, head.len - (size_t)rc));
        must(request_is_plain(req.folder) &&
             (req.folder.len == 0 || !memchr(req.folder.at, '/', req.folder.len)));
    } else {
        request_check_refusal(&req);
    }
    must(cgi_body_length(environment) >= 0);
    free(text);
    return 0;
}
