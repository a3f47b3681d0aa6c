package org.cgifpm.adapters.frontend.http;

import java.nio.ByteBuffer;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.Syscalls;
import org.jspecify.annotations.Nullable;

/** What came in on one connection and was not taken yet: at most 64 kB, none while empty. Loop thread only. */
final class InputBuffer {
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

    private final Buffers buffers;
    /** Readable between position and limit. */
    private @Nullable ByteBuffer bytes;

    private boolean ended;

    InputBuffer(Buffers buffers) {
        this.buffers = buffers;
    }

    boolean isEmpty() {
        return bytes == null || !bytes.hasRemaining();
    }

    boolean hasSpace() {
        return bytes == null || bytes.remaining() < bytes.capacity();
    }

    /** The client has sent its last byte; it may still stand here. */
    boolean ended() {
        return ended;
    }

    /** What stands here, to take from the front; valid until the next {@link #fill} or {@link #release}. */
    ByteBuffer bytes() {
        return bytes == null ? NOTHING : bytes;
    }

    /** Reads once; false when the connection is broken. */
    boolean fill(Syscalls syscalls, int fd) {
        if (!hasSpace()) {
            return true;
        }
        ByteBuffer buffer = bytes == null ? buffers.take().limit(0) : bytes;
        bytes = buffer;
        buffer.compact();
        int count = syscalls.read(fd, buffer);
        buffer.flip();
        ended |= count == 0;
        release();
        return count >= 0 || count == -Errno.EAGAIN;
    }

    /** Gives the memory back if everything has been taken. */
    void release() {
        if (bytes != null && !bytes.hasRemaining()) {
            buffers.release(bytes);
            bytes = null;
        }
    }

    /** Throws away what stands here. */
    void clear() {
        if (bytes != null) {
            bytes.position(bytes.limit());
            release();
        }
    }
}
