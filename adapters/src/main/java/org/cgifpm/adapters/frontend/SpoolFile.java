package org.cgifpm.adapters.frontend;

import java.nio.ByteBuffer;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;

/**
 * Body bytes that memory has no room for, in a file without a name: it is gone when closed, whatever happens to the
 * daemon. Loop thread only: the page cache takes the writes, no disk is waited for until memory is short.
 */
final class SpoolFile {
    private final Syscalls syscalls;
    private final int fd;
    private long written;
    private long taken;

    SpoolFile(Syscalls syscalls, String folder) throws SyscallException {
        this.syscalls = syscalls;
        this.fd = syscalls.openUnnamed(folder);
    }

    boolean isEmpty() {
        return written == taken;
    }

    /** Takes all of {@code bytes}. */
    void add(ByteBuffer bytes) throws SyscallException {
        while (bytes.hasRemaining()) {
            int count = syscalls.writeAt(fd, bytes, written);
            if (count <= 0) {
                throw new SyscallException("write", "temporary file of a request body", -count);
            }
            written += count;
        }
    }

    /** Fills {@code into} with the oldest bytes; {@link #took} says how many of them are done with. */
    void peek(ByteBuffer into) throws SyscallException {
        into.limit((int) Math.min(into.limit(), into.position() + written - taken));
        int count = syscalls.readAt(fd, into, taken);
        if (count <= 0) {
            throw new SyscallException("read", "temporary file of a request body", -count);
        }
    }

    void took(int count) {
        taken += count;
        if (taken == written) {
            // From the start again, so that a long stream does not need the sum of all it ever held.
            taken = 0;
            written = 0;
        }
    }

    void close() {
        syscalls.close(fd);
    }
}
