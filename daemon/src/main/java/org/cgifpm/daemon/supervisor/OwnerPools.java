package org.cgifpm.daemon.supervisor;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.Timer;
import org.jspecify.annotations.Nullable;

/**
 * The pools that one pool with {@code user = "@owner"} stands for: one for each script owner, made when the first
 * request comes, let go when nothing of it has happened for a while. All of them share the places and the queue of the
 * pool they come from. Loop thread only.
 *
 * <p>Bounded: owners at work or waiting are no more than {@code max_children} and {@code queue_length} allow, idle ones
 * no more than {@link #MAX_IDLE}, of which the one idle for longest goes first.
 */
public final class OwnerPools implements PoolGate.Tally {
    /** How long one is kept without a request. */
    public static final long KEPT_NANOS = 10_000 * EventLoop.MILLIS;

    static final int MAX_IDLE = 256;

    /** Told when an owner's pool comes and goes, so that what belongs to it can be made and removed. */
    public interface Watcher {
        Watcher NOBODY = new Watcher() {};

        default void made(int uid) {}

        /** Nothing of it is at work and nobody waits. */
        default void letGo(int uid) {}
    }

    /**
     * One owner's pool at a moment.
     *
     * @param uid above 2<sup>31</sup> - 1 it looks negative here
     * @param idleNanos how long it has been idle, 0 while it is not
     */
    public record State(int uid, int atWork, int waiting, long idleNanos) {}

    private static final class OwnerPool {
        int atWork;
        int waiting;
        /** In the loop's time; means something only while it is idle. */
        long idleSince;

        boolean idle() {
            return atWork == 0 && waiting == 0;
        }
    }

    private final EventLoop loop;
    private final long keptNanos;
    private final Watcher watcher;
    private final Map<Integer, OwnerPool> pools = new LinkedHashMap<>();
    /** Those that are idle, the one idle for longest first. */
    private final Map<Integer, OwnerPool> idle = new LinkedHashMap<>();

    private @Nullable Timer timer;

    /** @param keptNanos how long an idle one is kept, usually {@link #KEPT_NANOS} */
    public OwnerPools(EventLoop loop, long keptNanos, Watcher watcher) {
        this.loop = loop;
        this.keptNanos = keptNanos;
        this.watcher = watcher;
    }

    @Override
    public void atWork(int uid, int change) {
        OwnerPool pool = used(uid);
        pool.atWork += change;
        rests(uid, pool);
    }

    @Override
    public void waiting(int uid, int change) {
        OwnerPool pool = used(uid);
        pool.waiting += change;
        rests(uid, pool);
    }

    /** Those there are now, the one made first at the front. */
    public List<State> snapshot() {
        List<State> states = new ArrayList<>(pools.size());
        pools.forEach((uid, pool) ->
                states.add(new State(uid, pool.atWork, pool.waiting, pool.idle() ? loop.now() - pool.idleSince : 0)));
        return states;
    }

    private OwnerPool used(int uid) {
        OwnerPool known = idle.remove(uid);
        if (known == null) {
            known = pools.get(uid);
        }
        if (known == null) {
            known = new OwnerPool();
            pools.put(uid, known);
            watcher.made(uid);
        }
        return known;
    }

    private void rests(int uid, OwnerPool pool) {
        if (!pool.idle()) {
            return;
        }
        pool.idleSince = loop.now();
        idle.put(uid, pool);
        if (idle.size() > MAX_IDLE) {
            letGoFirst();
        }
        if (timer == null) {
            timer = loop.schedule(keptNanos, this::look);
        }
    }

    /** One timer for all: as they became idle one after the other, so they are let go. */
    private void look() {
        timer = null;
        while (!idle.isEmpty()) {
            long left = idle.values().iterator().next().idleSince + keptNanos - loop.now();
            if (left > 0) {
                timer = loop.schedule(left, this::look);
                return;
            }
            letGoFirst();
        }
    }

    private void letGoFirst() {
        Iterator<Integer> first = idle.keySet().iterator();
        int uid = first.next();
        first.remove();
        pools.remove(uid);
        watcher.letGo(uid);
    }
}
