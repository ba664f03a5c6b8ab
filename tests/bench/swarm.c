/*
 * The load generator: thousands of clients in one process.  It reads commands, one per
 * line, from standard input, and answers each with one line of JSON, times in
 * milliseconds.
 *
 *   open COUNT [WINDOW]   connects COUNT more clients, at most WINDOW of them
 *                         without their first frame at any time
 *   send ROWS PAUSE-MS    publishes rows, each when every client has the one before;
 *                         fewer if it takes long
 *   flow RATE SECONDS [CHURN]
 *                         publishes RATE rows per second without waiting for clients,
 *                         while CHURN clients per second hang up; these, and clients
 *                         that the server drops, resume with their cursor
 *   replay ROWS           one more client, which reads ROWS frames
 *   close                 hangs up all clients
 *
 * It keeps reading between commands.  Every command takes at most WAIT_NS.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <unistd.h>

#include "client.h"
#include "publisher.h"

#define EVENTS_MAX     512
#define CLIENTS_MAX    60000
#define COMMAND_MAX    128
#define WINDOW_DEFAULT 512
#define SECOND_NS      UINT64_C(1000000000)
#define MS_NS          UINT64_C(1000000)
#define WAIT_NS        (60 * SECOND_NS)
#define SEND_NS        (5 * SECOND_NS) /* no more rows after that */
#define AWAY_NS        (50 * MS_NS)    /* between checks for clients that should resume */
#define SOURCE_NET     0x7F000001u     /* 127.0.x.1: x from the pid, or ports run short */

struct swarm {
    struct target target;
    struct publisher publisher;
    struct tally tally;
    int epoll;
    struct client *clients; /* CLIENTS_MAX of them, `count` in use */
    size_t count;
    uint64_t next_number;
};

static _Noreturn void die(int status, const char *what)
{
    fprintf(stderr, "swarm: %s: %s\n", what, strerror(errno));
    exit(status);
}

/* Waits once, at most until the given time, and handles the events.  Returns whether
 * standard input is readable. */
static bool swarm_turn(struct swarm *s, uint64_t until)
{
    struct epoll_event events[EVENTS_MAX];
    uint64_t now = now_ns();
    uint64_t left = until > now ? until - now : 0;
    struct timespec timeout = {.tv_sec = (time_t)(left / SECOND_NS),
                               .tv_nsec = (long)(left % SECOND_NS)};
    int n = epoll_pwait2(s->epoll, events, EVENTS_MAX, &timeout, NULL);
    bool command = false;

    for (int i = 0; i < n; i++) {
        struct client *c = events[i].data.ptr;
        if (c)
            client_handle(c, &s->target, s->epoll, events[i].events, &s->tally);
        else
            command = true;
    }
    return command;
}

static void swarm_until(struct swarm *s, uint64_t until)
{
    while (now_ns() < until)
        swarm_turn(s, until);
}

static size_t swarm_streaming(const struct swarm *s)
{
    size_t n = 0;

    for (size_t i = 0; i < s->count; i++)
        n += s->clients[i].state == CLIENT_STREAMING;
    return n;
}

static void print_percentiles(const char *name, struct percentiles p)
{
    printf(",\"%s\":{\"p50\":%.4f,\"p99\":%.4f,\"max\":%.4f}", name, p.p50, p.p99, p.max);
}

/* Connects the next client.  Returns NULL with errno on failure. */
static struct client *swarm_connect(struct swarm *s)
{
    struct client *c = &s->clients[s->count];

    if (s->count == CLIENTS_MAX) {
        errno = EMFILE;
        return NULL;
    }
    *c = (struct client){.fd = -1};
    if (client_connect(c, &s->target, s->epoll) < 0)
        return NULL;
    s->count++;
    return c;
}

static void command_open(struct swarm *s, size_t count, size_t window)
{
    uint64_t began = now_ns(), deadline = began + WAIT_NS;
    size_t asked = 0, refused = 0;

    samples_clear(&s->tally.opening);
    s->tally.ended = 0;
    while (s->tally.opening.count + s->tally.ended + refused < count && now_ns() < deadline) {
        while (asked < count &&
               asked - s->tally.opening.count - s->tally.ended - refused < window) {
            asked++;
            if (!swarm_connect(s)) {
                refused++;
                fprintf(stderr, "swarm: client %zu: %s\n", s->count, strerror(errno));
            }
        }
        swarm_turn(s, deadline);
    }
    printf("{\"opened\":%zu,\"failed\":%zu,\"seconds\":%.4f", s->tally.opening.count,
           count - s->tally.opening.count, (double)(now_ns() - began) / 1e9);
    print_percentiles("first", samples_summary(&s->tally.opening, 0));
    puts("}");
}

/* Resets latencies; the next row is the first that every client must get. */
static void swarm_begin(struct swarm *s)
{
    samples_clear(&s->tally.latency);
    s->tally.first_number = s->next_number;
    s->tally.marked = s->tally.lost = s->tally.repeated = s->tally.ended = 0;
    for (size_t i = 0; i < s->count; i++)
        s->clients[i].expected = s->next_number;
}

