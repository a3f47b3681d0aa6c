package org.cgifpm.daemon.wiring;

import java.util.List;
import org.cgifpm.adapters.os.EventLoop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From the wish to stop to the last process's end: nothing new is taken, what runs may finish for {@code stop_timeout},
 * then TERM, after {@code kill_grace} KILL. A second wish skips the waiting. Loop thread only.
 */
final class StopSequence {
    /** What is brought to its end, pool by pool. */
    interface Work {
        /** No new requests; what runs may finish. */
        void drain();

        /** True when no request is left. */
        boolean idle();

        /** TERM to everything that runs, KILL after {@link #killGraceNanos}. */
        void terminate();

        /** KILL to everything that runs. */
        void kill();

        /** How long {@link #terminate} may take. */
        long killGraceNanos();
    }

    private static final Logger LOG = LoggerFactory.getLogger(StopSequence.class);
    private static final long LOOK_AGAIN_MILLIS = 20;
    /** After the last process has been sent KILL: a dead file server may hold one, or a start, for ever. */
    private static final long LAST_MILLIS = 5000;

    /** After the last answer its connection may still have to write it: so long at the most. */
    private static final long FLUSH_MILLIS = 1000;

    private final EventLoop loop;
    private final List<Work> pools;
    private final long stopTimeoutNanos;
    private final Runnable drainFrontends;
    private final java.util.function.IntSupplier connections;
    private boolean begun;
    private boolean hurried;
    private long flushUntil;

    /**
     * @param drainFrontends closes listening sockets and idle connections
     * @param connections how many connections are open
     */
    StopSequence(
            EventLoop loop,
            List<? extends Work> pools,
            long stopTimeoutNanos,
            Runnable drainFrontends,
            java.util.function.IntSupplier connections) {
        this.loop = loop;
        this.pools = List.copyOf(pools);
        this.stopTimeoutNanos = stopTimeoutNanos;
        this.drainFrontends = drainFrontends;
        this.connections = connections;
    }

    /** TERM, INT or HUP has come: the first one begins, the second skips the waiting. */
    void signalled(String name) {
        if (begun) {
            hurry(name + " again");
        } else {
            begin(name);
        }
    }

    /**
     * Begins, if it has not begun.
     *
     * @param why for the log
     * @param atOnce nothing is waited for
     */
    void stop(String why, boolean atOnce) {
        if (!begun) {
            begin(why);
        }
        if (atOnce) {
            hurry(why);
        }
    }

    private void hurry(String why) {
        if (!hurried) {
            hurried = true;
            LOG.warn("{}: ending everything that runs now", why);
            pools.forEach(Work::kill);
        }
    }

    private void begin(String why) {
        begun = true;
        LOG.info("{}: stopping; running requests may finish within stop_timeout", why);
        // First out of epoll, then closed: a child that is being started may hold a copy of a listening socket.
        loop.schedule(stopTimeoutNanos, this::timedOut);
        pools.forEach(Work::drain);
        drainFrontends.run();
        look();
    }

    private void timedOut() {
        long grace = pools.stream().mapToLong(Work::killGraceNanos).max().orElse(0);
        loop.schedule(grace + LAST_MILLIS * EventLoop.MILLIS, this::giveUp);
        if (!hurried && !allIdle()) {
            LOG.warn("stop_timeout: ending what still runs");
            pools.forEach(Work::terminate);
        }
    }

    private void giveUp() {
        LOG.error("stopped with work left that cannot be ended: a file system that does not answer?");
        loop.stop();
    }

    /** Asks all of them: a pool's workers are told to end when it is asked with its last request done. */
    private boolean allIdle() {
        boolean idle = true;
        for (Work pool : pools) {
            idle &= pool.idle();
        }
        return idle;
    }

    private void look() {
        boolean idle = allIdle();
        if (idle && flushUntil == 0) {
            flushUntil = loop.now() + FLUSH_MILLIS * EventLoop.MILLIS;
        }
        if (idle && (connections.getAsInt() == 0 || loop.now() - flushUntil >= 0)) {
            LOG.info("stopped");
            loop.stop();
        } else {
            loop.schedule(LOOK_AGAIN_MILLIS * EventLoop.MILLIS, this::look);
        }
    }
}
