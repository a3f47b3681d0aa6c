#define _GNU_SOURCE
#include "answer.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FCGI_END_REQUEST = 3, FCGI_STDOUT = 6, FCGI_STDERR = 7 };

/* Where a framed body is put together; one thread per process reads framed answers. */
static char joined[ANSWER_MAX];

__attribute__((format(printf, 2, 3))) static enum verdict bad(char why[WHY_MAX], const char *format, ...) {
    __builtin_va_list arguments;
    __builtin_va_start(arguments, format);
    vsnprintf(why, WHY_MAX, format, arguments);
    __builtin_va_end(arguments);
    return ANSWER_BAD;
}

/* Copies the start of what was seen into text, made printable, so that an error can be read. */
static const char *shown(const char *in, size_t length, char text[100]) {
    size_t n = length < 90 ? length : 90;
    for (size_t i = 0; i < n; i++) {
        text[i] = in[i] == '\n' ? '|' : isprint((unsigned char)in[i]) ? in[i] : '.';
    }
    strcpy(text + n, length > n ? "..." : "");
    return text;
}

/* The length of the head with its empty line, or 0 when that has not come yet. */
static size_t head_length(const char *in, size_t length) {
    for (size_t i = 0; i < length; i++) {
        if (in[i] != '\n') {
            continue;
        }
        if (i + 1 < length && in[i + 1] == '\n') {
            return i + 2;
        }
        if (i + 2 < length && in[i + 1] == '\r' && in[i + 2] == '\n') {
            return i + 3;
        }
    }
    return 0;
}

/* Copies a header's value, without the blanks in front, into value; false when the head has no such header. */
static bool header(const char *head, size_t length, const char *name, char value[64]) {
    size_t name_length = strlen(name);
    const char *end = head + length;
    for (const char *line = head; line < end;) {
        const char *next = memchr(line, '\n', (size_t)(end - line));
        next = next == NULL ? end : next + 1;
        if ((size_t)(next - line) > name_length && strncasecmp(line, name, name_length) == 0 &&
            line[name_length] == ':') {
            const char *from = line + name_length + 1;
            while (from < next && *from == ' ') {
                from++;
            }
            size_t n = strcspn(from, "\r\n");
            snprintf(value, 64, "%.*s", (int)(n < 63 ? n : 63), from);
            return true;
        }
        line = next;
    }
    return false;
}

static enum verdict check(int status, const char *body, size_t length, const struct expectation *expected,
                          char why[WHY_MAX]) {
    char text[100];
    if (status != expected->status) {
        return bad(why, "status %d, expected %d: %s", status, expected->status, shown(body, length, text));
    }
    if (expected->body == NULL) {
        return ANSWER_GOOD;
    }
    if (length != expected->length || memcmp(body, expected->body, length) != 0) {
        return bad(why, "body of %zu bytes is not the expected one of %zu: %s", length, expected->length,
                   shown(body, length, text));
    }
    return ANSWER_GOOD;
}

enum verdict answer_cgi(const char *in, size_t length, const struct expectation *expected, char why[WHY_MAX]) {
    char text[100];
    size_t head = head_length(in, length);
    if (head == 0) {
        return bad(why, "no end of the head in %zu bytes: %s", length, shown(in, length, text));
    }
    char value[64];
    int status = header(in, head, "Status", value) ? atoi(value) : 200;
    return check(status, in + head, length - head, expected, why);
}