static void command_send(struct swarm *s, size_t most, uint64_t pause)
{
    struct samples p50 = {0}, p99 = {0}, max = {0};
    size_t clients = swarm_streaming(s);
    size_t rows = 0;
    uint64_t missing = 0, enough = now_ns() + SEND_NS;

    swarm_begin(s);
    for (; rows < most && now_ns() < enough; rows++) {
        size_t first = s->tally.latency.count;
        uint64_t deadline = now_ns() + WAIT_NS / 4;

        if (publisher_send(&s->publisher, s->next_number++) < 0)
            exit(EX_IOERR);
        while (s->tally.latency.count - first < clients && now_ns() < deadline)
            swarm_turn(s, deadline);
        missing += clients - (s->tally.latency.count - first);
        struct percentiles p = samples_summary(&s->tally.latency, first);
        samples_add(&p50, (uint64_t)(p.p50 * 1e6));
        samples_add(&p99, (uint64_t)(p.p99 * 1e6));
        samples_add(&max, (uint64_t)(p.max * 1e6));
        swarm_until(s, now_ns() + pause * MS_NS);
    }
    printf("{\"clients\":%zu,\"rows\":%zu,\"missing\":%ju,\"repeated\":%ju", clients, rows,
           (uintmax_t)missing, (uintmax_t)s->tally.repeated);
    print_percentiles("all", samples_summary(&s->tally.latency, 0));
    /* Medians over the rows of each row's percentiles. */
    printf(",\"row\":{\"p50\":%.4f,\"p99\":%.4f,\"max\":%.4f}}\n", samples_summary(&p50, 0).p50,
           samples_summary(&p99, 0).p50, samples_summary(&max, 0).p50);
    samples_free(&p50);
    samples_free(&p99);
    samples_free(&max);
}

/* Reconnects the clients that are away, with their cursors.  Returns how many. */
static size_t swarm_bring_back(struct swarm *s)
{
    size_t back = 0;

    for (size_t i = 0; i < s->count; i++)
        if (s->clients[i].state == CLIENT_CLOSED)
            back += client_connect(&s->clients[i], &s->target, s->epoll) == 0;
    return back;
}

/* Rows of this run that its clients do not have. */
static uint64_t swarm_missing(const struct swarm *s)
{
    uint64_t missing = s->tally.lost;

    for (size_t i = 0; i < s->count; i++)
        missing += s->next_number - s->clients[i].expected;
    return missing;
}

/* For each row of a flow: how long until the last client had it. */
static void swarm_note_last(struct swarm *s, uint64_t rows)
{
    s->tally.last = calloc(rows, sizeof *s->tally.last);
    s->tally.last_count = s->tally.last ? rows : 0;
}

static void swarm_print_last(struct swarm *s)
{
    struct samples last = {0};

    for (uint64_t i = 0; i < s->tally.last_count; i++)
        samples_add(&last, s->tally.last[i]);
    print_percentiles("last", samples_summary(&last, 0));
    samples_free(&last);
    free(s->tally.last);
    s->tally.last = NULL;
}

static void command_flow(struct swarm *s, uint64_t rate, uint64_t seconds, uint64_t churn)
{
    uint64_t began = now_ns(), rows = rate * seconds, hung_up = 0, back = 0;
    uint64_t look_at = began + AWAY_NS;

    swarm_begin(s);
    swarm_note_last(s, rows);
    for (uint64_t row = 0; row < rows; row++) {
        swarm_until(s, began + row * SECOND_NS / rate);
        if (publisher_send(&s->publisher, s->next_number++) < 0)
            exit(EX_IOERR);
        if (now_ns() >= look_at) {
            back += swarm_bring_back(s);
            look_at += AWAY_NS;
        }
        for (; hung_up < row * churn / rate && s->count > 0; hung_up++)
            client_close(&s->clients[(size_t)random() % s->count]);
    }
    double took = (double)(now_ns() - began) / 1e9;
    for (uint64_t deadline = now_ns() + WAIT_NS / 4;
         swarm_missing(s) > s->tally.lost && now_ns() < deadline;) {
        back += swarm_bring_back(s);
        swarm_until(s, now_ns() + AWAY_NS);
    }
    printf("{\"clients\":%zu,\"rows\":%ju,\"seconds\":%.3f,\"received\":%ju,\"missing\":%ju,"
           "\"repeated\":%ju,\"resumed\":%ju,\"dropped\":%ju",
           s->count, (uintmax_t)rows, took, (uintmax_t)s->tally.marked,
           (uintmax_t)swarm_missing(s), (uintmax_t)s->tally.repeated, (uintmax_t)back,
           (uintmax_t)s->tally.ended);
    print_percentiles("latency", samples_summary(&s->tally.latency, 0));
    swarm_print_last(s);
    puts("}");
}

