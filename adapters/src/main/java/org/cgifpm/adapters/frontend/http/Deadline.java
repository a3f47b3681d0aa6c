package org.cgifpm.adapters.frontend.http;

import java.time.Duration;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.Timer;
import org.jspecify.annotations.Nullable;

/** The one thing that a connection waits for with a limit; setting another replaces it. Loop thread only. */
final class Deadline {
    /** What is waited for. */
    enum Of {
        NOTHING,
        /** The first byte of a request. */
        REQUEST,
        /** The rest of a head. */
        HEAD,
        /** A client to take some of a response. */
        PROGRESS,
        /** The rest of a body, or the client's end of the connection. */
        LINGER
    }

    private final EventLoop loop;
    private final Runnable over;
    private Of current = Of.NOTHING;
    private @Nullable Timer timer;

    /** @param over called when the time is up, with {@link #current} still set */
    Deadline(EventLoop loop, Runnable over) {
        this.loop = loop;
        this.over = over;
    }

    Of current() {
        return current;
    }

    /** Begins to wait from now on; does nothing while it waits for the same already. */
    void set(Of what, Duration limit) {
        if (what != current) {
            clear();
            current = what;
            timer = loop.schedule(limit.toNanos(), over);
        }
    }

    void clear() {
        current = Of.NOTHING;
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
