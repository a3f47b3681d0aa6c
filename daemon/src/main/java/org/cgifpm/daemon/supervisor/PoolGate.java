package org.cgifpm.daemon.supervisor;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Places for processes in one pool, and the queue of those that wait for one: first come, first served. Counts only, no
 * clock; loop thread.
 */
public final class PoolGate {
    /** A request that wants a place. */
    public interface Waiter {
        /** It has its place now; {@link PoolGate#release} gives it back. */
        void admitted();
    }

    /** What became of a request at the gate. */
    public enum Entry {
        /** {@link Waiter#admitted} has been called. */
        ADMITTED,
        /** It waits; {@link Waiter#admitted} will be called unless it {@link PoolGate#leave}s. */
        QUEUED,
        /** Neither a place nor a place in the queue. */
        FULL
    }

    private final DaemonGate daemon;
    private final int max;
    private final int queueLength;
    private final Set<Waiter> queue = new LinkedHashSet<>();
    private int busy;

    /**
     * @param max {@code max_children}
     * @param queueLength {@code queue_length}, 0: nobody waits
     */
    public PoolGate(DaemonGate daemon, int max, int queueLength) {
        this.daemon = daemon;
        this.max = max;
        this.queueLength = queueLength;
    }

    public int busy() {
        return busy;
    }

    public int waiting() {
        return queue.size();
    }

    public Entry enter(Waiter waiter) {
        if (queue.isEmpty() && hasPlace() && daemon.take()) {
            busy++;
            waiter.admitted();
            return Entry.ADMITTED;
        }
        if (queue.size() >= queueLength) {
            return Entry.FULL;
        }
        queue.add(waiter);
        daemon.waits(this);
        return Entry.QUEUED;
    }

    /** Waits no longer; the next one moves up. */
    public void leave(Waiter waiter) {
        queue.remove(waiter);
    }

    /** A request that was admitted is over. */
    public void release() {
        busy--;
        daemon.release();
    }

    boolean hasWaiting() {
        return !queue.isEmpty();
    }

    boolean hasPlace() {
        return busy < max;
    }

    void admitFirst() {
        Waiter first = queue.iterator().next();
        queue.remove(first);
        busy++;
        first.admitted();
    }
}
