package org.cgifpm.adapters.frontend;

import java.util.function.Supplier;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.Timer;
import org.jspecify.annotations.Nullable;

/**
 * The wait before a connection ends: first for the front end to take the answer, then for the rest of what it sends.
 * One at a time; loop thread only.
 */
final class EndTimer {
    private final EventLoop loop;
    private final Supplier<ConnectionLimits> limits;
    private @Nullable Timer timer;
    /** When the front end last took output. */
    private long takenNanos;

    EndTimer(EventLoop loop, Supplier<ConnectionLimits> limits) {
        this.loop = loop;
        this.limits = limits;
    }

    /**
     * Waits as long as the front end takes something now and then. It may take its time with an answer; one that takes
     * nothing for {@code connection_idle_timeout} is not waited for.
     */
    void untilTaken(Runnable late) {
        cancel();
        takenNanos = loop.now();
        untilTaken(limits.get().idleTimeoutNanos(), late);
    }

    private void untilTaken(long nanos, Runnable late) {
        if (limits.get().idleTimeoutNanos() > 0) {
            timer = loop.schedule(nanos, () -> takenSince(late));
        }
    }

    private void takenSince(Runnable late) {
        timer = null;
        long left = takenNanos + limits.get().idleTimeoutNanos() - loop.now();
        if (left > 0) {
            untilTaken(left, late);
        } else {
            late.run();
        }
    }

    /** The front end took some of the output. */
    void taken() {
        takenNanos = loop.now();
    }

    /** Waits {@code linger_timeout}, from the first call on if there are several; only where it is not 0. */
    void untilReadOff(Runnable over) {
        if (timer == null) {
            timer = loop.schedule(limits.get().lingerTimeoutNanos(), () -> {
                timer = null;
                over.run();
            });
        }
    }

    void cancel() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