static void command_replay(struct swarm *s, uint64_t rows)
{
    uint64_t began = now_ns(), deadline = began + WAIT_NS;

    s->tally.frames = s->tally.bytes = s->tally.id_jumps = s->tally.ended = 0;
    if (!swarm_connect(s))
        die(EX_UNAVAILABLE, "connect");
    while (s->tally.frames < rows && s->tally.ended == 0 && now_ns() < deadline)
        swarm_turn(s, deadline);
    printf("{\"rows\":%ju,\"bytes\":%ju,\"id_jumps\":%ju,\"seconds\":%.4f}\n",
           (uintmax_t)s->tally.frames, (uintmax_t)s->tally.bytes, (uintmax_t)s->tally.id_jumps,
           (double)(now_ns() - began) / 1e9);
}

static void command_close(struct swarm *s)
{
    for (size_t i = 0; i < s->count; i++)
        client_close(&s->clients[i]);
    s->count = 0;
    puts("{}");
}

/* Returns -1 at the end of the input. */
static int swarm_command(struct swarm *s)
{
    char line[COMMAND_MAX], verb[16] = "";
    uintmax_t a = 0, b = 0, c = 0;
    ssize_t n = read(STDIN_FILENO, line, sizeof line - 1);

    if (n <= 0)
        return -1;
    line[n] = '\0';
    int words = sscanf(line, "%15s %ju %ju %ju", verb, &a, &b, &c);
    if (strcmp(verb, "open") == 0 && words >= 2)
        command_open(s, a, words > 2 ? b : WINDOW_DEFAULT);
    else if (strcmp(verb, "send") == 0 && words == 3)
        command_send(s, a, b);
    else if (strcmp(verb, "flow") == 0 && words >= 3 && a > 0)
        command_flow(s, a, b, c);
    else if (strcmp(verb, "replay") == 0 && words == 2)
        command_replay(s, a);
    else if (strcmp(verb, "close") == 0)
        command_close(s);
    else
        fprintf(stderr, "swarm: no such command: %s", line);
    return fflush(stdout);
}

static void swarm_init(struct swarm *s)
{
    struct epoll_event commands = {.events = EPOLLIN, .data.ptr = NULL};
    struct rlimit files;

    *s = (struct swarm){.publisher = {.fd = -1}, .target = {.path = "/livescore"}};
    s->target.server = (struct sockaddr_in){.sin_family = AF_INET};
    s->target.server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    s->target.source.s_addr = htonl(SOURCE_NET + ((uint32_t)getpid() % 250 << 8));
    s->next_number = now_ns() / 1000; /* above those of any earlier run */
    s->tally.first_number = s->next_number;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    s->epoll = epoll_create1(EPOLL_CLOEXEC);
    s->clients = calloc(CLIENTS_MAX, sizeof *s->clients);
    if (s->epoll < 0 || !s->clients ||
        epoll_ctl(s->epoll, EPOLL_CTL_ADD, STDIN_FILENO, &commands) < 0)
        die(EX_OSERR, "start");
}

static _Noreturn void usage(void)
{
    fputs("usage: swarm [-p PATH] [-t TEMPLATE] [-c COMMAND | -f FIFO | -u PATH] PORT\n"
          "  -p  what clients ask for (/livescore)\n"
          "  -t  a row; %N is its number, %T the time\n"
          "  -c  publish to this command's standard input\n"
          "  -f  publish to this file or FIFO\n"
          "  -j  read pages of JSON: each names the next\n"
          "  -u  publish by POST to this path of the same server\n",
          stderr);
    exit(EX_USAGE);
}

static void swarm_read_options(struct swarm *s, int argc, char **argv)
{
    const char *command = NULL, *fifo = NULL, *post = NULL;

    for (int option; (option = getopt(argc, argv, "p:t:c:f:u:j")) != -1;)
        switch (option) {
        case 'p': s->target.path = optarg; break;
        case 't': s->publisher.template = optarg; break;
        case 'c': command = optarg; break;
        case 'f': fifo = optarg; break;
        case 'u': post = optarg; break;
        case 'j': s->target.pages = true; break;
        default: usage();
        }
    if (optind != argc - 1 || (!s->publisher.template && (command || fifo || post)))
        usage();
    s->target.server.sin_port = htons((uint16_t)atoi(argv[optind]));
    if ((command && publisher_to_command(&s->publisher, command) < 0) ||
        (fifo && publisher_to_file(&s->publisher, fifo) < 0) ||
        (post && publisher_to_http(&s->publisher, &s->target.server, post) < 0))
        exit(EX_UNAVAILABLE);
}

int main(int argc, char **argv)
{
    struct swarm s;

    signal(SIGPIPE, SIG_IGN);
    swarm_init(&s);
    swarm_read_options(&s, argc, argv);
    for (;;)
        if (swarm_turn(&s, now_ns() + WAIT_NS) && swarm_command(&s) < 0)
            break;
    publisher_stop(&s.publisher);
    free(s.clients);
    samples_free(&s.tally.opening);
    samples_free(&s.tally.latency);
    return EX_OK;
}
