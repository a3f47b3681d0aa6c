package org.cgifpm.adapters.frontend.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that sends what it is told to and reads what comes, with a limit of ten seconds on every wait. */
final class RawClient implements AutoCloseable {
    /** One response; the body without its framing. {@code complete} is false when the connection broke off within. */
    record Response(int status, String head, String text, boolean complete) {
        byte[] body() {
            return text.getBytes(StandardCharsets.ISO_8859_1);
        }

        boolean has(String line) {
            return head.contains("\r\n" + line + "\r\n");
        }
    }

    private final Socket socket;
    private final InputStream in;

    RawClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        this.in = new java.io.BufferedInputStream(socket.getInputStream());
    }

    RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** Sends a GET for that path and reads the answer. */
    Response get(String path, String... fields) throws IOException {
        StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n");
        for (String field : fields) {
            request.append(field).append("\r\n");
        }
        send(request.append("\r\n").toString());
        return response(false);
    }

    Response response() throws IOException {
        return response(false);
    }

    /** @param head the request was HEAD */
    Response response(boolean head) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            if (c < 0) {
                throw new EOFException("closed after: " + text);
            }
            text.append((char) c);
        }
        int status = Integer.parseInt(text.substring(9, 12));
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        boolean complete = true;
        if (!head && status != 304 && status != 204 && status >= 200) {
            try {
                body(text.toString(), body);
            } catch (IOException broken) {
                complete = false;
            }
        }
        return new Response(status, text.toString(), body.toString(StandardCharsets.ISO_8859_1), complete);
    }

    private void body(String head, ByteArrayOutputStream body) throws IOException {
        if (head.contains("Transfer-Encoding: chunked")) {
            int size;
            do {
                size = Integer.parseInt(line(), 16);
                exactly(size, body);
                if (!line().isEmpty()) {
                    throw new IOException("no CRLF behind a chunk");
                }
            } while (size > 0);
        } else if (head.contains("Content-Length: ")) {
            int at = head.indexOf("Content-Length: ") + 16;
            exactly(Integer.parseInt(head.substring(at, head.indexOf('\r', at))), body);
        } else {
            in.transferTo(body);
        }
    }

    private void exactly(int size, ByteArrayOutputStream body) throws IOException {
        byte[] bytes = in.readNBytes(size);
        body.write(bytes);
        if (bytes.length < size) {
            throw new EOFException("body cut");
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        int c;
        while ((c = in.read()) != '\n') {
            if (c < 0) {
                throw new EOFException("line cut");
            }
            line.append((char) c);
        }
        return line.substring(0, line.length() - 1);
    }

    /** The next byte, or -1 when the server has closed. */
    int read() throws IOException {
        return in.read();
    }

    /** Goes away in the middle. */
    void hangUp() throws IOException {
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
