package org.cgifpm.e2e.client;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.cgifpm.protocol.fastcgi.EndRequest;
import org.cgifpm.protocol.fastcgi.ProtocolException;
import org.jspecify.annotations.Nullable;

/** What has come back for one request id so far. Written by the reading thread, read by the test. */
public final class RawResponse {
    private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    private @Nullable EndRequest end;

    synchronized void stdout(ByteBuffer piece) {
        append(stdout, piece);
    }

    synchronized void stderr(ByteBuffer piece) {
        append(stderr, piece);
    }

    synchronized void end(EndRequest record) throws ProtocolException {
        if (end != null) {
            throw new ProtocolException("a second END_REQUEST: " + record);
        }
        end = record;
    }

    /** The END_REQUEST record, or null as long as none has come. */
    public synchronized @Nullable EndRequest end() {
        return end;
    }

    /** Everything that came as STDOUT, one char for one byte. */
    public synchronized String stdout() {
        return stdout.toString(StandardCharsets.ISO_8859_1);
    }

    /** Everything that came as STDERR, one char for one byte. */
    public synchronized String stderr() {
        return stderr.toString(StandardCharsets.ISO_8859_1);
    }

    /** STDOUT read as the head and body of a CGI response, as a web server would. */
    public Answer answer() {
        String text = stdout();
        int headEnd = text.indexOf("\r\n\r\n");
        if (headEnd < 0) {
            throw new AssertionError("no head in '" + text + "', stderr '" + stderr() + "'");
        }
        int status = 200;
        List<Answer.Field> fields = new ArrayList<>();
        for (String line : text.substring(0, headEnd).split("\r\n", -1)) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new AssertionError("'" + line + "' is no header field");
            }
            String value = line.substring(colon + 1).strip();
            if (line.substring(0, colon).equalsIgnoreCase("Status")) {
                status = Integer.parseInt(value.substring(0, 3));
            } else {
                fields.add(new Answer.Field(line.substring(0, colon), value));
            }
        }
        return new Answer(status, fields, text.substring(headEnd + 4), end() != null);
    }

    @Override
    public synchronized String toString() {
        return "stdout '" + stdout() + "', stderr '" + stderr() + "', " + end;
    }

    private static void append(ByteArrayOutputStream to, ByteBuffer piece) {
        byte[] bytes = new byte[piece.remaining()];
        piece.get(bytes);
        to.writeBytes(bytes);
    }
}
