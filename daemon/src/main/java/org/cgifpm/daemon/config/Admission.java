package org.cgifpm.daemon.config;

import java.time.Duration;

/**
 * How many requests of a pool are served at once, and how many may wait for their turn.
 *
 * @param maxChildren processes at work, at least 1
 * @param queueLength waiting requests, 0: none may wait; one more is answered 503
 * @param queueTimeout longest wait, more than zero; then 503
 * @param maxPerUser processes at work of one user over all pools, 0: no limit
 * @param maxPerScript processes at work of one script, 0: no limit
 * @param requestBuffering whether the body is read before a place is taken
 */
public record Admission(
        int maxChildren,
        int queueLength,
        Duration queueTimeout,
        int maxPerUser,
        int maxPerScript,
        boolean requestBuffering) {
    public static final Admission DEFAULT = new Admission(16, 64, Duration.ofSeconds(10), 0, 0, false);
}
