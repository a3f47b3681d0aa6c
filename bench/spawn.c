/*
 * The floor: what a CGI process costs on this machine when nothing but the kernel is asked.
 *
 * Each of --threads threads starts the program with posix_spawn and three pipes, closes its standard input, reads
 * its output to the end, waits for it, checks what it wrote and starts the next. No server can answer faster.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "answer.h"
#include "report.h"

enum { THREADS_MAX = 256, OUTPUT_MAX = 65536, ERRORS_MAX = 100 };

static char **program;
static char **environment;
static struct expectation expected = {.status = 200};
static uint64_t deadline;
static posix_spawnattr_t attributes;

struct spawner {
    pthread_t thread;
    struct report report;
    char output[OUTPUT_MAX];
};

static void usage(void) {
    fputs("usage: spawn --threads N --seconds S --body FILE [--param NAME=VALUE]... PROGRAM [ARGUMENT]...\n", stderr);
    exit(2);
}

static void note(struct report *report, const char *what, int error) {
    char why[WHY_MAX];
    snprintf(why, sizeof why, "%s: %s", what, strerror(error));
    report_error(report, why);
}

/* Reads to the end of the pipe and closes it; bytes beyond the space are thrown away. Returns the bytes kept. */
static size_t read_all(int fd, char *out, size_t space) {
    static __thread char rest[4096];
    size_t length = 0;
    for (;;) {
        bool full = length == space;
        ssize_t n = read(fd, full ? rest : out + length, full ? sizeof rest : space - length);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            close(fd);
            return length;
        }
        length += full ? 0 : (size_t)n;
    }
}

/* One process from start to reaping. */
static void spawn_once(struct spawner *spawner) {
    struct report *report = &spawner->report;
    int in[2];
    int out[2];
    int err[2];
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0) {
        note(report, "pipe2", errno);
        return;
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    posix_spawn_file_actions_adddup2(&actions, err[1], 2);
    pid_t pid;
    int error = posix_spawn(&pid, program[0], &actions, &attributes, program, environment);
    posix_spawn_file_actions_destroy(&actions);
    close(in[0]);
    close(in[1]);
    close(out[1]);
    close(err[1]);
    if (error != 0) {
        close(out[0]);
        close(err[0]);
        note(report, "posix_spawn", error);
        return;
    }
    size_t length = read_all(out[0], spawner->output, sizeof spawner->output);
    read_all(err[0], NULL, 0);
    int status;
    struct rusage usage;
    while (wait4(pid, &status, 0, &usage) < 0) {
        if (errno != EINTR) {
            note(report, "wait4", errno);
            return;
        }
    }
    char why[WHY_MAX];
    if (answer_cgi(spawner->output, length, &expected, why) != ANSWER_GOOD) {
        report_error(report, why);
    } else if (status != 0) {
        report_error(report, "the program failed");
    }
}

static void *spawn_many(void *argument) {
    struct spawner *spawner = argument;
    for (uint64_t began; (began = now_nanos()) < deadline && spawner->report.errors < ERRORS_MAX;) {
        size_t errors = spawner->report.errors;
        spawn_once(spawner);
        if (spawner->report.errors == errors) {
            report_good(&spawner->report, now_nanos() - began);
        }
    }
    return NULL;
}

int main(int argc, char **argv) {
    static const struct option known[] = {
        {"threads", 1, NULL, 't'}, {"seconds", 1, NULL, 's'}, {"body", 1, NULL, 'b'},
        {"param", 1, NULL, 'p'},   {NULL, 0, NULL, 0},
    };
    environment = calloc((size_t)argc + 1, sizeof *environment);
    size_t variables = 0;
    size_t threads = 1;
    double seconds = 0;
    for (int c; (c = getopt_long(argc, argv, "+", known, NULL)) != -1;) {
        switch (c) {
            case 't': threads = (size_t)read_number("threads", optarg); break;
            case 's': seconds = read_number("seconds", optarg); break;
            case 'b': expected.body = read_file(optarg, &expected.length); break;
            case 'p': environment[variables++] = optarg; break;
            default: usage();
        }
    }
    if (optind >= argc || seconds <= 0 || threads == 0 || threads > THREADS_MAX) {
        usage();
    }
    program = argv + optind;
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);

    struct spawner *spawners = calloc(threads, sizeof *spawners);
    if (spawners == NULL) {
        perror("calloc");
        return 2;
    }
    uint64_t started = now_nanos();
    deadline = started + (uint64_t)(seconds * 1e9);
    for (size_t i = 0; i < threads; i++) {
        if (pthread_create(&spawners[i].thread, NULL, spawn_many, &spawners[i]) != 0) {
            perror("pthread_create");
            return 2;
        }
    }
    struct report total = {0};
    for (size_t i = 0; i < threads; i++) {
        pthread_join(spawners[i].thread, NULL);
        report_add(&total, &spawners[i].report);
    }
    report_print(&total, (double)(now_nanos() - started) / 1e9);
    return total.errors > 0 ? 1 : 0;
}
