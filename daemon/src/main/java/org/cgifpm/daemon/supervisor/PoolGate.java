package org.cgifpm.daemon.supervisor;

import java.util.LinkedHashSet;
import java.util.Set;
import org.cgifpm.daemon.config.Admission;
import org.jspecify.annotations.Nullable;

/**
 * Places for processes in one pool, and the queue of those that wait for one. Counts only, no clock; loop thread.
 *
 * <p>First come, first served among those who may be let in: whose user or script is at its own cap is passed over, and
 * keeps its place in the queue.
 */
public final class PoolGate {
    /** A request that wants a place. */
    public interface Waiter {
        /** What it counts for; the same from {@link PoolGate#enter} to {@link PoolGate#release}. */
        Claim claim();

        /** It has its place now; {@link PoolGate#release} gives it back. */
        void admitted();
    }

    /** Told of every change to who works and who waits. */
    public interface Tally {
        /** One more (1) or one fewer (-1) of that user's requests has a place. */
        void atWork(int uid, int change);

        /** One more (1) or one fewer (-1) of that user's requests waits for a place. */
        void waiting(int uid, int change);
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

    private static final Tally NOBODY = new Tally() {
        @Override
        public void atWork(int uid, int change) {}

        @Override
        public void waiting(int uid, int change) {}
    };

    private final DaemonGate daemon;
    private final Admission limits;
    private final Tally tally;
    private final Set<Waiter> queue = new LinkedHashSet<>();
    private final Counts<Claim.ScriptFile> scripts = new Counts<>();
    private int busy;

    public PoolGate(DaemonGate daemon, Admission limits) {
        this(daemon, limits, NOBODY);
    }

    public PoolGate(DaemonGate daemon, Admission limits, Tally tally) {
        this.daemon = daemon;
        this.limits = limits;
        this.tally = tally;
    }

    public int busy() {
        return busy;
    }

    public int waiting() {
        return queue.size();
    }

    public Entry enter(Waiter waiter) {
        // While a place is being given out, somebody in the queue may be about to get it.
        if (hasPlace() && daemon.hasPlace() && mayEnter(waiter.claim()) && next() == null) {
            admit(waiter);
            return Entry.ADMITTED;
        }
        if (queue.size() >= limits.queueLength()) {
            return Entry.FULL;
        }
        queue.add(waiter);
        tally.waiting(waiter.claim().uid(), 1);
        daemon.waits(this);
        return Entry.QUEUED;
    }

    /** Waits no longer; the next one moves up. Does nothing for one that does not wait. */
    public void leave(Waiter waiter) {
        if (queue.remove(waiter)) {
            tally.waiting(waiter.claim().uid(), -1);
        }
    }

    /** A request that was admitted is over. */
    public void release(Waiter waiter) {
        Claim claim = waiter.claim();
        busy--;
        if (claim.script() != null) {
            scripts.remove(claim.script());
        }
        tally.atWork(claim.uid(), -1);
        daemon.release(claim.uid());
    }

    /** What keeps a request out that has just been told that it cannot come in, for the log. */
    public String fullness(Claim claim) {
        String cap = "";
        if (userIsAtCap(claim)) {
            cap = ", max_children_per_user (" + limits.maxPerUser() + ") reached by uid "
                    + Integer.toUnsignedString(claim.uid());
        } else if (scriptIsAtCap(claim)) {
            cap = ", max_children_per_script (" + limits.maxPerScript() + ") reached";
        }
        return busy + " at work, " + queue.size() + " waiting" + cap;
    }

    /** The first who waits and may be let in, but for the daemon's own cap; null if there is none. */
    @Nullable
    Waiter next() {
        if (hasPlace()) {
            for (Waiter waiter : queue) {
                if (mayEnter(waiter.claim())) {
                    return waiter;
                }
            }
        }
        return null;
    }

    /** Only where pool, daemon, user and script have a place. */
    void admit(Waiter waiter) {
        Claim claim = waiter.claim();
        busy++;
        daemon.take(claim.uid());
        if (claim.script() != null) {
            scripts.add(claim.script());
        }
        tally.atWork(claim.uid(), 1);
        leave(waiter);
        waiter.admitted();
    }

    private boolean hasPlace() {
        return busy < limits.maxChildren();
    }

    private boolean mayEnter(Claim claim) {
        return !userIsAtCap(claim) && !scriptIsAtCap(claim);
    }

    private boolean userIsAtCap(Claim claim) {
        return limits.maxPerUser() > 0 && daemon.busyOf(claim.uid()) >= limits.maxPerUser();
    }

    private boolean scriptIsAtCap(Claim claim) {
        return limits.maxPerScript() > 0
                && claim.script() != null
                && scripts.of(claim.script()) >= limits.maxPerScript();
    }
}
