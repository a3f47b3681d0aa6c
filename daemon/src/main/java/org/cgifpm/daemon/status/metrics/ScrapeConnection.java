package org.cgifpm.daemon.status.metrics;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One connection of somebody who reads metrics: one request, one answer, the end. Metrics thread only. */
final class ScrapeConnection {
    /** Bytes of a request's head. */
    private static final int LONGEST = 8192;

    /** Bytes that are written at once. */
    private static final int PART = 65_536;

    private static final Map<Integer, String> REASONS = Map.of(
            200, "OK",
            400, "Bad Request",
            404, "Not Found",
            405, "Method Not Allowed",
            431, "Request Header Fields Too Large");

    private final SocketChannel channel;
    private final SelectionKey key;
    private final long deadlineNanos;
    private final ByteBuffer in = ByteBuffer.allocate(LONGEST);
    private @Nullable ScrapeRequest request;
    private @Nullable ByteBuffer head;
    private ByteBuffer body = ByteBuffer.allocate(0);
    private boolean inputEnded;

    ScrapeConnection(SocketChannel channel, SelectionKey key, long deadlineNanos) {
        this.channel = channel;
        this.key = key;
        this.deadlineNanos = deadlineNanos;
    }

    /** When it has to be over, in {@link System#nanoTime}. */
    long deadlineNanos() {
        return deadlineNanos;
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    /** Whether its request is still to come, so that nothing is lost with it. */
    boolean isUnasked() {
        return request == null;
    }

    /** Whether it waits for the metrics. */
    boolean waits() {
        return request != null && head == null && request.status() == 200;
    }

    /** Whether a part of its answer is still to be sent. */
    boolean isSending() {
        return head != null && (head.hasRemaining() || body.hasRemaining());
    }

    /** Whether its client has all it came for. */
    boolean isServed() {
        return head != null && !isSending();
    }

    boolean wantsOpenMetrics() {
        return request != null && request.openMetrics();
    }

    /** It can be read from. Closes it at its end. */
    void read() throws IOException {
        if (channel.read(in) < 0) {
            ended();
            return;
        }
        if (request != null) {
            // Whatever else it says is not listened to.
            in.clear();
            return;
        }
        String text = new String(in.array(), 0, in.position(), StandardCharsets.ISO_8859_1);
        if (text.contains("\r\n\r\n") || text.contains("\n\n")) {
            request = ScrapeRequest.parse(text);
            in.clear();
        } else if (!in.hasRemaining()) {
            request = ScrapeRequest.refused(431);
            in.clear();
        }
        if (request != null && request.status() != 200) {
            byte[] words = (request.status() + " " + REASONS.get(request.status()) + "\n")
                    .getBytes(StandardCharsets.ISO_8859_1);
            answer("text/plain; charset=utf-8", words);
        }
    }

    /** A client may end its side when it has asked, and still wait for its answer. */
    private void ended() {
        if (waits() || isSending()) {
            inputEnded = true;
            key.interestOps(key.interestOps() & ~SelectionKey.OP_READ);
        } else {
            close();
        }
    }

    /**
     * Sends that; closes it when all is sent. Does nothing before there is a request, or if there is an answer.
     *
     * @param shared may be sent to others too, and is not changed
     */
    void answer(String type, byte[] shared) throws IOException {
        if (request == null || head != null) {
            return;
        }
        String text = "HTTP/1.1 " + request.status() + " " + REASONS.get(request.status()) + "\r\nContent-Type: " + type
                + "\r\nContent-Length: " + shared.length + "\r\nCache-Control: no-store\r\nVary: Accept\r\n"
                + (request.status() == 405 ? "Allow: GET, HEAD\r\n" : "") + "Connection: close\r\n\r\n";
        head = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        body = ByteBuffer.wrap(shared, 0, request.head() ? 0 : shared.length);
        write();
    }

    /** It can be written to. */
    void write() throws IOException {
        if (head == null) {
            return;
        }
        if (send(head) && send(body)) {
            if (inputEnded) {
                close();
                return;
            }
            // The end is seen also while a process that is being started has a copy of the socket. A close would become
            // a
            // reset, which takes the answer with it, if there is something left to be read: the client closes first.
            channel.shutdownOutput();
            key.interestOps(SelectionKey.OP_READ);
        } else {
            key.interestOps(SelectionKey.OP_WRITE | (inputEnded ? 0 : SelectionKey.OP_READ));
        }
    }

    /** True when nothing of it is left. */
    private boolean send(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            // The JDK copies all that it is given, also what the kernel has no room for.
            ByteBuffer part = bytes.slice(bytes.position(), Math.min(bytes.remaining(), PART));
            int count = channel.write(part);
            bytes.position(bytes.position() + count);
            if (count == 0) {
                return false;
            }
        }
        return true;
    }

    void close() {
        key.cancel();
        try {
            channel.close();
        } catch (IOException e) {
            // There is nobody left whom that would concern.
            return;
        }
    }
}
