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

/* Request 1 of a connection without a body (FastCGI 1.0, section 6.2); params are NAME=VALUE. False: does not fit. */
bool request_fcgi(struct request *request, char *const *params, size_t count, bool keep);

/* A GET of that path that asks for the connection to be kept or closed. False: does not fit. */
bool request_http(struct request *request, const char *path, bool keep);

#endif
