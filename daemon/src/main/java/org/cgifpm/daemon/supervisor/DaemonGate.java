package org.cgifpm.daemon.supervisor;

import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * Places for processes over all pools ({@code [daemon] max_children}), and how many of them each user has: a pool's
 * {@code max_children_per_user} is about all of a user's processes, also those of other pools. Counts only, no clock;
 * loop thread.
 *
 * <p>When the daemon's own cap binds, pools that have somebody who may be let in get the next free places in turn.
 */
public final class DaemonGate {
    private int max;
    private final Counts<Integer> users = new Counts<>();
    /** Pools with waiting requests, the one whose turn it is first. */
    private final ArrayDeque<PoolGate> turn = new ArrayDeque<>();

    private int busy;

    public DaemonGate(int max) {
        this.max = max;
    }

    /** So many places from now on: more lets in who waits; fewer turns nobody out who is at work. */
    public void max(int places) {
        max = places;
        letIn();
    }

    public int max() {
        return max;
    }

    public int busy() {
        return busy;
    }

    /** Processes at work of that user, in all pools. */
    public int busyOf(int uid) {
        return users.of(uid);
    }

    boolean hasPlace() {
        return busy < max;
    }

    /** Only where {@link #hasPlace}, unless what is at work already turns out to need more. */
    void take(int uid) {
        busy++;
        users.add(uid);
    }

    /** That pool has a waiting request now. */
    void waits(PoolGate pool) {
        if (!turn.contains(pool)) {
            turn.addLast(pool);
        }
    }

    /** A place is free again; {@link #letIn} has to follow. */
    void giveBack(int uid) {
        busy--;
        users.remove(uid);
    }

    /** Lets in who may be let in, in whatever pool. */
    void letIn() {
        while (letOneIn()) {}
    }

    private boolean letOneIn() {
        for (Iterator<PoolGate> pools = turn.iterator(); pools.hasNext(); ) {
            PoolGate pool = pools.next();
            PoolGate.Waiter next = pool.next();
            if (next != null) {
                pools.remove();
                pool.admit(next);
                if (pool.waiting() > 0) {
                    waits(pool);
                }
                return true;
            } else if (pool.waiting() == 0) {
                pools.remove();
            }
        }
        return false;
    }
}
