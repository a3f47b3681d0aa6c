package org.cgifpm.adapters.frontend;

import java.util.function.Consumer;
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
    private final ConnectionLimits limits;
    private final Consumer<String> expired;
    private @Nullable Timer idleTimer;
    private @Nullable Timer paramsTimer;
    private boolean idle;
    private long idleSince;

    ConnectionTimers(EventLoop loop, ConnectionLimits limits, Consumer<String> expired) {
        this.loop = loop;
        this.limits = limits;
        this.expired = expired;
    }

    /** Bytes came or an answer went out: is there a request on the connection, and are params missing? */
    void progress(boolean noRequest, boolean paramsMissing) {
        if (paramsMissing) {
            idle = false;
            if (paramsTimer == null && limits.paramsTimeoutNanos() > 0) {
                paramsTimer = loop.schedule(limits.paramsTimeoutNanos(), () -> expired.accept("params_timeout"));
            }
            return;
        }
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
        if (idleTimer == null && limits.idleTimeoutNanos() > 0) {
            idleTimer = loop.schedule(limits.idleTimeoutNanos(), this::idleCheck);
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
        long left = idleSince + limits.idleTimeoutNanos() - loop.now();
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
