package org.cgifpm.adapters.frontend;

import java.nio.ByteBuffer;
import org.cgifpm.adapters.buffers.BufferPool;
import org.cgifpm.adapters.os.Syscalls;

/**
 * What all connections of a loop share: buffers that none needs for longer than one call, and bounds over all of them. Loop thread only.
 */
public final class SharedBuffers {
    /** The most that one read of a connection brings. */
    static final int READ_SIZE = 64 * 1024;

    private final Syscalls syscalls;
    private final BufferPool pool = new BufferPool();
    private final ParamsBudget params = new ParamsBudget();
    private final ByteBuffer input = ByteBuffer.allocateDirect(READ_SIZE);
    private final ByteBuffer spooled = ByteBuffer.allocateDirect(READ_SIZE);

    public SharedBuffers(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    Syscalls syscalls() {
        return syscalls;
    }

    /** For all that waits on the loop, whichever way it goes. */
    public BufferPool pool() {
        return pool;
    }

    ParamsBudget params() {
        return params;
    }

    ByteBuffer input() {
        return input.clear();
    }

    ByteBuffer spooled() {
        return spooled.clear();
    }
}
