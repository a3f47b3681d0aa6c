package org.cgifpm.adapters.frontend;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.cgifpm.protocol.fastcgi.NameValueWriter;
import org.cgifpm.protocol.fastcgi.RecordType;
import org.cgifpm.protocol.fastcgi.Role;

/** Records as a front end sends them, right or wrong, one after the other. */
final class Sent {
    private static final int PIECE = 60_000;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** A whole request without a body. */
    static Sent get(int id, boolean keep) {
        return new Sent().begin(id, keep).params(id, "REQUEST_METHOD", "GET").stdinEnd(id);
    }

    /** A request whose body is announced but not yet there. */
    static Sent head(int id, boolean keep, int length) {
        return new Sent()
                .begin(id, keep)
                .params(id, "REQUEST_METHOD", "POST", "CONTENT_LENGTH", Integer.toString(length));
    }

    /** A whole request with a body. */
    static Sent post(int id, boolean keep, byte[] body) {
        return head(id, keep, body.length).stdin(id, body).stdinEnd(id);
    }

    /** A whole request of an authorizer, as the specification has it: without STDIN. */
    static Sent authorize(int id, boolean keep) {
        return new Sent()
                .begin(id, Role.AUTHORIZER.code(), keep)
                .params(id, "REQUEST_METHOD", "POST", "CONTENT_LENGTH", "1000");
    }

    /** A request of a filter whose body and data are announced but not yet there. */
    static Sent filterHead(int id, boolean keep, int length) {
        return new Sent()
                .begin(id, Role.FILTER.code(), keep)
                .params(id, "REQUEST_METHOD", "POST", "CONTENT_LENGTH", Integer.toString(length));
    }

    /** A whole request of a filter. */
    static Sent filter(int id, boolean keep, byte[] body, byte[] file) {
        return filterHead(id, keep, body.length)
                .stdin(id, body)
                .stdinEnd(id)
                .data(id, file)
                .dataEnd(id);
    }

    Sent begin(int id, boolean keep) {
        return begin(id, 1, keep);
    }

    Sent begin(int id, int role, boolean keep) {
        return record(RecordType.BEGIN_REQUEST, id, new byte[] {
            (byte) (role >>> 8), (byte) role, (byte) (keep ? 1 : 0), 0, 0, 0, 0, 0
        });
    }

    /** All params, and their end. */
    Sent params(int id, String... namesAndValues) {
        ByteBuffer out = ByteBuffer.allocate(sizeOf(namesAndValues));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            NameValueWriter.write(out, namesAndValues[i], namesAndValues[i + 1]);
        }
        return stream(RecordType.PARAMS, id, out.array()).record(RecordType.PARAMS, id, new byte[0]);
    }

    private static int sizeOf(String[] namesAndValues) {
        int size = 0;
        for (int i = 0; i < namesAndValues.length; i += 2) {
            size += NameValueWriter.size(namesAndValues[i], namesAndValues[i + 1]);
        }
        return size;
    }

    Sent stdin(int id, byte[] body) {
        return stream(RecordType.STDIN, id, body);
    }

    Sent stdin(int id, String body) {
        return stdin(id, body.getBytes(StandardCharsets.ISO_8859_1));
    }

    Sent stdinEnd(int id) {
        return record(RecordType.STDIN, id, new byte[0]);
    }

    Sent data(int id, byte[] file) {
        return stream(RecordType.DATA, id, file);
    }

    Sent dataEnd(int id) {
        return record(RecordType.DATA, id, new byte[0]);
    }

    Sent abort(int id) {
        return record(RecordType.ABORT_REQUEST, id, new byte[0]);
    }

    Sent getValues(String... names) {
        String[] pairs = new String[names.length * 2];
        for (int i = 0; i < names.length; i++) {
            pairs[2 * i] = names[i];
            pairs[2 * i + 1] = "";
        }
        ByteBuffer out = ByteBuffer.allocate(sizeOf(pairs));
        for (String name : names) {
            NameValueWriter.write(out, name, "");
        }
        return record(RecordType.GET_VALUES, 0, out.array());
    }

    private Sent stream(RecordType type, int id, byte[] content) {
        for (int at = 0; at < content.length; at += PIECE) {
            record(type, id, java.util.Arrays.copyOfRange(content, at, Math.min(content.length, at + PIECE)));
        }
        return this;
    }

    Sent record(RecordType type, int id, byte[] content) {
        return record(type.code(), id, content);
    }

    /** A record of any type, without padding. */
    Sent record(int type, int id, byte[] content) {
        raw(1, type, id >>> 8, id, content.length >>> 8, content.length, 0, 0);
        bytes.writeBytes(content);
        return this;
    }

    Sent raw(int... octets) {
        for (int octet : octets) {
            bytes.write(octet);
        }
        return this;
    }

    Sent and(Sent more) {
        bytes.writeBytes(more.bytes());
        return this;
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }
}
