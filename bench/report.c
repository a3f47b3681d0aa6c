#define _GNU_SOURCE
#include "report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "answer.h"

uint64_t now_nanos(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void reserve(struct report *report, size_t capacity) {
    if (capacity <= report->capacity) {
        return;
    }
    report->capacity = capacity < 4096 ? 4096 : capacity * 2;
    report->micros = realloc(report->micros, report->capacity * sizeof *report->micros);
    if (report->micros == NULL) {
        perror("realloc");
        exit(2);
    }
}

void report_good(struct report *report, uint64_t nanos) {
    reserve(report, report->requests + 1);
    report->micros[report->requests++] = (uint32_t)(nanos / 1000);
}

void report_error(struct report *report, const char *message) {
    if (report->errors++ == 0) {
        snprintf(report->first_error, sizeof report->first_error, "%s", message);
    }
}

void report_add(struct report *total, const struct report *part) {
    if (part->requests > 0) {
        reserve(total, total->requests + part->requests);
        memcpy(total->micros + total->requests, part->micros, part->requests * sizeof *part->micros);
    }
    total->requests += part->requests;
    total->timeouts += part->timeouts;
    total->retries += part->retries;
    if (total->errors == 0 && part->errors > 0) {
        snprintf(total->first_error, sizeof total->first_error, "%s", part->first_error);
    }
    total->errors += part->errors;
}

static int by_size(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left;
    uint32_t b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* The nearest-rank percentile: at least that share of the requests was no slower. */
static uint32_t percentile(const struct report *report, unsigned percent) {
    if (report->requests == 0) {
        return 0;
    }
    size_t rank = (report->requests * percent + 99) / 100;
    return report->micros[rank == 0 ? 0 : rank - 1];
}

static void print_string(const char *text) {
    putchar('"');
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\') {
            printf("\\%c", c);
        } else if (c < 0x20 || c > 0x7e) {
            printf("\\u%04x", c);
        } else {
            putchar(c);
        }
    }
    putchar('"');
}

void report_print(struct report *report, double seconds) {
    if (report->requests > 0) {
        qsort(report->micros, report->requests, sizeof *report->micros, by_size);
    }
    printf("{\"requests\": %zu, \"errors\": %zu, \"timeouts\": %zu, \"retries\": %zu, \"seconds\": %.6f, "
           "\"rps\": %.2f, \"p50_us\": %u, \"p90_us\": %u, \"p99_us\": %u, \"max_us\": %u, \"first_error\": ",
           report->requests, report->errors, report->timeouts, report->retries, seconds,
           seconds > 0 ? (double)report->requests / seconds : 0.0, percentile(report, 50),
           percentile(report, 90), percentile(report, 99), percentile(report, 100));
    print_string(report->first_error);
    printf("}\n");
}

char *read_file(const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    char *bytes = malloc(ANSWER_MAX);
    if (file == NULL || bytes == NULL) {
        perror(path);
        exit(2);
    }
    *length = fread(bytes, 1, ANSWER_MAX, file);
    if (ferror(file) || !feof(file)) {
        fprintf(stderr, "%s: cannot be read, or is above %d bytes\n", path, ANSWER_MAX);
        exit(2);
    }
    fclose(file);
    return bytes;
}

double read_number(const char *option, const char *text) {
    char *end;
    double number = strtod(text, &end);
    if (end == text || *end != '\0' || !(number >= 0 && number < 1e9)) {
        fprintf(stderr, "--%s: \"%s\" is not a number between 0 and 1e9\n", option, text);
        exit(2);
    }
    return number;
}
