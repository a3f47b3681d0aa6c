package org.cgifpm.protocol.fastcgi;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * Writes records of both sides into a buffer, contents padded to a multiple of eight bytes (FastCGI 1.0, 3.3).
 *
 * <p>Each method writes its record whole, or nothing and throws {@link BufferOverflowException} when the room is not
 * enough. A request id is 0 to 65535. The order of {@code out} does not matter.
 */
public final class RecordWriter {
    public static final int MAX_CONTENT = 65535;
    public static final int HEADER = RecordHeader.SIZE;

    private static final int MAX_ID = 65535;
    private static final int FIXED_BODY = 8;

    private RecordWriter() {}

    /** How many bytes to add to content of that length so that the next record begins at a multiple of 8: 0 to 7. */
    public static int padding(int contentLength) {
        return -contentLength & 7;
    }

    /**
     * Writes a header only; content and padding are the caller's to send.
     *
     * @param contentLength 0 to {@link #MAX_CONTENT}
     * @param padding 0 to 255
     */
    public static void header(ByteBuffer out, RecordType type, int id, int contentLength, int padding) {
        if (id < 0 || id > MAX_ID) {
            throw new IllegalArgumentException("request id " + id);
        }
        if (contentLength < 0 || contentLength > MAX_CONTENT) {
            throw new IllegalArgumentException("content of " + contentLength + " bytes");
        }
        if (padding < 0 || padding > 255) {
            throw new IllegalArgumentException("padding of " + padding + " bytes");
        }
        room(out, HEADER);
        out.put((byte) RecordHeader.VERSION);
        out.put((byte) type.code());
        out.put((byte) (id >>> 8));
        out.put((byte) id);
        out.put((byte) (contentLength >>> 8));
        out.put((byte) contentLength);
        out.put((byte) padding);
        out.put((byte) 0);
    }

    /**
     * Writes all of {@code content}, at most {@link #MAX_CONTENT} bytes, as one record.
     *
     * <p>Nothing is written if it is empty: an empty record would end the stream, which is {@link #endOfStream}'s to
     * say.
     */
    public static void record(ByteBuffer out, RecordType type, int id, ByteBuffer content) {
        int length = content.remaining();
        if (length == 0) {
            return;
        }
        int padding = padding(length);
        room(out, HEADER + length + padding);
        header(out, type, id, length, padding);
        out.put(content);
        zeros(out, padding);
    }

    /** An empty record: the stream of that type is complete. */
    public static void endOfStream(ByteBuffer out, RecordType type, int id) {
        header(out, type, id, 0, 0);
    }

    public static void beginRequest(ByteBuffer out, int id, Role role, boolean keep) {
        fixed(out, RecordType.BEGIN_REQUEST, id, BeginRequest.body(role, keep));
    }

    public static void abortRequest(ByteBuffer out, int id) {
        header(out, RecordType.ABORT_REQUEST, id, 0, 0);
    }

    public static void endRequest(ByteBuffer out, int id, int appStatus, ProtocolStatus status) {
        fixed(out, RecordType.END_REQUEST, id, EndRequest.body(appStatus, status));
    }

    /** Asks for variables (FastCGI 1.0, 4.1). All names together must fit one record. */
    public static void getValues(ByteBuffer out, List<String> names) {
        int length = 0;
        for (String name : names) {
            length = Math.addExact(length, NameValueWriter.size(name, ""));
        }
        valuesHeader(out, RecordType.GET_VALUES, length);
        for (String name : names) {
            NameValueWriter.write(out, name, "");
        }
        zeros(out, padding(length));
    }

    /** Answers {@link #getValues}, in the order of the map. All values together must fit one record. */
    public static void getValuesResult(ByteBuffer out, Map<String, String> values) {
        int length = 0;
        for (Map.Entry<String, String> value : values.entrySet()) {
            length = Math.addExact(length, NameValueWriter.size(value.getKey(), value.getValue()));
        }
        valuesHeader(out, RecordType.GET_VALUES_RESULT, length);
        for (Map.Entry<String, String> value : values.entrySet()) {
            NameValueWriter.write(out, value.getKey(), value.getValue());
        }
        zeros(out, padding(length));
    }

    /**
     * Answers a management record of unknown type (FastCGI 1.0, 4.2).
     *
     * @param type that type, 0 to 255
     */
    public static void unknownType(ByteBuffer out, int type) {
        fixed(out, RecordType.UNKNOWN_TYPE, 0, (long) type << 56);
    }

    private static void valuesHeader(ByteBuffer out, RecordType type, int length) {
        room(out, HEADER + length + padding(length));
        header(out, type, 0, length, padding(length));
    }

    private static void fixed(ByteBuffer out, RecordType type, int id, long body) {
        room(out, HEADER + FIXED_BODY);
        header(out, type, id, FIXED_BODY, 0);
        for (int shift = 56; shift >= 0; shift -= 8) {
            out.put((byte) (body >>> shift));
        }
    }

    private static void zeros(ByteBuffer out, int count) {
        for (int i = 0; i < count; i++) {
            out.put((byte) 0);
        }
    }

    private static void room(ByteBuffer out, int length) {
        if (out.remaining() < length) {
            throw new BufferOverflowException();
        }
    }
}
