package org.cgifpm.daemon.status.page;

import java.time.Clock;
import java.util.List;
import org.cgifpm.daemon.status.PoolReport;
import org.cgifpm.daemon.status.RunningReport;

/**
 * What a page shows.
 *
 * @param running empty where nobody asked for them
 * @param nowMillis when it was made, milliseconds since 1970
 * @param clock for its zone alone
 */
record Snapshot(PoolReport pool, List<RunningReport> running, long nowMillis, Clock clock) {
    Snapshot {
        running = List.copyOf(running);
    }

    Snapshot(PoolReport pool, List<RunningReport> running, Clock clock) {
        this(pool, running, clock.millis(), clock);
    }
}
