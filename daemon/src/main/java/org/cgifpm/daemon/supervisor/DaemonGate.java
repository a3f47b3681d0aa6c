package org.cgifpm.daemon.supervisor;

import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * Places for processes over all pools ({@code [daemon] max_children}). Counts only, no clock; loop thread.
 *
 * <p>When the daemon's own cap binds, pools that have waiting requests and a place of their own get the next free
 * places in turn.
 */
public final class DaemonGate {
    private final int max;
    /** Pools with waiting requests, the one whose turn it is first. */
    private final ArrayDeque<PoolGate> turn = new ArrayDeque<>();

    private int busy;

    public DaemonGate(int max) {
        this.max = max;
    }

    public int busy() {
        return busy;
    }

    boolean take() {
        if (busy >= max) {
            return false;
        }
        busy++;
        return true;
    }

    /** That pool has a waiting request now. */
    void waits(PoolGate pool) {
        if (!turn.contains(pool)) {
            turn.addLast(pool);
        }
    }

    /** A place is free again: lets in who may be let in. */
    void release() {
        busy--;
        while (busy < max && letOneIn()) {}
    }

    private boolean letOneIn() {
        for (Iterator<PoolGate> pools = turn.iterator(); pools.hasNext(); ) {
            PoolGate pool = pools.next();
            if (!pool.hasWaiting()) {
                pools.remove();
            } else if (pool.hasPlace()) {
                pools.remove();
                busy++;
                pool.admitFirst();
                if (pool.hasWaiting()) {
                    waits(pool);
                }
                return true;
            }
        }
        return false;
    }
}
