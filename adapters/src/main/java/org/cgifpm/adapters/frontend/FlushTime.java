package org.cgifpm.adapters.frontend;

import org.cgifpm.adapters.buffers.BufferPool;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.Timer;
import org.jspecify.annotations.Nullable;

/**
 * When a connection's output is written: once a turn of the loop, or a moment later while an answer only begins. Loop
 * thread only.
 *
 * <p>A script often writes its head and its body with calls of their own. Each would be a write to the front end, a
 * wake-up there and a record to parse; gathered they are one.
 */
final class FlushTime {
    /** How long the begin of an answer waits for more of it. */
    private static final long GATHER_MILLIS = 1;

    private final EventLoop loop;
    private final ConnectionOutput output;
    private final Runnable flush;
    private boolean due;
    private @Nullable Timer gathering;

    FlushTime(EventLoop loop, ConnectionOutput output, Runnable flush) {
        this.loop = loop;
        this.output = output;
        this.flush = flush;
    }

    /** Something is in the output that should go out with this turn of the loop. */
    void atTurnEnd() {
        if (!due) {
            due = true;
            cancel();
            loop.atTurnEnd(this::now);
        }
    }

    /** Something is in the output of which more is likely to come. */
    void soon() {
        if (output.pending() >= BufferPool.SIZE) {
            atTurnEnd();
        } else if (!due && gathering == null) {
            gathering = loop.schedule(GATHER_MILLIS * EventLoop.MILLIS, this::now);
        }
    }

    private void now() {
        due = false;
        cancel();
        flush.run();
    }

    /** Whether a write is to come by itself, so that nobody need ask the kernel for room. */
    boolean planned() {
        return due || gathering != null;
    }

    void cancel() {
        if (gathering != null) {
            gathering.cancel();
            gathering = null;
        }
    }
}
