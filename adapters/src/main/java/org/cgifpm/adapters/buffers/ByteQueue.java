package org.cgifpm.adapters.buffers;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Bytes in the order they came, in pooled buffers; it has no bound of its own, its owner has. Loop thread only. */
public final class ByteQueue {
    private final BufferPool pool;
    /** All ready for reading but the last, which is being filled. */
    private final ArrayDeque<ByteBuffer> chunks = new ArrayDeque<>(2);

    private @Nullable ByteBuffer tail;
    private int size;

    public ByteQueue(BufferPool pool) {
        this.pool = pool;
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** A buffer with at least {@code wanted} bytes of room to write into; call {@link #filled} with what was put in. */
    public ByteBuffer room(int wanted) {
        if (tail == null || tail.remaining() < wanted) {
            if (tail != null) {
                chunks.addLast(tail.flip());
            }
            tail = pool.take();
        }
        return tail;
    }

    public void filled(int bytes) {
        size += bytes;
    }

    /** Takes all of {@code bytes}. */
    public void add(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            ByteBuffer into = room(1);
            int count = Math.min(into.remaining(), bytes.remaining());
            into.put(bytes.slice(bytes.position(), count));
            bytes.position(bytes.position() + count);
            size += count;
        }
    }

    /** The oldest bytes in one piece; read from it, then call {@link #took}. Only when not empty. */
    public ByteBuffer first() {
        ByteBuffer head = chunks.peekFirst();
        if (head == null) {
            if (tail == null) {
                throw new IllegalStateException("empty");
            }
            head = tail.flip();
            chunks.addLast(head);
            tail = null;
        }
        return head;
    }

    /** {@code count} bytes were read from {@link #first}. */
    public void took(int count) {
        size -= count;
        ByteBuffer head = chunks.peekFirst();
        if (head != null && !head.hasRemaining()) {
            chunks.removeFirst();
            pool.release(head);
        }
    }

    public void clear() {
        chunks.forEach(pool::release);
        chunks.clear();
        if (tail != null) {
            pool.release(tail);
            tail = null;
        }
        size = 0;
    }
}
