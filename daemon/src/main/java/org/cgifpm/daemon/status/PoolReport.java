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

    /**
     * Processes that have something to do: where scripts have one each, as many as requests are at work, but for those
     * that wait for a worker.
     */
    public int busyProcesses() {
        if (settings.mode().hasOneApplication()) {
            return workers.stream().mapToInt(GroupView::busy).sum();
        }
        return Math.max(
                0, active - workers.stream().mapToInt(GroupView::waiting).sum());
    }

    /** Workers that are about to have something to do. */
    public int startingProcesses() {
        return workers.stream().mapToInt(GroupView::starting).sum();
    }

    /** Interpreters that fork for requests. */
    public int keeperProcesses() {
        return (int) keepers.stream().filter(keeper -> keeper.pid() > 0).count();
    }

    /** All that the pool has: busy, idle and starting ones, and interpreters that fork. */
    public int processes() {
        return busyProcesses() + idleProcesses() + startingProcesses() + keeperProcesses();
    }
}
