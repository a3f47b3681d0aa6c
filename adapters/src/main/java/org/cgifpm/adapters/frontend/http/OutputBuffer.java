package org.cgifpm.adapters.frontend.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.Syscalls;
import org.jspecify.annotations.Nullable;

/**
 * What is to go out on one connection: at most 64 kB, and one response head that may be longer. Loop thread only.
 *
 * <p>Bodies keep to {@link #free}; it grows for heads alone, whose length is bounded where they are read.
 */
final class OutputBuffer {
    private final Buffers buffers;
    private @Nullable ByteBuffer pending;

    OutputBuffer(Buffers buffers) {
        this.buffers = buffers;
    }

    boolean isEmpty() {
        return pending == null;
    }

    /** How many bytes fit without growing. */
    int free() {
        return pending == null ? Buffers.SIZE : pending.remaining();
    }

    /** ISO-8859-1. */
    void put(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        withRoomFor(bytes.length).put(bytes);
    }

    /** All of {@code bytes}, which should not be more than {@link #free}. */
    void put(ByteBuffer bytes) {
        withRoomFor(bytes.remaining()).put(bytes);
    }

    private ByteBuffer withRoomFor(int bytes) {
        ByteBuffer now = pending == null ? buffers.take() : pending;
        if (now.remaining() < bytes) {
            ByteBuffer larger = ByteBuffer.allocateDirect(now.position() + bytes);
            larger.put(now.flip());
            buffers.release(now);
            now = larger;
        }
        pending = now;
        return now;
    }

    /**
     * Writes what the socket takes.
     *
     * @return the number of bytes, 0 when it takes none now, or a negative error number
     */
    int flush(Syscalls syscalls, int fd) {
        ByteBuffer out = pending;
        if (out == null) {
            return 0;
        }
        out.flip();
        int written = 0;
        int error = 0;
        while (out.hasRemaining() && error == 0) {
            int count = syscalls.write(fd, out);
            if (count < 0) {
                error = count;
            } else {
                written += count;
            }
        }
        out.compact();
        if (out.position() == 0) {
            clear();
        }
        return error == 0 || error == -Errno.EAGAIN ? written : error;
    }

    /** Forgets what did not go out. */
    void clear() {
        if (pending != null) {
            buffers.release(pending);
            pending = null;
        }
    }
}
