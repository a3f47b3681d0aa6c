package org.cgifpm.daemon.config;

import java.time.Duration;

/**
 * How long a pool waits, and for what. The wait in the queue is in {@link Admission}.
 *
 * @param params from the first byte of a request to its last param, more than zero
 * @param connectionIdle a kept connection without a request, more than zero
 * @param launch checks and start of a script together, more than zero
 * @param request from the start of the process to its end; zero: no limit
 * @param idle no byte in either direction while the script runs; zero: no limit
 * @param killGrace between TERM and KILL; zero: KILL at once
 * @param linger reading off the rest of a body that nobody wants; zero: not at all
 */
public record Timeouts(
        Duration params,
        Duration connectionIdle,
        Duration launch,
        Duration request,
        Duration idle,
        Duration killGrace,
        Duration linger) {
    public static final Timeouts DEFAULT = new Timeouts(
            Duration.ofSeconds(10),
            Duration.ofSeconds(75),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ZERO,
            Duration.ofSeconds(5),
            Duration.ofSeconds(5));
}
