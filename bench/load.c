/*
 * Load generator: one thread, epoll, FastCGI or HTTP/1.1, every answer checked. See usage() below.
 *
 * Each of --connections clients sends a request, waits for its whole answer, checks it and sends the next: a
 * closed loop. Without --keep a request has a connection of its own, as nginx does it by default for FastCGI. A client's
 * latency starts with its first attempt to connect, so time spent before a full backlog counts. The rate is made
 * of all answers and of the time until the last of them: a server that works on 64 requests at once and ends them
 * together must not depend on which side of a fixed line that falls.
 *
 * Nothing waits for ever: a request has --request-limit seconds, and after --seconds no new one is begun.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "answer.h"
#include "report.h"
#include "request.h"

enum {
    /* Of the connections that only stand by, so many are opened at a time. */
    OPENING_AT_ONCE = 64,
    /* More errors than this end the run: the rest would only say the same. */
    ERRORS_MAX = 500,
};

/* Between two attempts to connect while the backlog is full. */
#define RETRY_NANOS 1000000u
/* After an error a client rests, so that a dead server is not asked in a tight loop. */
#define REST_NANOS 10000000u

enum state { STANDING_BY, TO_CONNECT, CONNECTING, READING, PARKED };

struct client {
    enum state state;
    int fd;
    bool standby;    /* one of --idle: one request, then it only stays open */
    bool reused;     /* its connection has carried a request before */
    uint64_t began;  /* when its request began, 0 when none is under way */
    uint64_t not_before; /* TO_CONNECT: when to try (again) */
    char *in;
    size_t in_length;
    size_t in_capacity;
};

static struct {
    bool fcgi;
    bool keep;
    struct sockaddr_storage address;
    socklen_t address_length;
    size_t connections;
    size_t idle;
    double seconds;
    size_t requests;
    double request_limit;
    struct expectation expected;
    struct request request;
} options = {.connections = 1, .seconds = 0, .request_limit = 10, .expected = {.status = 200}};

static struct report report;
static struct client *clients;
static size_t client_count;
static size_t begun;     /* requests of the measured phase begun so far */
static size_t busy;      /* clients with a request under way or to be begun */
static size_t idle_left; /* standing-by clients that are still to be opened */
static bool measuring;
static uint64_t started; /* of the measured phase */
static uint64_t deadline;
static int epoll;

static void fail(const char *what) {
    perror(what);
    exit(2);
}

static void usage(void) {
    fputs("usage: load --fcgi ADDRESS [--param NAME=VALUE]... [--keep [--idle N]] OPTIONS\n"
          "       load --http HOST:PORT --path /PATH [--keep [--idle N]] OPTIONS\n"
          "ADDRESS is the path of a Unix socket or an IPv4 HOST:PORT. OPTIONS:\n"
          "  --connections N       clients at once (1)\n"
          "  --seconds S           begin no request after that time; or\n"
          "  --requests N          make so many requests\n"
          "  --status N            the status each answer must have (200)\n"
          "  --body FILE           the body each answer must have; without it any body will do\n"
          "  --post FILE           POST that body, of a form, instead of a GET; FastCGI needs its --param beside it\n"
          "  --idle N              open N more connections, one request each, and keep them while measuring\n"
          "  --request-limit S     an answer that takes longer is an error (10)\n"
          "Prints one line of JSON. Exit status: 0 all good, 1 there were errors, 2 wrong usage.\n",
          stderr);
    exit(2);
}

/* ---- clients ---- */

static void drop_connection(struct client *client) {
    if (client->fd >= 0) {
        close(client->fd);
    }
    client->fd = -1;
    client->reused = false;
    client->in_length = 0;
}

/* Gives the client its next request, or parks it when there is no more to do. */
static void next_request(struct client *client, uint64_t now, uint64_t rest) {
    bool more = options.requests > 0 ? begun < options.requests : now < deadline;
    if (!more || report.errors > ERRORS_MAX) {
        drop_connection(client);
        client->state = PARKED;
        busy--;
        return;
    }
    begun++;
    client->began = 0;
    client->not_before = now + rest;
    client->state = TO_CONNECT;
}

/* Opens the next of the standing-by connections, if there are any left. */
static void next_idle(uint64_t now) {
    if (idle_left == 0) {
        return;
    }
    struct client *client = &clients[options.connections + --idle_left];
    client->not_before = now;
    client->state = TO_CONNECT;
    busy++;
}

static void finished(struct client *client, uint64_t now, bool ended) {
    client->in_length = 0;
    client->reused = true;
    if (client->standby) {
        client->state = STANDING_BY;
        busy--;
        next_idle(now);
        return;
    }
    report_good(&report, now - client->began);
    if (!options.keep || ended) {
        drop_connection(client);
    }
    next_request(client, now, 0);
}

static void failed(struct client *client, const char *why) {
    uint64_t now = now_nanos();
    report_error(&report, why);
    drop_connection(client);
    if (client->standby) {
        client->state = PARKED;
        busy--;
        next_idle(now);
        return;
    }
    next_request(client, now, REST_NANOS);
}

