package org.cgifpm.e2e.client;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.cgifpm.protocol.fastcgi.NameValueWriter;
import org.cgifpm.protocol.fastcgi.RecordType;
import org.cgifpm.protocol.fastcgi.RecordWriter;
import org.cgifpm.protocol.fastcgi.Role;

/** The bytes that a web server sends, right ones and wrong ones, as arrays that can be cut and joined. */
public final class Wire {
    private static final int ROOM = RecordWriter.HEADER + RecordWriter.MAX_CONTENT + 8;

    private Wire() {}

    /** A whole request: begin, params, body, and both ends of stream. */
    public static byte[] request(int id, boolean keep, Map<String, String> params, byte[] body) {
        return join(open(id, keep, params), stream(RecordType.STDIN, id, body), end(RecordType.STDIN, id));
    }

    /** A request whose params are complete and whose body is still to come. */
    public static byte[] open(int id, boolean keep, Map<String, String> params) {
        return join(begin(id, keep), stream(RecordType.PARAMS, id, pairs(params)), end(RecordType.PARAMS, id));
    }

    public static byte[] begin(int id, boolean keep) {
        return written(out -> RecordWriter.beginRequest(out, id, Role.RESPONDER, keep));
    }

    public static byte[] abort(int id) {
        return written(out -> RecordWriter.abortRequest(out, id));
    }

    public static byte[] getValues(String... names) {
        return written(out -> RecordWriter.getValues(out, List.of(names)));
    }

    public static byte[] end(RecordType type, int id) {
        return written(out -> RecordWriter.endOfStream(out, type, id));
    }

    /** The content in as many records as it takes, without the end of the stream; nothing for no content. */
    public static byte[] stream(RecordType type, int id, byte[] content) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int from = 0; from < content.length; from += RecordWriter.MAX_CONTENT) {
            int to = Math.min(content.length, from + RecordWriter.MAX_CONTENT);
            ByteBuffer piece = ByteBuffer.wrap(content, from, to - from);
            all.writeBytes(written(out -> RecordWriter.record(out, type, id, piece)));
        }
        return all.toByteArray();
    }

    /** One record of any type whatever, also of those that no web server may send. */
    public static byte[] raw(int version, int type, int id, byte[] content) {
        ByteBuffer out = ByteBuffer.allocate(8 + content.length);
        out.put((byte) version).put((byte) type).putShort((short) id).putShort((short) content.length);
        return out.putShort((short) 0).put(content).array();
    }

    /** Name-value pairs as the content of a PARAMS stream. */
    public static byte[] pairs(Map<String, String> params) {
        int size = params.entrySet().stream()
                .mapToInt(pair -> NameValueWriter.size(pair.getKey(), pair.getValue()))
                .sum();
        ByteBuffer out = ByteBuffer.allocate(size);
        params.forEach((name, value) -> NameValueWriter.write(out, name, value));
        return Arrays.copyOf(out.array(), out.position());
    }

    public static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] written(Consumer<ByteBuffer> writer) {
        ByteBuffer out = ByteBuffer.allocate(ROOM);
        writer.accept(out);
        return Arrays.copyOf(out.array(), out.position());
    }
}
