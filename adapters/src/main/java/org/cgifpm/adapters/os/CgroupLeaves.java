package org.cgifpm.adapters.os;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The leaves below one group, made when they are needed. An empty leaf is used again where nothing was counted in it:
 * making and removing one costs more than joining it. Any thread.
 */
final class CgroupLeaves {
    /**
     * Empty leaves that all pools together keep, with two descriptors each: descriptors of the daemon make every start
     * slower.
     */
    static final int MAX_FREE = 32;

    private static final AtomicInteger KEPT = new AtomicInteger();

    private final Syscalls syscalls;
    private final Cgroup parent;
    private final boolean countsMemory;
    /** Guards all below; held for moments only. */
    private final Object lock = new Object();

    private final ArrayDeque<CgroupLeaf> free = new ArrayDeque<>();
    private int made;
    private int out;

    CgroupLeaves(Syscalls syscalls, Cgroup parent, boolean countsMemory) {
        this.syscalls = syscalls;
        this.parent = parent;
        this.countsMemory = countsMemory;
    }

    CgroupLeaf take() throws SyscallException {
        String name;
        synchronized (lock) {
            CgroupLeaf kept = free.poll();
            if (kept != null) {
                KEPT.decrementAndGet();
                out++;
                return kept;
            }
            name = "r-" + made++;
        }
        CgroupLeaf leaf = new CgroupLeaf(syscalls, parent.child(name), countsMemory, this::back);
        synchronized (lock) {
            out++;
        }
        return leaf;
    }

    private void back(CgroupLeaf leaf) {
        synchronized (lock) {
            out--;
            if (!countsMemory && keepsOneMore()) {
                free.push(leaf);
                return;
            }
        }
        leaf.remove();
    }

    private static boolean keepsOneMore() {
        if (KEPT.incrementAndGet() <= MAX_FREE) {
            return true;
        }
        KEPT.decrementAndGet();
        return false;
    }

    /** How many are taken and not given back. */
    int out() {
        synchronized (lock) {
            return out;
        }
    }

    /** Removes the leaves that are kept and the group itself. */
    void close() {
        synchronized (lock) {
            KEPT.addAndGet(-free.size());
            free.forEach(CgroupLeaf::remove);
            free.clear();
        }
        parent.remove();
    }
}
