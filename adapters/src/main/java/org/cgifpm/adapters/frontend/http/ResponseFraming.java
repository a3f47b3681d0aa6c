package org.cgifpm.adapters.frontend.http;

import java.nio.ByteBuffer;
import org.cgifpm.protocol.cgi.ResponseHead;

/** How the end of one response body is told to the client (RFC 9112, 6): decided by the heads, kept until the end. */
final class ResponseFraming {
    private static final String LAST_CHUNK = "0\r\n\r\n";
    /** Around a chunk: five digits and CRLF before, CRLF behind; the last chunk must always fit too. */
    private static final int CHUNK_OVERHEAD = 9 + 5;
    /** Less than this is no room: it would make tiny chunks. */
    private static final int LEAST_ROOM = 1024;

    private enum Form {
        NO_BODY,
        LENGTH,
        CHUNKED,
        UNTIL_CLOSE
    }

    private final Form form;
    private long left;

    private ResponseFraming(Form form, long left) {
        this.form = form;
        this.left = left;
    }

    static ResponseFraming of(HttpRequest request, ResponseHead head) {
        if (request.isHead() || head.forbidsBody()) {
            return new ResponseFraming(Form.NO_BODY, 0);
        }
        if (head.contentLength() >= 0) {
            return new ResponseFraming(Form.LENGTH, head.contentLength());
        }
        return new ResponseFraming(request.minor() == 1 ? Form.CHUNKED : Form.UNTIL_CLOSE, 0);
    }

    boolean endsWithConnection() {
        return form == Form.UNTIL_CLOSE;
    }

    boolean isChunked() {
        return form == Form.CHUNKED;
    }

    /** How much body fits where {@code free} bytes are left to write to. */
    int room(int free) {
        int room = form == Form.CHUNKED ? free - CHUNK_OVERHEAD : free;
        return room < LEAST_ROOM ? 0 : room;
    }

    /** Takes all of {@code bytes}; what may not be sent (a body for HEAD, more than Content-Length said) is dropped. */
    void write(ByteBuffer bytes, OutputBuffer out) {
        if (form == Form.LENGTH && bytes.remaining() > left) {
            ByteBuffer allowed = bytes.slice(bytes.position(), (int) left);
            bytes.position(bytes.limit());
            left = 0;
            out.put(allowed);
        } else if (form == Form.NO_BODY || !bytes.hasRemaining()) {
            bytes.position(bytes.limit());
        } else if (form == Form.CHUNKED) {
            out.put(Integer.toHexString(bytes.remaining()) + "\r\n");
            out.put(bytes);
            out.put("\r\n");
        } else {
            left -= form == Form.LENGTH ? bytes.remaining() : 0;
            out.put(bytes);
        }
    }

    /** Ends the body; false when bytes that were promised are missing, so that the connection has to break. */
    boolean end(OutputBuffer out) {
        if (form == Form.CHUNKED) {
            out.put(LAST_CHUNK);
        }
        return left == 0;
    }
}
