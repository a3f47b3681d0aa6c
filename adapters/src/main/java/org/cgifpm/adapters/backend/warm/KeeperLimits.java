package org.cgifpm.adapters.backend.warm;

import java.util.Optional;

/**
 * When a keeper that works is replaced by a fresh one: what its scripts could foresee of it, such as its hash seed,
 * changes with it. Pure.
 *
 * @param maxRequests forks of one keeper, 0 for no limit
 * @param maxAgeNanos 0 for no limit
 * @param maxMemory resident bytes, 0 for no limit
 */
record KeeperLimits(int maxRequests, long maxAgeNanos, long maxMemory) {
    /** Beyond twice what it began with and that much, it grows without end: code of scripts is bounded otherwise. */
    private static final long GROWTH = 32L * 1024 * 1024;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /**
     * Why it is to be replaced, for the log; empty while it may stay.
     *
     * @param resident bytes now, 0 if nobody has looked
     * @param residentAtFirst bytes when it was ready
     */
    Optional<String> reason(long forks, long ageNanos, long resident, long residentAtFirst) {
        if (maxRequests > 0 && forks >= maxRequests) {
            return Optional.of("it has forked " + forks + " times (max_requests)");
        }
        if (maxAgeNanos > 0 && ageNanos >= maxAgeNanos) {
            return Optional.of("it is " + ageNanos / NANOS_PER_SECOND + " s old (max_age)");
        }
        if (maxMemory > 0 && resident >= maxMemory) {
            return Optional.of("it holds " + resident / 1024 + " kB of memory (max_memory)");
        }
        if (residentAtFirst > 0 && resident > 2 * residentAtFirst + GROWTH) {
            return Optional.of("it has grown from " + residentAtFirst / 1024 + " to " + resident / 1024 + " kB");
        }
        return Optional.empty();
    }
}
