package org.cgifpm.adapters.buffers;

import java.nio.ByteBuffer;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.protocol.fastcgi.RecordType;
import org.cgifpm.protocol.fastcgi.RecordWriter;

/**
 * Records on their way to one peer, whichever side it is. It has no bound of its own, its owner has. Loop thread only.
 */
public final class RecordQueue {
    /** Head and padding of a record, an empty record and END_REQUEST: what a last write may need beside its bytes. */
    public static final int OVERHEAD = 64;

    private final Syscalls syscalls;
    private final int fd;
    private final ByteQueue queue;

    public RecordQueue(Syscalls syscalls, int fd, BufferPool pool) {
        this.syscalls = syscalls;
        this.fd = fd;
        this.queue = new ByteQueue(pool);
    }

    /** Bytes that were not written yet. */
    public int pending() {
        return queue.size();
    }

    /** Adds a stream's bytes as records, each in one buffer. */
    public void stream(RecordType type, int id, ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            ByteBuffer into = queue.room(OVERHEAD);
            int count = Math.min(bytes.remaining(), into.remaining() - RecordWriter.HEADER - 7);
            int before = into.position();
            RecordWriter.record(into, type, id, bytes.slice(bytes.position(), count));
            bytes.position(bytes.position() + count);
            queue.filled(into.position() - before);
        }
    }

    /** Room for records of at most so many bytes, no more than {@link BufferPool#SIZE}; then {@link #filled}. */
    public ByteBuffer room(int wanted) {
        return queue.room(wanted);
    }

    public void filled(int bytes) {
        queue.filled(bytes);
    }

    /** Adds bytes that are complete records already. */
    public void raw(ByteBuffer records) {
        queue.add(records);
    }

    /** Writes what the socket takes: 0, or the negative error number that ends the connection. */
    public int flush() {
        while (!queue.isEmpty()) {
            ByteBuffer chunk = queue.first();
            int count = syscalls.write(fd, chunk);
            if (count == -Errno.EAGAIN) {
                return 0;
            }
            if (count < 0) {
                return count;
            }
            queue.took(count);
        }
        return 0;
    }

    public void clear() {
        queue.clear();
    }
}
