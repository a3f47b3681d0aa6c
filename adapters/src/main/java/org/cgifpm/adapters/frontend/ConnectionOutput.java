package org.cgifpm.adapters.frontend;

import java.nio.ByteBuffer;
import org.cgifpm.adapters.buffers.RecordQueue;
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
    private final RecordQueue queue;

    ConnectionOutput(int fd, SharedBuffers shared) {
        this.queue = new RecordQueue(shared.syscalls(), fd, shared.pool());
    }

    int pending() {
        return queue.pending();
    }

    /** Body bytes that may be added now. */
    int room() {
        return Math.max(0, ConnectionLimits.OUTPUT_MEMORY - queue.pending());
    }

    /** Adds a stream's bytes as records, each in one buffer. */
    void stream(RecordType type, int id, ByteBuffer bytes) {
        queue.stream(type, id, bytes);
    }

    void end(int id, int appStatus, ProtocolStatus status, boolean withStdoutEnd) {
        ByteBuffer into = queue.room(RecordQueue.OVERHEAD);
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
        queue.raw(records);
    }

    /** Writes what the socket takes: 0, or the negative error number that ends the connection. */
    int flush() {
        return queue.flush();
    }

    void clear() {
        queue.clear();
    }
}
