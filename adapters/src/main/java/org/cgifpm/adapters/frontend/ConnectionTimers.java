package org.cgifpm.adapters.frontend;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.Timer;
import org.jspecify.annotations.Nullable;

/**
 * The two waits of a connection: for the rest of a request's params, and for the next request. Loop thread only.
 *
 * <p>The idle timer is not moved at every request: when it fires, it looks how long the connection has been idle.
 */
final class ConnectionTimers {
    private final EventLoop loop;
    private final Supplier<ConnectionLimits> limits;
    private final Consumer<String> expired;
    private @Nullable Timer idleTimer;
    private @Nullable Timer paramsTimer;
    private long paramsSince;
    private boolean idle;
    private long idleSince;

    ConnectionTimers(EventLoop loop, Supplier<ConnectionLimits> limits, Consumer<String> expired) {
        this.loop = loop;
        this.limits = limits;
        this.expired = expired;
    }

    /**
     * Params are missing.
     *
     * @param since when the oldest request began whose params are not complete
     */
    void paramsMissing(long since) {
        idle = false;
        paramsSince = since;
        if (paramsTimer == null && limits.get().paramsTimeoutNanos() > 0) {
            paramsTimer = loop.schedule(since + limits.get().paramsTimeoutNanos() - loop.now(), this::paramsCheck);
        }
    }

    private void paramsCheck() {
        paramsTimer = null;
        // The request that the timer was set for may be complete, and another may have begun since.
        if (paramsSince + limits.get().paramsTimeoutNanos() - loop.now() <= 0) {
            expired.accept("params_timeout");
        } else {
            paramsMissing(paramsSince);
        }
    }

    /** No params are missing: is there a request on the connection? */
    void paramsComplete(boolean noRequest) {
        if (paramsTimer != null) {
            paramsTimer.cancel();
            paramsTimer = null;
        }
        if (noRequest) {
            idle();
        } else {
            idle = false;
        }
    }

    void idle() {
        idle = true;
        idleSince = loop.now();
        if (idleTimer == null && limits.get().idleTimeoutNanos() > 0) {
            idleTimer = loop.schedule(limits.get().idleTimeoutNanos(), this::idleCheck);
        }
    }

    /** The front end took some of the output. */
    void wrote() {
        idleSince = loop.now();
    }

    private void idleCheck() {
        idleTimer = null;
        if (!idle) {
            return; // the next time it becomes idle sets a timer again
        }
        long left = idleSince + limits.get().idleTimeoutNanos() - loop.now();
        if (left <= 0) {
            expired.accept("connection_idle_timeout");
        } else {
            idleTimer = loop.schedule(left, this::idleCheck);
        }
    }

    void cancel() {
        if (idleTimer != null) {
            idleTimer.cancel();
            idleTimer = null;
        }
        if (paramsTimer != null) {
            paramsTimer.cancel();
            paramsTimer = null;
        }
    }
}
