package org.cgifpm.daemon.supervisor;

import java.util.LinkedHashSet;
import java.util.Set;
import org.cgifpm.daemon.config.Admission;
import org.jspecify.annotations.Nullable;

/**
 * Places for requests in one pool, and the queue of those that wait for one. Counts only, no clock; loop thread.
 *
 * <p>A request needs a process, which {@link DaemonGate} has to have a place for. Where a process has several requests at
 * once ({@link #concurrency}), one is needed for so many of each user, and the pool has so many times the places.
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
    /** Requests at work. */
    private final Counts<Integer> users = new Counts<>();

    private PlacePeaks peaks = new PlacePeaks();
    private int busy;
    private int concurrency = 1;

    public PoolGate(DaemonGate daemon, Admission limits) {
        this(daemon, limits, NOBODY);
    }

    public PoolGate(DaemonGate daemon, Admission limits, Tally tally) {
        this.daemon = daemon;
        this.limits = limits;
        this.tally = tally;
    }

    /** Where the most that was at work and waited is kept from now on. */
    public void peaks(PlacePeaks kept) {
        peaks = kept;
    }

    public int busy() {
        return busy;
    }

    public int waiting() {
        return queue.size();
    }

    /** How many requests may be at work at once. */
    public int capacity() {
        return (int) Math.min((long) limits.maxChildren() * concurrency, Integer.MAX_VALUE);
    }

    /**
     * Says how many requests a process has at once, from now on: more lets in who waits; fewer turns nobody out who is at
     * work.
     *
     * @param requests at least 1, which it is in the beginning
     */
    public void concurrency(int requests) {
        if (requests < 1) {
            throw new IllegalArgumentException("concurrency " + requests);
        }
        int before = concurrency;
        concurrency = requests;
        users.forEach((uid, atWork) -> recount(uid, processes(atWork, before), processes(atWork, requests)));
        daemon.letIn();
    }

    private void recount(int uid, int before, int now) {
        for (int i = before; i < now; i++) {
            daemon.take(uid);
        }
        for (int i = now; i < before; i++) {
            daemon.giveBack(uid);
        }
    }

    public Entry enter(Waiter waiter) {
        // While a place is being given out, somebody in the queue may be about to get it.
        if (hasPlace() && mayEnter(waiter.claim()) && next() == null) {
            admit(waiter);
            return Entry.ADMITTED;
        }
        peaks.wasFull();
        if (queue.size() >= limits.queueLength()) {
            return Entry.FULL;
        }
        queue.add(waiter);
        peaks.waiting(queue.size());
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
        users.remove(claim.uid());
        tally.atWork(claim.uid(), -1);
        if (needsProcess(claim.uid())) {
            daemon.giveBack(claim.uid()); // the one that was its own; all others are as many as they can be
        }
        daemon.letIn();
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

    /** The first who waits and may be let in; null if there is none. */
    @Nullable
    Waiter next() {
        if (hasPlace() && (concurrency > 1 || daemon.hasPlace())) {
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
        peaks.atWork(busy);
        if (needsProcess(claim.uid())) {
            daemon.take(claim.uid());
        }
        users.add(claim.uid());
        if (claim.script() != null) {
            scripts.add(claim.script());
        }
        tally.atWork(claim.uid(), 1);
        leave(waiter);
        waiter.admitted();
    }

    private boolean hasPlace() {
        return busy < capacity();
    }

    private boolean mayEnter(Claim claim) {
        return !scriptIsAtCap(claim) && (!needsProcess(claim.uid()) || (daemon.hasPlace() && !userIsAtCap(claim)));
    }

    /** Whether all processes of that user have all the requests that they can have, so that one more needs another. */
    private boolean needsProcess(int uid) {
        return users.of(uid) % concurrency == 0;
    }

    private static int processes(int requests, int concurrency) {
        return requests == 0 ? 0 : (requests - 1) / concurrency + 1;
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
