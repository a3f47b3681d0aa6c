package org.cgifpm.adapters.backend.worker;

import java.util.OptionalLong;

/**
 * {@code pm = "ondemand"}: no worker without a request; one for each that waits, until it has been idle too long.
 *
 * <p>php-fpm stops one idle worker a second. Here all go that are over the time: a group that falls asleep wakes the
 * daemon once for each moment at which its workers fell idle, and then never.
 *
 * @param maxSpawnRate the most that may be starting at one time, so that a crowd of requests does not start hundreds of
 *     interpreters side by side
 * @param idleTimeoutNanos {@code process_idle_timeout}, above 0
 */
public record OnDemand(int maxChildren, int maxSpawnRate, long idleTimeoutNanos) implements SpawnPolicy {
    public OnDemand {
        if (maxChildren < 1 || maxSpawnRate < 1 || idleTimeoutNanos < 1) {
            throw new IllegalArgumentException("max_children " + maxChildren + ", max_spawn_rate " + maxSpawnRate
                    + ", process_idle_timeout " + idleTimeoutNanos + " ns");
        }
    }

    @Override
    public int atStart() {
        return 0;
    }

    @Override
    public Decision look(Census census, Pace pace, long nowNanos) {
        if (census.unserved() > 0) {
            return Decision.start(census.startsForWaiting(maxChildren, maxSpawnRate), pace);
        }
        // With requests waiting an idle worker is about to get one, and that is a change the caller looks at.
        if (census.idle() == 0 || census.waiting() > 0) {
            return Decision.rest(pace);
        }
        long remaining = idleTimeoutNanos - (nowNanos - census.longestIdleSinceNanos());
        if (remaining > 0) {
            return new Decision(0, 0, pace, OptionalLong.of(remaining));
        }
        // The census tells the age of one. The next longest may be over its time, too: look at once.
        return new Decision(0, 1, pace, census.idle() > 1 ? OptionalLong.of(0) : OptionalLong.empty());
    }
}
