package org.cgifpm.adapters.backend.worker;

import java.nio.ByteBuffer;
import org.cgifpm.adapters.buffers.BufferPool;
import org.cgifpm.adapters.buffers.RecordQueue;
import org.cgifpm.protocol.cgi.Params;
import org.cgifpm.protocol.fastcgi.NameValueWriter;
import org.cgifpm.protocol.fastcgi.RecordType;
import org.cgifpm.protocol.fastcgi.RecordWriter;
import org.cgifpm.protocol.fastcgi.Role;

/** Writes what begins a request: BEGIN_REQUEST and the whole of PARAMS (FastCGI 1.0, 5.1 and 5.2). */
final class RequestHead {
    /** BEGIN_REQUEST, the header and padding of one PARAMS record, and the empty one. */
    private static final int AROUND = 16 + RecordWriter.HEADER + 7 + RecordWriter.HEADER;

    private RequestHead() {}

    static void write(RecordQueue out, int id, Role role, boolean keep, Params params) {
        int size = 0;
        for (Params.Param param : params.all()) {
            size += NameValueWriter.size(param.name(), param.value());
        }
        if (size + AROUND <= BufferPool.SIZE) {
            writeSmall(out, id, role, keep, params, size);
        } else {
            writeLarge(out, id, role, keep, params, size);
        }
    }

    private static void writeSmall(RecordQueue out, int id, Role role, boolean keep, Params params, int size) {
        ByteBuffer into = out.room(size + AROUND);
        int before = into.position();
        RecordWriter.beginRequest(into, id, role, keep);
        if (size > 0) {
            RecordWriter.header(into, RecordType.PARAMS, id, size, RecordWriter.padding(size));
            pairs(into, params);
            for (int i = RecordWriter.padding(size); i > 0; i--) {
                into.put((byte) 0);
            }
        }
        RecordWriter.endOfStream(into, RecordType.PARAMS, id);
        out.filled(into.position() - before);
    }

    /** A pair may lie across records: PARAMS is a stream (FastCGI 1.0, 3.3). */
    private static void writeLarge(RecordQueue out, int id, Role role, boolean keep, Params params, int size) {
        ByteBuffer begin = ByteBuffer.allocate(16);
        RecordWriter.beginRequest(begin, id, role, keep);
        out.raw(begin.flip());
        ByteBuffer all = ByteBuffer.allocate(size);
        pairs(all, params);
        out.stream(RecordType.PARAMS, id, all.flip());
        ByteBuffer end = ByteBuffer.allocate(RecordWriter.HEADER);
        RecordWriter.endOfStream(end, RecordType.PARAMS, id);
        out.raw(end.flip());
    }

    private static void pairs(ByteBuffer into, Params params) {
        for (Params.Param param : params.all()) {
            NameValueWriter.write(into, param.name(), param.value());
        }
    }
}
