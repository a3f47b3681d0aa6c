package org.cgifpm.adapters.frontend.http;

import java.time.Duration;
import java.time.Instant;

/**
 * What became of one request: what the terminal line tells.
 *
 * @param at when its head was complete
 * @param method ISO-8859-1 as it was sent, as is {@code uri}; both may hold anything that a client made up
 * @param status 0 when no head went out
 * @param bytes of the response's body that were handed to the client's connection
 * @param duration from the complete head to the last byte
 * @param what {@code script hello.py}, {@code file}, {@code page}; empty for what was refused before that
 * @param note how it ended when not well ({@code cut}, {@code client gone}, {@code exit 3}), or empty
 * @param stderrLines lines that the script wrote to stderr
 * @param stderrWhere where they are, empty when there are none
 */
public record ServedRequest(
        Instant at,
        String method,
        String uri,
        int status,
        long bytes,
        Duration duration,
        String what,
        String note,
        int stderrLines,
        String stderrWhere) {}
