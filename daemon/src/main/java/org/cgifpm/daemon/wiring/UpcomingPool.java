package org.cgifpm.daemon.wiring;

import java.util.List;
import org.cgifpm.daemon.config.PoolSettings;
import org.jspecify.annotations.Nullable;

/**
 * A pool that is ready to take requests, and does not yet.
 *
 * @param socket what it listens on
 * @param opened whether that was opened for it; else another door has it now, maybe of the same pool
 * @param work null if it has to stay down
 * @param differences why it has to: how its scripts would run otherwise than asked
 */
record UpcomingPool(
        PoolSettings settings,
        PoolFigures figures,
        PoolSocket socket,
        boolean opened,
        @Nullable PoolAtWork work,
        List<String> differences) {
    UpcomingPool {
        differences = List.copyOf(differences);
    }

    String name() {
        return settings.name();
    }
}
