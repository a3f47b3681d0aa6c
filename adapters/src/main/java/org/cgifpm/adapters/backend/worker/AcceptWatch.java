package org.cgifpm.adapters.backend.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Tells when a worker has accepted all connections that wait on its socket. The kernel has no event for that, so it is
 * asked: at once, then at intervals that grow with the time it takes. Loop thread only.
 */
final class AcceptWatch {
    private final EventLoop loop;
    private final BooleanSupplier waits;
    private final List<Runnable> told = new ArrayList<>(1);
    private @Nullable Timer timer;
    private long interval;

    /** @param waits whether there is a connection that was not accepted yet */
    AcceptWatch(EventLoop loop, BooleanSupplier waits) {
        this.loop = loop;
        this.waits = waits;
    }

    /** Runs {@code accepted} once nobody waits; never within this call. */
    void until(Runnable accepted) {
        told.add(accepted);
        if (timer == null) {
            interval = RelaySettings.FIRST_LOOK_MICROS * 1000;
            timer = loop.schedule(interval, this::look);
        }
    }

    private void look() {
        timer = null;
        if (waits.getAsBoolean()) {
            interval = Math.min(interval + interval / 4, RelaySettings.SLOWEST_LOOK_MILLIS * EventLoop.MILLIS);
            timer = loop.schedule(interval, this::look);
            return;
        }
        List<Runnable> due = List.copyOf(told);
        told.clear();
        due.forEach(Runnable::run);
    }

    void cancel() {
        told.clear();
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
