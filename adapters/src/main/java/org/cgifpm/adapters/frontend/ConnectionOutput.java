package org.cgifpm.adapters.frontend;

import java.nio.ByteBuffer;
import org.cgifpm.adapters.buffers.ByteQueue;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.protocol.fastcgi.ProtocolStatus;
import org.cgifpm.protocol.fastcgi.RecordType;
import org.cgifpm.protocol.fastcgi.RecordWriter;

/**
 * Records on their way to one front end. Loop thread only.
 *
 * <p>Records are gathered over a turn of the loop and written together, because front ends wait when small records
 * come one by one. Only body bytes are bounded here ({@link #room}); what else is written is small and each is owed.
 */
final class ConnectionOutput {
    /** Head and padding of a record, an empty record and END_REQUEST: what a last write may need beside its bytes. */
    private static final int OVERHEAD = 64;

    private final Syscalls syscalls;
    private final int fd;
    private final ByteQueue queue;

    ConnectionOutput(int fd, SharedBuffers shared) {
        this.fd = fd;
        this.syscalls = shared.syscalls();
        this.queue = new ByteQueue(shared.pool());
    }

    int pending() {
        return queue.size();
    }

    /** Body bytes that may be added now. */
    int room() {
        return Math.max(0, ConnectionLimits.OUTPUT_MEMORY - queue.size());
    }

    /** Adds a stream's bytes as records, each in one buffer. */
    void stream(RecordType type, int id, ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            ByteBuffer into = queue.room(OVERHEAD);
            int count = Math.min(bytes.remaining(), into.remaining() - RecordWriter.HEADER - 7);
            int before = into.position();
            RecordWriter.record(into, type, id, bytes.slice(bytes.position(), count));
            bytes.position(bytes.position() + count);
            queue.filled(into.position() - before);
        }
    }

    void end(int id, int appStatus, ProtocolStatus status, boolean withStdoutEnd) {
        ByteBuffer into = queue.room(OVERHEAD);
        int before = into.position();
        if (withStdoutEnd) {
            RecordWriter.endOfStream(into, RecordType.STDOUT, id);
        }
        RecordWriter.endRequest(into, id, appStatus, status);
        queue.filled(into.position() - before);
    }

    /** A record that no FastCGI peer accepts: nginx, Apache and HAProxy take it for the error that it stands for. */
    void breakVisibly() {
        ByteBuffer into = queue.room(RecordWriter.HEADER);
        into.putLong(0);
        queue.filled(RecordWriter.HEADER);
    }

    /** Adds bytes that are complete records already. */
    void raw(ByteBuffer records) {
        queue.add(records);
    }

    /** Writes what the socket takes: 0, or the negative error number that ends the connection. */
    int flush() {
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

    void clear() {
        queue.clear();
    }
}
