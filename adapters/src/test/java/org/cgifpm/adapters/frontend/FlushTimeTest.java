package org.cgifpm.adapters.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.cgifpm.adapters.buffers.BufferPool;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.Syscalls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The loop runs on the test's own thread: what is planned happens when it is let run. */
@Timeout(20)
class FlushTimeTest {
    private static final long LONG_AFTER = 50 * EventLoop.MILLIS;

    private final Syscalls syscalls = new Syscalls();

    @SuppressWarnings("NullAway.Init")
    private EventLoop loop;

    @SuppressWarnings("NullAway.Init")
    private ConnectionOutput output;

    @SuppressWarnings("NullAway.Init")
    private FlushTime time;

    private int flushes;
    private int flushesOfFirstTurn;

    @BeforeEach
    void open() throws Exception {
        loop = new EventLoop(syscalls, broken -> {
            throw new AssertionError(broken);
        });
        output = new ConnectionOutput(-1, new SharedBuffers(syscalls));
        time = new FlushTime(loop, output, () -> flushes++);
    }

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void writesWhatComesInOneMillisecondAtOnce() {
        loop.schedule(0, time::soon);
        loop.schedule(0, () -> loop.post(time::soon));
        runUntil(LONG_AFTER);

        assertEquals(1, flushes);
        assertFalse(time.planned());
    }

    @Test
    void doesNotWaitWithTheEndOfAnAnswer() {
        time.soon();
        time.atTurnEnd();
        runUntil(LONG_AFTER);

        assertEquals(1, flushesOfFirstTurn);
        assertEquals(1, flushes, "not once more when the wait would be over");
    }

    @Test
    void doesNotWaitWithAFullBuffer() {
        output.raw(ByteBuffer.allocate(BufferPool.SIZE));
        time.soon();
        runUntil(LONG_AFTER);

        assertEquals(1, flushesOfFirstTurn);
    }

    @Test
    void saysThatAWriteIsToCome() {
        assertFalse(time.planned());
        time.soon();
        assertTrue(time.planned());
        time.cancel();
        assertFalse(time.planned());
        runUntil(LONG_AFTER);

        assertEquals(0, flushes);
    }

    private void runUntil(long nanos) {
        // What a posted task posts is run in the next turn.
        loop.post(() -> loop.post(() -> flushesOfFirstTurn = flushes));
        loop.schedule(nanos, loop::stop);
        loop.run();
    }
}
