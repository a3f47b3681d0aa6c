package org.cgifpm.daemon.status;

import java.util.List;
import org.cgifpm.adapters.backend.warm.KeeperView;
import org.cgifpm.adapters.backend.worker.GroupView;
import org.cgifpm.daemon.config.PoolSettings;

/**
 * How one pool is doing: a snapshot that any thread may read. What nobody can count in a pool whose workers take their
 * requests themselves ({@code dispatch = "direct"}) is 0.
 *
 * @param settings those that requests get that come now
 * @param sinceMillis when the pool was made, milliseconds since 1970
 * @param accepted connections since then
 * @param connections open now
 * @param active requests that have their place now
 * @param waiting requests that wait for one now
 * @param peaks the most of both at one time, and how often there was no room
 * @param slow requests that took longer than {@code slow_after}
 * @param workers of applications that are kept
 * @param keepers of interpreters that fork
 */
public record PoolReport(
        PoolSettings settings,
        PoolState state,
        long sinceMillis,
        long accepted,
        int connections,
        int active,
        int waiting,
        Peaks peaks,
        long slow,
        PoolCounters.Values counters,
        List<GroupView> workers,
        List<KeeperView> keepers) {
    /**
     * Since the pool was made.
     *
     * @param active the most requests at work at one time
     * @param waiting the most requests that waited at one time
     * @param full how often a request that came found no place free ({@code max children reached})
     */
    public record Peaks(int active, int waiting, long full) {}

    public PoolReport {
        workers = List.copyOf(workers);
        keepers = List.copyOf(keepers);
    }

    public String name() {
        return settings.name();
    }

    /** Workers that have nothing to do. */
    public int idleProcesses() {
        return workers.stream().mapToInt(GroupView::idle).sum();
    }

    /** Processes that have something to do: where each request has one of its own, as many as are at work. */
    public int busyProcesses() {
        boolean own = !settings.mode().hasOneApplication();
        return own ? active : workers.stream().mapToInt(GroupView::busy).sum();
    }
}
