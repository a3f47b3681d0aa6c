package org.cgifpm.adapters.frontend;

import java.nio.ByteBuffer;
import org.cgifpm.adapters.os.Syscalls;

/**
 * The buffers that all connections of a loop share, because none needs them for longer than one call. Loop thread only.
 */
public final class SharedBuffers {
    /** The most that one read of a connection brings. */
    static final int READ_SIZE = 64 * 1024;

    private final Syscalls syscalls;
    private final BufferPool pool = new BufferPool();
    private final ByteBuffer input = ByteBuffer.allocateDirect(READ_SIZE);
    private final ByteBuffer spooled = ByteBuffer.allocateDirect(READ_SIZE);

    public SharedBuffers(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    Syscalls syscalls() {
        return syscalls;
    }

    BufferPool pool() {
        return pool;
    }

    ByteBuffer input() {
        return input.clear();
    }

    ByteBuffer spooled() {
        return spooled.clear();
    }
}
