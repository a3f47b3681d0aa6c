package org.cgifpm.adapters.backend.warm;

/**
 * How one pool's keepers are treated; the names are those of the configuration keys. Times are nanoseconds.
 *
 * @param pool the pool's name
 * @param startupTimeoutNanos from the start of a keeper until it has imported what it shall
 * @param launchTimeoutNanos how long a keeper may leave a request without a word; 0 means no limit
 * @param requestTimeoutNanos how long what a request leaves running may live; 0 means no limit
 * @param killBackground true for {@code background = "kill"}
 * @param maxRequests forks of one keeper, then another takes its place; 0 means no limit
 * @param maxAgeNanos likewise, by age; 0 means no limit
 * @param maxMemory resident bytes of a keeper, then another takes its place; 0 means that only growth counts
 * @param idleTimeoutNanos how long a keeper is kept without a request; 0 means for as long as the pool is there
 * @param maxKeepers in the whole pool; beyond, the one idle for longest makes way, and a script whose keeper has no
 *     room runs cold
 * @param killGraceNanos between TERM and KILL
 */
public record WarmSettings(
        String pool,
        long startupTimeoutNanos,
        long launchTimeoutNanos,
        long requestTimeoutNanos,
        boolean killBackground,
        int maxRequests,
        long maxAgeNanos,
        long maxMemory,
        long idleTimeoutNanos,
        int maxKeepers,
        long killGraceNanos) {}
