package org.cgifpm.adapters.frontend;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cgifpm.protocol.fastcgi.RecordWriter;

/** Answers to management records (FastCGI 1.0, 4). */
final class ManagementAnswers {
    private static final int LARGEST = 256;

    private ManagementAnswers() {}

    /** FCGI_GET_VALUES_RESULT with those of the names that we know; the others are left out (4.1). */
    static ByteBuffer values(List<String> names, ConnectionLimits limits) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String name : names) {
            switch (name) {
                case "FCGI_MAX_CONNS" -> values.put(name, Integer.toString(limits.maxConnections()));
                case "FCGI_MAX_REQS" -> values.put(name, Integer.toString(limits.maxRequests()));
                case "FCGI_MPXS_CONNS" -> values.put(name, "1");
                default -> {}
            }
        }
        ByteBuffer out = ByteBuffer.allocate(LARGEST);
        RecordWriter.getValuesResult(out, values);
        return out.flip();
    }

    /** FCGI_UNKNOWN_TYPE (4.2). */
    static ByteBuffer unknownType(int type) {
        ByteBuffer out = ByteBuffer.allocate(LARGEST);
        RecordWriter.unknownType(out, type);
        return out.flip();
    }
}
