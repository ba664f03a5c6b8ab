/* Opens listening sockets, and explains failures. */
#include "service/listen/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/files/file.h"
#include "base/text/buf.h"

static int fail(const struct config *config, const char *name, const char *why,
                const char *remedy)
{
    log_line(&config->log, LOG_ERR, "%s %s: %s%s%s",
             name == config->metrics ? "--metrics" : "-l", name, why, *remedy ? ": " : "",
             remedy);
    return -1;
}

/* Parses an IPv6 address, perhaps with the interface of a link's address: fe80::1%eth0. */
static int parse_six(char *host, struct sockaddr_in6 *six)
{
    char *zone = strchr(host, '%');
    int64_t number = 0;

    if (zone) {
        *zone++ = '\0';
        if (span_to_int(span_of(zone), INT32_MAX, &number) < 0)
            number = if_nametoindex(zone);
        six->sin6_scope_id = (uint32_t)number;
    }
    return inet_pton(AF_INET6, host, &six->sin6_addr) == 1 && (!zone || number > 0) ? 0 : -1;
}

/* Parses [ADDR:]PORT.  Returns 0 or -1.  Looks up no names. */
static int parse_address(const char *text, struct sockaddr_storage *address, socklen_t *len)
{
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)address;
    struct sockaddr_in *four = (struct sockaddr_in *)address;
    const char *colon = strrchr(text, ':');
    size_t n = colon ? (size_t)(colon - text) : 0;
    bool brackets = n > 2 && text[0] == '[' && colon[-1] == ']';
    char host[SOCKETS_IP_MAX] = "::";
    int64_t port;

    memset(address, 0, sizeof *address);
    if (span_to_int(span_of(colon ? colon + 1 : text), 65535, &port) < 0 || n >= sizeof host)
        return -1;
    if (n > 0)
        memcpy(host, text + brackets, n - 2 * brackets);
    host[n > 0 ? n - 2 * brackets : 2] = '\0';
    bool is_four = inet_pton(AF_INET, host, &four->sin_addr) == 1;
    address->ss_family = is_four ? AF_INET : AF_INET6;
    *len = is_four ? sizeof *four : sizeof *six;
    six->sin6_port = htons((uint16_t)port); /* IPv4: same offset */
    return is_four ? 0 : parse_six(host, six);
}

static const char *remedy(const struct config *config, const char *name, int error)
{
    static const char permissions[] = "check its folder's permissions";
    bool path = strchr(name, '/');

    switch (error) {
    case ENOENT: return "create its folder first";
    case EADDRINUSE: return "choose another port, or stop the process that uses it";
    case EACCES:
        return path ? permissions
                    : "choose a port above 1023, give it CAP_NET_BIND_SERVICE, or have systemd "
                      "open the port (livescore.socket)";
    case EADDRNOTAVAIL: return "choose an address of this machine: 'ip address' lists them";
    case EAFNOSUPPORT:
        return name == config->metrics
                   ? "under systemd, remove it: livescore-metrics.socket opens it, beside "
                     "livescore-fork.socket"
                   : "under systemd, remove it: ListenStream= of the socket unit opens it";
    case EINVAL: return "a link's address needs its interface, as in [fe80::1%eth0]:8000";
    default: return path ? permissions : "";
    }
}

/* Sets a path's mode at creation: by the time of a chmod, it may lead to another file. */
static int bind_to(const struct sockaddr_storage *address, socklen_t len, mode_t mode)
{
    int on = 1, off = 0;
    int fd = socket(address->ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (address->ss_family == AF_INET6) /* "::" includes IPv4 */
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    mode_t mask = umask(0777 & ~mode);
    int rc = bind(fd, (const struct sockaddr *)address, len);
    umask(mask);
    if (rc == 0 && listen(fd, SOCKETS_BACKLOG) == 0)
        return fd;
    rc = errno;
    close(fd);
    errno = rc;
    return -1;
}

static void log_address(const struct config *config, const char *name, int fd)
{
    struct sockaddr_storage from;
    socklen_t len = sizeof from;
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)&from;
    struct address address;
    char text[ADDRESS_TEXT_MAX], zone[IF_NAMESIZE + 1] = "%";

    memset(&from, 0, sizeof from);
    getsockname(fd, (struct sockaddr *)&from, &len);
    address_from(&address, &from);
    address_text(&address, text);
    if (from.ss_family != AF_INET6 || !if_indextoname(six->sin6_scope_id, zone + 1))
        zone[0] = '\0';
    log_line(&config->log, LOG_NOTICE,
             strchr(text, ':') ? "%s on http://[%s%s]:%d/" : "%s on http://%s%s:%d/",
             name == config->metrics ? "metrics" : "listening", text, zone,
             ntohs(six->sin6_port)); /* IPv4: same offset */
}