enum verdict answer_fcgi(const char *in, size_t length, bool eof, const struct expectation *expected,
                         char why[WHY_MAX]) {
    char text[100];
    size_t out = 0;
    const char *error = NULL;
    size_t error_length = 0;
    for (size_t at = 0; length - at >= 8;) {
        const uint8_t *record = (const uint8_t *)in + at;
        size_t content = (size_t)record[4] << 8 | record[5];
        size_t next = at + 8 + content + record[6];
        if (record[0] != 1) {
            return bad(why, "a record of version %d after %zu bytes (the answer was cut)", record[0], at);
        }
        if (record[2] != 0 || record[3] != 1) {
            return bad(why, "a record for request %d, expected 1", record[2] << 8 | record[3]);
        }
        if (next > length) {
            break;
        }
        if (record[1] == FCGI_STDOUT) {
            memcpy(joined + out, record + 8, content);
            out += content;
        } else if (record[1] == FCGI_STDERR && content > 0) {
            error = (const char *)record + 8;
            error_length = content;
        } else if (record[1] == FCGI_END_REQUEST) {
            if (content != 8 || record[12] != 0) {
                return bad(why, "END_REQUEST of %zu bytes with protocol status %d", content, record[12]);
            }
            if (next != length) {
                return bad(why, "%zu bytes after END_REQUEST", length - next);
            }
            enum verdict verdict = answer_cgi(joined, out, expected, why);
            if (verdict == ANSWER_BAD && error != NULL) {
                size_t used = strlen(why);
                snprintf(why + used, WHY_MAX - used, "; stderr: %s", shown(error, error_length, text));
            }
            return verdict;
        } else if (record[1] != FCGI_STDERR) {
            return bad(why, "a record of type %d", record[1]);
        }
        at = next;
    }
    if (eof) {
        return bad(why, "connection closed after %zu bytes, before END_REQUEST: %s", length,
                   shown(joined, out, text));
    }
    return ANSWER_MORE;
}

/* Joins the chunks (RFC 9112, 7.1). The count of bytes joined, or -1: not all there yet, or -2: not chunks. */
static long join_chunks(const char *in, size_t length, size_t *used) {
    size_t out = 0;
    for (size_t at = 0;;) {
        const char *line_end = memchr(in + at, '\n', length - at);
        if (line_end == NULL) {
            return -1;
        }
        char *after;
        unsigned long size = strtoul(in + at, &after, 16);
        if (after == in + at || size > ANSWER_MAX) {
            return -2;
        }
        at = (size_t)(line_end - in) + 1;
        if (at + size + 2 > length) {
            return -1;
        }
        if (size == 0) {
            *used = at + 2;
            return (long)out;
        }
        memcpy(joined + out, in + at, size);
        out += size;
        at += size + 2;
    }
}

enum verdict answer_http(const char *in, size_t length, bool eof, const struct expectation *expected,
                         char why[WHY_MAX]) {
    char text[100];
    size_t head = head_length(in, length);
    if (head == 0) {
        return eof ? bad(why, "connection closed after %zu bytes, inside the head: %s", length,
                         shown(in, length, text))
                   : ANSWER_MORE;
    }
    if (head < 13 || strncmp(in, "HTTP/1.", 7) != 0) {
        return bad(why, "no HTTP status line: %s", shown(in, length, text));
    }
    int status = atoi(in + 9);
    char value[64];
    const char *body = in + head;
    size_t body_length = length - head;
    if (header(in, head, "Transfer-Encoding", value) && strcasecmp(value, "chunked") == 0) {
        size_t used;
        long n = join_chunks(body, body_length, &used);
        if (n == -2) {
            return bad(why, "bad chunk: %s", shown(body, body_length, text));
        }
        if (n >= 0 && used < body_length) {
            return bad(why, "%zu bytes after the last chunk", body_length - used);
        }
        if (n >= 0) {
            return check(status, joined, (size_t)n, expected, why);
        }
        return eof ? bad(why, "connection closed inside the chunks") : ANSWER_MORE;
    }
    if (header(in, head, "Content-Length", value)) {
        size_t wanted = strtoul(value, NULL, 10);
        if (body_length > wanted) {
            return bad(why, "%zu bytes after the body", body_length - wanted);
        }
        if (body_length == wanted) {
            return check(status, body, body_length, expected, why);
        }
        return eof ? bad(why, "connection closed after %zu of %zu bytes", body_length, wanted) : ANSWER_MORE;
    }
    return eof ? check(status, body, body_length, expected, why) : ANSWER_MORE;
}
