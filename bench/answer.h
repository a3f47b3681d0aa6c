/*
 * Reading answers: FastCGI records, HTTP/1.1 and plain CGI output, and checking what they hold.
 *
 * All readers are stateless: they are given everything that has arrived so far and say whether it is a whole
 * answer. Answers in these runs are small, so reading them again from the start costs less than the code for
 * keeping a place would.
 */
#ifndef ANSWER_H
#define ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The largest answer that is accepted, in bytes, with all its framing. */
#define ANSWER_MAX (1 << 20)

/* The largest message about a bad answer, with its NUL. */
#define WHY_MAX 240

enum verdict { ANSWER_MORE, ANSWER_GOOD, ANSWER_BAD };

/* What an answer has to be: its status, and its body unless body is NULL (then any body will do). */
struct expectation {
    int status;
    const char *body;
    size_t length;
};

/* Checks the whole output of a CGI program (RFC 3875, 6.2); why is set when it is bad. */
enum verdict answer_cgi(const char *in, size_t length, const struct expectation *expected, char why[WHY_MAX]);

/* Looks for the answer to request 1 up to its END_REQUEST (FastCGI 1.0, section 3.3 and 5.5). */
enum verdict answer_fcgi(const char *in, size_t length, bool eof, const struct expectation *expected,
                         char why[WHY_MAX]);

/* Looks for one HTTP/1.1 answer, framed by Content-Length, by chunks or by the end of the connection. */
enum verdict answer_http(const char *in, size_t length, bool eof, const struct expectation *expected,
                         char why[WHY_MAX]);

#endif
