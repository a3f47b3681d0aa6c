/*
 * The bytes of a request. All clients of a run send the same ones, so they are made once.
 */
#ifndef REQUEST_H
#define REQUEST_H

#include <stdbool.h>
#include <stddef.h>

/* Below what a socket's buffer takes at once, and what fits one PARAMS record. */
#define REQUEST_MAX 60000

struct request {
    char bytes[REQUEST_MAX];
    size_t length;
};

/* What a POST sends; bytes is NULL when there is no body, and the request a GET. */
struct body {
    const char *bytes;
    size_t length;
};

/* Request 1 of a connection (FastCGI 1.0, section 6.2); params are NAME=VALUE. False: does not fit. */
bool request_fcgi(struct request *request, char *const *params, size_t count, struct body body, bool keep);

/* A GET or POST of that path that asks for the connection to be kept or closed. False: does not fit. */
bool request_http(struct request *request, const char *path, struct body body, bool keep);

#endif
