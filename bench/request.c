#include "request.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { FCGI_BEGIN_REQUEST = 1, FCGI_PARAMS = 4, FCGI_STDIN = 5, FCGI_RESPONDER = 1 };

static bool append(struct request *request, const void *bytes, size_t length) {
    if (length > REQUEST_MAX - request->length) {
        return false;
    }
    memcpy(request->bytes + request->length, bytes, length);
    request->length += length;
    return true;
}

static bool append_record(struct request *request, int type, const void *content, size_t length) {
    uint8_t header[8] = {1, (uint8_t)type, 0, 1, (uint8_t)(length >> 8), (uint8_t)length, 0, 0};
    return append(request, header, sizeof header) && append(request, content, length);
}

static size_t put_length(uint8_t *out, size_t length) {
    if (length < 128) {
        out[0] = (uint8_t)length;
        return 1;
    }
    out[0] = (uint8_t)(0x80 | length >> 24);
    out[1] = (uint8_t)(length >> 16);
    out[2] = (uint8_t)(length >> 8);
    out[3] = (uint8_t)length;
    return 4;
}

/* Name-value pairs (FastCGI 1.0, section 3.4). */
static bool put_pairs(uint8_t *out, size_t *used, char *const *params, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const char *equals = strchr(params[i], '=');
        if (equals == NULL) {
            return false;
        }
        size_t name = (size_t)(equals - params[i]);
        size_t value = strlen(equals + 1);
        if (8 + name + value > REQUEST_MAX - *used) {
            return false;
        }
        *used += put_length(out + *used, name);
        *used += put_length(out + *used, value);
        memcpy(out + *used, params[i], name);
        memcpy(out + *used + name, equals + 1, value);
        *used += name + value;
    }
    return true;
}

bool request_fcgi(struct request *request, char *const *params, size_t count, struct body body, bool keep) {
    static uint8_t pairs[REQUEST_MAX];
    size_t used = 0;
    uint8_t begin[8] = {0, FCGI_RESPONDER, keep, 0, 0, 0, 0, 0};
    request->length = 0;
    return put_pairs(pairs, &used, params, count) && append_record(request, FCGI_BEGIN_REQUEST, begin, sizeof begin) &&
           append_record(request, FCGI_PARAMS, pairs, used) && append_record(request, FCGI_PARAMS, "", 0) &&
           (body.length == 0 || append_record(request, FCGI_STDIN, body.bytes, body.length)) &&
           append_record(request, FCGI_STDIN, "", 0);
}

bool request_http(struct request *request, const char *path, struct body body, bool keep) {
    char length[96] = "";
    if (body.bytes != NULL) {
        snprintf(length, sizeof length,
                 "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n", body.length);
    }
    int n = snprintf(request->bytes, REQUEST_MAX,
                     "%s %s HTTP/1.1\r\nHost: localhost\r\nUser-Agent: load\r\nAccept: */*\r\n"
                     "%sConnection: %s\r\n\r\n",
                     body.bytes != NULL ? "POST" : "GET", path, length, keep ? "keep-alive" : "close");
    request->length = n < 0 ? 0 : (size_t)n;
    return n > 0 && n < REQUEST_MAX &&
           (body.length == 0 || append(request, body.bytes, body.length));
}
