package org.cgifpm.adapters.frontend.http;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/** Direct buffers of 64 kB, used again and again; idle connections hold none. Loop thread only. */
final class Buffers {
    static final int SIZE = 64 * 1024;
    private static final int KEPT = 32;

    private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();

    /** An empty buffer; give it back with {@link #release}. */
    ByteBuffer take() {
        ByteBuffer buffer = free.pollLast();
        return buffer == null ? ByteBuffer.allocateDirect(SIZE) : buffer.clear();
    }

    void release(ByteBuffer buffer) {
        if (buffer.capacity() == SIZE && free.size() < KEPT) {
            free.addLast(buffer);
        }
    }
}
