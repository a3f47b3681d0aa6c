package org.cgifpm.adapters.testing;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.cgifpm.adapters.BodySink;
import org.cgifpm.adapters.RequestBody;
import org.jspecify.annotations.Nullable;

/** A request body from memory, of which the test may hold back the end. Loop thread, but for what is set before. */
public final class FakeBody implements RequestBody {
    private static final int CHUNK = 32 * 1024;

    private byte[] input;
    private int given;
    private @Nullable BodySink sink;
    private boolean giving;
    private boolean endGiven;

    /** True for a client that does not send the end of its body, or not yet. */
    public boolean unfinished;

    public volatile boolean discarded;

    public FakeBody(byte[] input) {
        this.input = input.clone();
    }

    /** More of it arrives, at least the end. */
    public void arrive(byte[] more, boolean last) {
        byte[] all = new byte[input.length + more.length];
        System.arraycopy(input, 0, all, 0, input.length);
        System.arraycopy(more, 0, all, input.length, more.length);
        input = all;
        unfinished = !last;
        if (sink != null) {
            resume();
        }
    }

    /** How much of it the sink has taken. */
    public int given() {
        return given;
    }

    @Override
    public boolean expected() {
        return input.length > 0 || unfinished;
    }

    @Override
    public void sink(BodySink receiver) {
        sink = receiver;
        resume();
    }

    @Override
    public void resume() {
        BodySink to = Objects.requireNonNull(sink, "resumed without a sink");
        if (giving) {
            throw new AssertionError("resumed by the sink while it takes");
        }
        while (!discarded && given < input.length) {
            int size = Math.min(CHUNK, input.length - given);
            ByteBuffer chunk = ByteBuffer.allocateDirect(size);
            chunk.put(input, given, size).flip();
            giving = true;
            to.take(chunk);
            giving = false;
            given += size - chunk.remaining();
            if (chunk.hasRemaining()) {
                return;
            }
        }
        if (!discarded && !endGiven && !unfinished) {
            endGiven = true;
            to.end();
        }
    }

    @Override
    public void discard() {
        discarded = true;
    }

    @Override
    public boolean hasEnded() {
        return !unfinished;
    }

    @Override
    public long received() {
        return input.length;
    }
}