static void failed_call(struct client *client, const char *call) {
    char why[WHY_MAX];
    snprintf(why, sizeof why, "%s: %s", call, strerror(errno));
    failed(client, why);
}

static void send_request(struct client *client) {
    ssize_t n = send(client->fd, options.request.bytes, options.request.length, MSG_NOSIGNAL);
    if (n == (ssize_t)options.request.length) {
        client->state = READING;
        return;
    }
    if (n < 0 && client->reused && (errno == EPIPE || errno == ECONNRESET)) {
        /* The server may end an idle connection at any time: as a front end would, try a new one. */
        report.retries++;
        drop_connection(client);
        client->state = TO_CONNECT;
        client->not_before = 0;
        return;
    }
    if (n >= 0) {
        /* A request is far below a socket's buffer; a short write means something is badly wrong. */
        failed(client, "the request was only partly taken");
        return;
    }
    failed_call(client, "send");
}

static void watch(struct client *client, int operation, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = client};
    if (epoll_ctl(epoll, operation, client->fd, &event) != 0) {
        fail("epoll_ctl");
    }
}

/* Tries to connect and to send; called again after a while when the server's backlog is full. */
static void connect_client(struct client *client, uint64_t now) {
    if (client->began == 0) {
        client->began = now;
    }
    if (client->fd >= 0) {
        send_request(client);
        return;
    }
    client->fd = socket(options.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (client->fd < 0) {
        failed_call(client, "socket");
        return;
    }
    if (connect(client->fd, (struct sockaddr *)&options.address, options.address_length) == 0) {
        watch(client, EPOLL_CTL_ADD, EPOLLIN);
        send_request(client);
    } else if (errno == EINPROGRESS) {
        watch(client, EPOLL_CTL_ADD, EPOLLOUT);
        client->state = CONNECTING;
    } else if (errno == EAGAIN || errno == EADDRNOTAVAIL) {
        report.retries++;
        drop_connection(client);
        client->not_before = now + RETRY_NANOS;
    } else {
        failed_call(client, "connect");
    }
}

static void connected(struct client *client) {
    int error = 0;
    socklen_t length = sizeof error;
    getsockopt(client->fd, SOL_SOCKET, SO_ERROR, &error, &length);
    if (error != 0) {
        errno = error;
        failed_call(client, "connect");
        return;
    }
    int one = 1;
    setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    watch(client, EPOLL_CTL_MOD, EPOLLIN);
    send_request(client);
}

static void make_room(struct client *client) {
    if (client->in_capacity - client->in_length >= 4096) {
        return;
    }
    client->in_capacity = client->in_capacity == 0 ? 8192 : client->in_capacity * 2;
    client->in = realloc(client->in, client->in_capacity);
    if (client->in == NULL) {
        fail("realloc");
    }
}

static void read_answer(struct client *client) {
    make_room(client);
    if (client->in_capacity > ANSWER_MAX) {
        failed(client, "an answer above 512 kB");
        return;
    }
    ssize_t n = recv(client->fd, client->in + client->in_length, client->in_capacity - client->in_length, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    if ((n == 0 || (n < 0 && errno == ECONNRESET)) && client->reused && client->in_length == 0) {
        report.retries++;
        drop_connection(client);
        client->state = TO_CONNECT;
        client->not_before = 0;
        return;
    }
    if (n < 0) {
        failed_call(client, "recv");
        return;
    }
    client->in_length += (size_t)n;
    char why[WHY_MAX];
    enum verdict verdict =
        options.fcgi ? answer_fcgi(client->in, client->in_length, n == 0, &options.expected, why)
                     : answer_http(client->in, client->in_length, n == 0, &options.expected, why);
    if (verdict == ANSWER_GOOD) {
        finished(client, now_nanos(), n == 0);
    } else if (verdict == ANSWER_BAD) {
        failed(client, why);
    }
}

/* Starts what is due and ends what took too long. Returns milliseconds until it should be called again. */
static int look_after(uint64_t now, uint64_t limit) {
    int next = 100;
    size_t count = measuring ? options.connections : client_count;
    for (size_t i = measuring ? 0 : options.connections; i < count; i++) {
        struct client *client = &clients[i];
        if (client->state == STANDING_BY || client->state == PARKED) {
            continue;
        }
        if (client->began != 0 && now > client->began && now - client->began > limit) {
            char why[WHY_MAX];
            snprintf(why, sizeof why, "no whole answer in %.1f s, %zu bytes so far%s", options.request_limit,
                     client->in_length, client->state == TO_CONNECT ? " (backlog full)" : "");
            report.timeouts++;
            failed(client, why);
            next = 1;
        } else if (client->state == TO_CONNECT) {
            if (client->not_before <= now) {
                connect_client(client, now);
            }
            if (client->state == TO_CONNECT) {
                next = 1;
            }
        }
    }
    return next;
}

static void handle(struct client *client) {
    switch (client->state) {
        case CONNECTING:
            connected(client);
            break;
        case READING:
            read_answer(client);
            break;
        case STANDING_BY:
            report_error(&report, "the server closed (or wrote to) a connection that was standing by");
            drop_connection(client);
            client->state = PARKED;
            break;
        default:
            break;
    }
}

/* Runs until no client has anything to do. */
static void run(void) {
    uint64_t limit = (uint64_t)(options.request_limit * 1e9);
    struct epoll_event events[256];
    while (busy > 0) {
        int wait = look_after(now_nanos(), limit);
        int n = epoll_wait(epoll, events, 256, busy > 0 ? wait : 0);
        if (n < 0 && errno != EINTR) {
            fail("epoll_wait");
        }
        for (int i = 0; i < n; i++) {
            handle(events[i].data.ptr);
        }
    }
}

static void open_idle(void) {
    idle_left = options.idle;
    for (int i = 0; i < OPENING_AT_ONCE && idle_left > 0; i++) {
        next_idle(now_nanos());
    }
    run();
}

static void measure(void) {
    measuring = true;
    started = now_nanos();
    deadline = started + (uint64_t)(options.seconds * 1e9);
    busy = options.connections;
    for (size_t i = 0; i < options.connections; i++) {
        next_request(&clients[i], started, 0);
    }
    run();
}

/* ---- options ---- */

static void read_address(const char *text) {
    if (strchr(text, '/') != NULL) {
        struct sockaddr_un *address = (struct sockaddr_un *)&options.address;
        address->sun_family = AF_UNIX;
        if (strlen(text) >= sizeof address->sun_path) {
            usage();
        }
        strcpy(address->sun_path, text);
        options.address_length = sizeof *address;
        return;
    }
    struct sockaddr_in *address = (struct sockaddr_in *)&options.address;
    char host[64];
    unsigned port;
    address->sin_family = AF_INET;
    if (sscanf(text, "%63[0-9.]:%u", host, &port) != 2 || port > 65535 ||
        inet_pton(AF_INET, host, &address->sin_addr) != 1) {
        usage();
    }
    address->sin_port = htons((uint16_t)port);
    options.address_length = sizeof *address;
}

static void read_options(int argc, char **argv) {
    static const struct option known[] = {
        {"fcgi", 1, NULL, 'f'},        {"http", 1, NULL, 'h'},   {"param", 1, NULL, 'p'},
        {"path", 1, NULL, 'P'},        {"keep", 0, NULL, 'k'},   {"connections", 1, NULL, 'c'},
        {"seconds", 1, NULL, 's'},     {"requests", 1, NULL, 'n'}, {"status", 1, NULL, 'S'},
        {"body", 1, NULL, 'b'},        {"idle", 1, NULL, 'i'},   {"request-limit", 1, NULL, 'l'},
        {"post", 1, NULL, 'd'},
        {NULL, 0, NULL, 0},
    };
    char **params = calloc((size_t)argc, sizeof *params);
    size_t param_count = 0;
    const char *path = NULL;
    struct body body = {NULL, 0};
    bool http = false;
    int index = 0;
    for (int c; (c = getopt_long(argc, argv, "", known, &index)) != -1;) {
        switch (c) {
            case 'f': options.fcgi = true; read_address(optarg); break;
            case 'h': http = true; read_address(optarg); break;
            case 'p': params[param_count++] = optarg; break;
            case 'P': path = optarg; break;
            case 'k': options.keep = true; break;
            case 'c': options.connections = (size_t)read_number("connections", optarg); break;
            case 's': options.seconds = read_number("seconds", optarg); break;
            case 'n': options.requests = (size_t)read_number("requests", optarg); break;
            case 'S': options.expected.status = (int)read_number("status", optarg); break;
            case 'b': options.expected.body = read_file(optarg, &options.expected.length); break;
            case 'i': options.idle = (size_t)read_number("idle", optarg); break;
            case 'd': body.bytes = read_file(optarg, &body.length); break;
            case 'l': options.request_limit = read_number("request-limit", optarg); break;
            default: usage();
        }
    }
    if (optind != argc || options.fcgi == http || options.connections == 0 ||
        (options.seconds > 0) == (options.requests > 0) || (http && path == NULL) ||
        (options.idle > 0 && !options.keep)) {
        usage();
    }
    bool made = options.fcgi ? request_fcgi(&options.request, params, param_count, body, options.keep)
                             : request_http(&options.request, path, body, options.keep);
    if (!made) {
        usage();
    }
    free(params);
}

int main(int argc, char **argv) {
    read_options(argc, argv);
    signal(SIGPIPE, SIG_IGN);
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    client_count = options.connections + options.idle;
    clients = calloc(client_count, sizeof *clients);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    if (clients == NULL || epoll < 0) {
        fail("load");
    }
    for (size_t i = 0; i < client_count; i++) {
        clients[i] = (struct client){.state = PARKED, .fd = -1, .standby = i >= options.connections};
    }
    open_idle();
    measure();
    report_print(&report, (double)(now_nanos() - started) / 1e9);
    return report.errors > 0 ? 1 : 0;
}
