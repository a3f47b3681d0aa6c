package org.cgifpm.adapters.buffers;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Direct buffers of one size, used again and again: direct memory is freed late and costs much to get. Loop thread
 * only. Idle connections hold none.
 */
public final class BufferPool {
    /** Bytes in each buffer. */
    public static final int SIZE = 32 * 1024;
    /** What is kept when nobody needs it: 4 MB. */
    private static final int KEPT = 128;

    private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();

    /** An empty buffer; give it back with {@link #release}. */
    public ByteBuffer take() {
        ByteBuffer buffer = free.pollLast();
        return buffer == null ? ByteBuffer.allocateDirect(SIZE) : buffer.clear();
    }

    public void release(ByteBuffer buffer) {
        if (free.size() < KEPT) {
            free.addLast(buffer);
        }
    }
}