static int open_ip(const struct config *config, const char *name, int *status)
{
    struct sockaddr_storage address;
    socklen_t len;
    int fd;

    *status = EX_USAGE;
    if (parse_address(name, &address, &len) < 0)
        return fail(config, name,
                    strchr(name, '%') ? "no such interface, or no address and port"
                                      : "expected [ADDRESS:]PORT or a path, as in 8000, "
                                        "127.0.0.1:8000, [::1]:8000 or ./live.sock",
                    "");
    fd = bind_to(&address, len, config->socket_mode);
    if (fd < 0 && errno == EAFNOSUPPORT && !strchr(name, '[')) {
        struct sockaddr_in any = {.sin_family = AF_INET, /* no IPv6 on this machine */
                                  .sin_port = ((struct sockaddr_in6 *)&address)->sin6_port};
        memcpy(&address, &any, sizeof any);
        fd = bind_to(&address, sizeof any, config->socket_mode);
    }
    *status = errno == EACCES ? EX_NOPERM : EX_UNAVAILABLE;
    if (fd < 0)
        return fail(config, name, strerror(errno), remedy(config, name, errno));
    log_address(config, name, fd);
    return fd;
}

/* Whether the file is a socket on which no process listens: its owner died before removing
 * it. */
static bool is_stale(const struct sockaddr_un *address)
{
    struct stat st;
    bool stale = false;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd >= 0 && lstat(address->sun_path, &st) == 0 && S_ISSOCK(st.st_mode))
        stale = connect(fd, (const struct sockaddr *)address, sizeof *address) < 0 &&
                errno == ECONNREFUSED;
    close(fd);
    return stale;
}

static int open_path(const struct config *config, const char *path, int *status)
{
    struct sockaddr_storage storage = {.ss_family = AF_UNIX};
    struct sockaddr_un *address = (struct sockaddr_un *)&storage;
    struct stat st;
    int fd;

    *status = EX_USAGE;
    if (strlen(path) >= sizeof address->sun_path)
        return fail(config, path, "the path of a socket has at most 107 bytes", "");
    strcpy(address->sun_path, path);
    fd = bind_to(&storage, sizeof *address, config->socket_mode);
    if (fd < 0 && errno == EADDRINUSE && is_stale(address) && unlink(path) == 0)
        fd = bind_to(&storage, sizeof *address, config->socket_mode);
    *status = errno == EACCES || errno == EROFS ? EX_NOPERM : EX_UNAVAILABLE;
    if (fd >= 0)
        log_line(&config->log, LOG_NOTICE, "%s on unix:%s",
                 path == config->metrics ? "metrics" : "listening", path);
    else if (errno == EADDRINUSE && lstat(path, &st) == 0 && !S_ISSOCK(st.st_mode))
        fail(config, path, "not a socket", "choose another path, or remove the file");
    else if (errno == EADDRINUSE)
        fail(config, path, "already in use", "stop that service, or choose another path");
    else
        fail(config, path, strerror(errno), remedy(config, path, errno));
    return fd;
}

static int open_one(struct sockets *s, const struct config *config, const char *name,
                    int *status)
{
    bool path = strchr(name, '/') != NULL;
    int fd = path ? open_path(config, name, status) : open_ip(config, name, status);

    if (fd < 0) {
        sockets_close(s);
        sockets_remove(s, &(struct sandbox){.secret = NULL});
        return -1;
    }
    if (path && lstat(name, &s->files[s->n].st) == 0)
        s->files[s->n].path = name;
    s->fds[s->n++] = fd;
    return fd;
}

int sockets_open(struct sockets *s, const struct config *config, int *status)
{
    for (size_t i = 0; i < config->n_listen; i++)
        if (open_one(s, config, config->listen[i], status) < 0)
            return -1;
    if (config->metrics && s->monitor == 0)
        s->monitor = open_one(s, config, config->metrics, status);
    return s->monitor < 0 ? -1 : 0;
}

/* Makes the socket non-blocking: if a connection went away before accept, a blocking accept
 * would wait for the next one, with signals blocked. */
int sockets_add(struct sockets *s, int fd)
{
    if (s->n == SOCKETS_MAX - 1)
        return -1;
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    s->fds[s->n++] = fd;
    return 0;
}

void sockets_close(const struct sockets *s)
{
    for (size_t i = 0; i < s->n; i++)
        close(s->fds[i]);
}

void sockets_remove(const struct sockets *s, const struct sandbox *sandbox)
{
    struct stat st;

    for (size_t i = 0; i < s->n; i++)
        if (s->files[i].path && lstat(s->files[i].path, &st) == 0 &&
            file_is_same(&st, &s->files[i].st))
            sandbox_unlink(sandbox, s->files[i].path);
}
