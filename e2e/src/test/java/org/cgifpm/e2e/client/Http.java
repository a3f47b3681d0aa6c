package org.cgifpm.e2e.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * An HTTP/1.1 client with a connection for each request, which reads while it writes: an answer that comes before the
 * body has been sent is an answer, and one that is cut is told from one that is whole.
 */
public final class Http {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Writes a request body. */
    @FunctionalInterface
    public interface Body {
        void writeTo(OutputStream out) throws IOException;
    }

    private final int port;
    private final String method;
    private final String target;
    private final StringBuilder fields = new StringBuilder();
    private String host = "test.example";
    private Body body = out -> {};

    private Http(int port, String method, String target) {
        this.port = port;
        this.method = method;
        this.target = target;
    }

    public static Http get(int port, String target) {
        return request(port, "GET", target);
    }

    public static Http post(int port, String target, byte[] body) {
        return request(port, "POST", target)
                .header("Content-Length", Integer.toString(body.length))
                .body(out -> out.write(body));
    }

    public static Http post(int port, String target, String body) {
        return post(port, target, body.getBytes(StandardCharsets.ISO_8859_1));
    }

    public static Http request(int port, String method, String target) {
        return new Http(port, method, target);
    }

    public Http header(String name, String value) {
        fields.append(name).append(": ").append(value).append("\r\n");
        return this;
    }

    /** The name of the site, in place of test.example. */
    public Http host(String name) {
        host = name;
        return this;
    }

    public Http body(Body body) {
        this.body = body;
        return this;
    }

    /** Opens a connection and sends the head only: for a client that goes away, or that never reads. */
    public Socket open() throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) LIMIT.toMillis());
        socket.setSoTimeout((int) LIMIT.toMillis());
        String head =
                method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n" + fields + "\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    /** Sends the request and keeps the whole answer. */
    public Answer send() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Answer head = sendTo(bytes);
        return new Answer(head.status(), head.fields(), bytes.toString(StandardCharsets.ISO_8859_1), head.complete());
    }

    /** Sends the request; the body of the answer goes to {@code sink} as it arrives. The answer's own body is empty. */
    public Answer sendTo(OutputStream sink) throws IOException {
        Socket socket = open();
        Thread writer = new Thread(() -> write(socket), "request body");
        writer.start();
        try (socket) {
            return read(new BufferedInputStream(socket.getInputStream(), 1 << 16), sink);
        } finally {
            join(writer);
        }
    }

    private void write(Socket socket) {
        try {
            OutputStream out = socket.getOutputStream();
            body.writeTo(out);
            out.flush();
        } catch (IOException answeredEarly) {
            // The server need not read it all. What counts is the answer.
            return;
        }
    }

    private Answer read(InputStream in, OutputStream sink) throws IOException {
        String statusLine = line(in);
        while (statusLine.startsWith("HTTP/1.1 100")) {
            headers(in);
            statusLine = line(in);
        }
        if (!statusLine.matches("HTTP/1\\.[01] [0-9]{3}.*")) {
            throw new IOException("no answer but '" + statusLine + "'");
        }
        int status = Integer.parseInt(statusLine.substring(9, 12));
        List<Answer.Field> headers = headers(in);
        Answer head = new Answer(status, headers, "", true);
        boolean complete;
        if (method.equals("HEAD") || status == 204 || status == 304) {
            // Whatever follows on the connection would be a body where none may be.
            complete = in.transferTo(sink) == 0;
        } else if (head.header("Transfer-Encoding").equalsIgnoreCase("chunked")) {
            complete = readChunks(in, sink);
        } else if (!head.header("Content-Length").isEmpty()) {
            long length = Long.parseLong(head.header("Content-Length"));
            complete = copy(in, sink, length) == length;
        } else {
            complete = readToEnd(in, sink);
        }
        return new Answer(status, headers, "", complete);
    }

    private static boolean readChunks(InputStream in, OutputStream sink) throws IOException {
        while (true) {
            String size = line(in);
            if (size.isEmpty()) {
                return false;
            }
            int length = Integer.parseInt(size.strip(), 16);
            if (length == 0) {
                headers(in);
                return true;
            }
            if (copy(in, sink, length) < length) {
                return false;
            }
            line(in);
        }
    }

    private static boolean readToEnd(InputStream in, OutputStream sink) {
        try {
            in.transferTo(sink);
            return true;
        } catch (IOException reset) {
            return false;
        }
    }

    private static long copy(InputStream in, OutputStream sink, long length) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long copied = 0;
        while (copied < length) {
            int count;
            try {
                count = in.read(buffer, 0, (int) Math.min(buffer.length, length - copied));
            } catch (IOException reset) {
                return copied;
            }
            if (count < 0) {
                return copied;
            }
            sink.write(buffer, 0, count);
            copied += count;
        }
        return copied;
    }

    private static List<Answer.Field> headers(InputStream in) throws IOException {
        List<Answer.Field> fields = new ArrayList<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            fields.add(new Answer.Field(
                    line.substring(0, colon), line.substring(colon + 1).strip()));
        }
        return fields;
    }

    /** One line without its end; empty at the end of the stream too. */
    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            line.append((char) next);
        }
        return line.toString().replace("\r", "");
    }

    private static void join(Thread writer) {
        try {
            writer.join(LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (writer.isAlive()) {
            throw new AssertionError("the request body is still being written");
        }
    }
}
