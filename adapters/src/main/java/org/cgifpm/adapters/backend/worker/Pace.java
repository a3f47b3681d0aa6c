package org.cgifpm.adapters.backend.worker;

/**
 * What {@link Dynamic} remembers from one look at a group to the next. One for each group; the caller keeps it and
 * understands none of it.
 *
 * @param spawnRate how many workers the next maintenance may start, 1 or more
 * @param maintenanceNanos when the next maintenance is due
 * @param settled whether the last look left nothing for a maintenance to do
 * @param alive workers there were to be after the last decision
 */
public record Pace(int spawnRate, long maintenanceNanos, boolean settled, int alive) {
    /** Between two maintenances of a group, as in php-fpm. */
    static final long MAINTENANCE_NANOS = 1_000_000_000L;

    /** For a group that begins now; its first maintenance is a second away. */
    public static Pace begin(long nowNanos) {
        return new Pace(1, nowNanos + MAINTENANCE_NANOS, true, 0);
    }

    boolean maintenanceIsDue(long nowNanos) {
        return nowNanos - maintenanceNanos >= 0;
    }

    /** The first moment after now that is a whole number of intervals from the first maintenance. */
    long maintenanceAfter(long nowNanos) {
        if (!maintenanceIsDue(nowNanos)) {
            return maintenanceNanos;
        }
        long passed = (nowNanos - maintenanceNanos) / MAINTENANCE_NANOS + 1;
        return maintenanceNanos + passed * MAINTENANCE_NANOS;
    }
}
