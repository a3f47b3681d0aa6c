/*
 * What a run has to say: latencies, errors with what was seen, and the one line of JSON at its end.
 *
 * A report belongs to one thread; report_add puts the reports of several threads together.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stddef.h>
#include <stdint.h>

struct report {
    uint32_t *micros; /* latency of each good request, in microseconds */
    size_t requests;  /* good requests */
    size_t capacity;
    size_t errors;    /* bad answers, refused connections and time-outs */
    size_t timeouts;  /* those errors that were a time-out */
    size_t retries;   /* connects tried again because the backlog was full or ports had run out */
    char first_error[240];
};

/* Monotonic time in nanoseconds. */
uint64_t now_nanos(void);

/* Notes a good request that took so long; ends the program when memory runs out. */
void report_good(struct report *report, uint64_t nanos);

/* Notes a failure; the first message is kept. */
void report_error(struct report *report, const char *message);

void report_add(struct report *total, const struct report *part);

/* Sorts the latencies and prints the JSON line; seconds is from the first request to the last answer. */
void report_print(struct report *report, double seconds);

/* Reads a whole file of at most ANSWER_MAX bytes; ends the program with status 2 when it cannot be read. */
char *read_file(const char *path, size_t *length);

/* Reads a positive number below a thousand million; ends the program with status 2 otherwise. */
double read_number(const char *option, const char *text);

#endif
