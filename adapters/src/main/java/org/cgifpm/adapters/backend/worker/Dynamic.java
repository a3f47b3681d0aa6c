package org.cgifpm.adapters.backend.worker;

import java.util.OptionalLong;

/**
 * {@code pm = "dynamic"}: between {@code min_spare_servers} and {@code max_spare_servers} workers without a request.
 *
 * <p>Once a second, on a beat that begins with the group, it does what php-fpm's idle server maintenance does: with too
 * few spare workers it starts 1, then 2, 4 and so on up to {@code max_spawn_rate}, with too many it stops one. It acts
 * on what is true at the beat, not on what was true for a moment in between, or a load that goes up and down would have
 * it start and stop workers all the time. While nothing is amiss it asks for no beat at all, and takes it that those
 * that passed meanwhile found nothing to do.
 *
 * <p>Two things do not wait for the beat: requests that no worker will take, which php-fpm's master does not see, and
 * the replacement of workers that ended by themselves while spare ones are short.
 *
 * @param maxSpawnRate the most that a maintenance starts, and the most that may be starting at one time
 */
public record Dynamic(int maxChildren, int startServers, int minSpare, int maxSpare, int maxSpawnRate)
        implements SpawnPolicy {
    public Dynamic {
        if (minSpare < 1
                || maxSpare < minSpare
                || maxChildren < maxSpare
                || startServers < 0
                || startServers > maxChildren
                || maxSpawnRate < 1) {
            throw new IllegalArgumentException("max_children " + maxChildren + ", start_servers " + startServers
                    + ", min_spare_servers " + minSpare + ", max_spare_servers " + maxSpare + ", max_spawn_rate "
                    + maxSpawnRate);
        }
    }

    @Override
    public int atStart() {
        return startServers;
    }

    @Override
    public Decision look(Census census, Pace pace, long nowNanos) {
        int rate = pace.spawnRate();
        int start = Math.max(
                census.startsForWaiting(maxChildren, maxSpawnRate),
                replacements(census, pace.alive() - census.alive()));
        int stop = 0;
        if (pace.maintenanceIsDue(nowNanos)) {
            if (pace.settled() || isSettled(census, 0, 0)) {
                rate = 1;
            } else if (isShort(census, 0)) {
                start = Math.max(start, additions(census, rate));
                rate = Math.min(2 * rate, maxSpawnRate);
            } else {
                stop = 1;
                rate = 1;
            }
        }
        long next = pace.maintenanceAfter(nowNanos);
        boolean settled = isSettled(census, start, stop);
        return new Decision(
                start,
                stop,
                new Pace(rate, next, settled, census.alive() + start - stop),
                settled ? OptionalLong.empty() : OptionalLong.of(next - nowNanos));
    }

    /** Instead of those that have gone since the last look, as far as they are missed. */
    private int replacements(Census census, int gone) {
        return Math.max(0, additions(census, gone));
    }

    private int additions(Census census, int atMost) {
        int wanted = Math.min(atMost, minSpare - census.spare());
        return Math.min(wanted, Math.min(census.room(maxChildren), Math.max(0, maxSpawnRate - census.starting())));
    }

    private boolean isShort(Census census, int start) {
        return census.spare() + start < minSpare && census.room(maxChildren) > start;
    }

    /** Whether a maintenance would find nothing that it can do, once that many have been started and stopped. */
    private boolean isSettled(Census census, int start, int stop) {
        return !isShort(census, start) && !isOver(census, start, stop);
    }

    /** Only idle ones can be stopped, and none while requests wait. */
    private boolean isOver(Census census, int start, int stop) {
        return census.spare() + start - stop > maxSpare && census.idle() > stop && census.waiting() == 0;
    }
}
