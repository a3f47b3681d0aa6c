package org.cgifpm.adapters.backend.worker;

import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.Timer;
import org.jspecify.annotations.Nullable;

/**
 * How long one relayed request may take: to get a worker, to be done, and without a byte. Loop thread only; {@link #stop}
 * must be called at its end.
 */
final class RequestTimes {
    /** The request whose time it is. */
    interface Timed {
        /** Whether a worker has it and its answer is waited for. */
        boolean isUnderWay();

        /** When a byte of it came or went last, in the loop's time. */
        long lastByteNanos();

        /** No worker had it in time. */
        void waitedTooLong(String why);

        /** The worker that has it has taken too long, or has been silent for too long. */
        void tookTooLong(String why);
    }

    private final EventLoop loop;
    private final RelaySettings settings;
    private final Timed request;
    private @Nullable Timer waitTimer;
    private @Nullable Timer requestTimer;
    private @Nullable Timer idleTimer;

    RequestTimes(EventLoop loop, RelaySettings settings, Timed request) {
        this.loop = loop;
        this.settings = settings;
        this.request = request;
    }

    /** It waits for a worker from now on. */
    void waits() {
        if (waitTimer == null) {
            long limit = settings.startupTimeoutNanos();
            waitTimer = loop.schedule(limit, () -> {
                waitTimer = null;
                request.waitedTooLong("startup_timeout: no worker was ready within " + seconds(limit));
            });
        }
    }

    /** A worker has it now. Its time goes on if it has had another before. */
    void begins() {
        cancel(waitTimer);
        waitTimer = null;
        long limit = settings.requestTimeoutNanos();
        if (requestTimer == null && limit > 0) {
            limit(limit, "request_timeout: it ran for " + seconds(limit));
        }
        if (idleTimer == null && settings.idleTimeoutNanos() > 0) {
            idleTimer = loop.schedule(settings.idleTimeoutNanos(), this::lookIdle);
        }
    }

    /**
     * Nobody waits for it any more, but its worker may be at it for ever: without a {@code request_timeout} it has as long
     * to come back as one has to be ready.
     */
    void givenUp() {
        long limit = settings.startupTimeoutNanos();
        if (requestTimer == null) {
            limit(limit, "startup_timeout: given up on a request, it accepted no connection within " + seconds(limit));
        }
    }

    private void limit(long nanos, String why) {
        requestTimer = loop.schedule(nanos, () -> {
            requestTimer = null;
            request.tookTooLong(why);
        });
    }

    /** One timer, set again for as long as bytes came since; the bytes themselves only leave a time behind. */
    private void lookIdle() {
        idleTimer = null;
        if (!request.isUnderWay()) {
            return;
        }
        long limit = settings.idleTimeoutNanos();
        long idle = loop.now() - request.lastByteNanos();
        if (idle < limit) {
            idleTimer = loop.schedule(limit - idle, this::lookIdle);
        } else {
            request.tookTooLong("idle_timeout: no byte either way for " + seconds(limit));
        }
    }

    /** It is over. */
    void stop() {
        cancel(waitTimer);
        cancel(requestTimer);
        cancel(idleTimer);
    }

    private static void cancel(@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }

    private static String seconds(long nanos) {
        return nanos / 1_000_000_000.0 + " s";
    }
}
