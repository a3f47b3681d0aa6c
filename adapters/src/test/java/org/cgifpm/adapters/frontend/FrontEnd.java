package org.cgifpm.adapters.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.cgifpm.protocol.fastcgi.ProtocolStatus;

/** A front end's side of one connection, driven record by record; every wait ends after five seconds. */
final class FrontEnd implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 5_000;
    private static final int END_REQUEST = 3;
    private static final int STDOUT = 6;

    /** One record; type 0 stands for eight zero bytes, the visible cut. */
    record Received(int type, int id, String text) {
        byte[] content() {
            return text.getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /** All of a request's standard output and how it ended. */
    record Answer(String stdout, int appStatus, int protocolStatus) {
        String body() {
            return stdout.substring(stdout.indexOf("\r\n\r\n") + 4);
        }

        String status() {
            return stdout.substring(0, stdout.indexOf("\r\n"));
        }

        boolean is(ProtocolStatus status) {
            return protocolStatus == status.code();
        }
    }

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final ByteBuffer in = ByteBuffer.allocate(64 * 1024).flip();
    private final Map<Integer, ByteArrayOutputStream> stdout = new HashMap<>();
    private final Map<Integer, Answer> answers = new HashMap<>();

    FrontEnd(SocketChannel connected) throws IOException {
        this.channel = connected;
        connected.configureBlocking(false);
        this.selector = Selector.open();
        this.key = connected.register(selector, 0);
    }

    FrontEnd send(Sent records) throws IOException {
        return send(records.bytes());
    }

    FrontEnd send(byte[] bytes) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(bytes);
        while (out.hasRemaining()) {
            if (channel.write(out) == 0) {
                await(SelectionKey.OP_WRITE);
            }
        }
        return this;
    }

    /** As much of that as goes at once: the count. */
    int sendSome(byte[] bytes, int from) throws IOException {
        return channel.write(ByteBuffer.wrap(bytes, from, bytes.length - from));
    }

    private void await(int interest) throws IOException {
        key.interestOps(interest);
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        while (selector.select(PATIENCE_MILLIS) == 0) {
            if (System.nanoTime() - until > 0) {
                throw new SocketTimeoutException("nothing within " + PATIENCE_MILLIS + " ms");
            }
        }
        selector.selectedKeys().clear();
    }

    /** False at the end of the connection. */
    private boolean fill() throws IOException {
        in.compact();
        int count;
        while ((count = channel.read(in)) == 0) {
            await(SelectionKey.OP_READ);
        }
        in.flip();
        return count > 0;
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = new byte[length];
        for (int at = 0; at < length; ) {
            if (!in.hasRemaining() && !fill()) {
                throw new EOFException("connection ended after " + at + " of " + length + " bytes");
            }
            int count = Math.min(length - at, in.remaining());
            in.get(bytes, at, count);
            at += count;
        }
        return bytes;
    }

    /** The next record; nothing at the end of the connection. */
    Optional<Received> next() throws IOException {
        if (!in.hasRemaining() && !fill()) {
            return Optional.empty();
        }
        ByteBuffer header = ByteBuffer.wrap(exactly(8));
        int version = header.get();
        int type = Byte.toUnsignedInt(header.get());
        int id = Short.toUnsignedInt(header.getShort());
        byte[] content = exactly(Short.toUnsignedInt(header.getShort()));
        exactly(Byte.toUnsignedInt(header.get()));
        if (version == 0) {
            assertEquals(0, header.getLong(0), "the visible cut is eight zero bytes");
        } else {
            assertEquals(1, version, "record version");
        }
        return Optional.of(new Received(type, id, new String(content, StandardCharsets.ISO_8859_1)));
    }

    Received record() throws IOException {
        return next().orElseThrow(() -> new EOFException("connection ended where a record was due"));
    }

    /** What that request is answered; what comes for others meanwhile is kept for when it is asked for. */
    Answer answer(int id) throws IOException {
        while (!answers.containsKey(id)) {
            Received record = record();
            if (record.type() == STDOUT) {
                stdout.computeIfAbsent(record.id(), i -> new ByteArrayOutputStream())
                        .writeBytes(record.content());
            } else {
                assertEquals(END_REQUEST, record.type(), "record type");
                ByteBuffer body = ByteBuffer.wrap(record.content());
                ByteArrayOutputStream text = stdout.remove(record.id());
                String all = text == null ? "" : text.toString(StandardCharsets.ISO_8859_1);
                answers.put(record.id(), new Answer(all, body.getInt(0), body.get(4)));
            }
        }
        return java.util.Objects.requireNonNull(answers.remove(id));
    }

    /** Sends from a thread of its own and reads the answer to request 1 meanwhile. */
    Answer answerWhileSending(Sent records) throws IOException, InterruptedException {
        byte[] bytes = records.bytes();
        Thread sender = new Thread(() -> sendBlocking(bytes), "sender");
        sender.start();
        Answer answer = answer(1);
        sender.join(PATIENCE_MILLIS);
        return answer;
    }

    private void sendBlocking(byte[] bytes) {
        ByteBuffer out = ByteBuffer.wrap(bytes);
        try (Selector room = Selector.open()) {
            channel.register(room, SelectionKey.OP_WRITE);
            while (out.hasRemaining() && room.select(PATIENCE_MILLIS) > 0) {
                room.selectedKeys().clear();
                channel.write(out);
            }
        } catch (IOException e) {
            return; // the reader will miss something then
        }
    }

    /** Waits for the end of the connection, orderly or not, and throws away what comes before it. */
    void awaitEnd() throws IOException {
        try {
            do {
                in.clear().flip();
            } while (fill());
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            return; // reset: an end as well
        }
    }

    /** Fails unless the connection now ends in order, with nothing before its end. */
    void assertEnded() throws IOException {
        assertEquals(Optional.empty(), next().map(Received::type), "the connection's end");
    }

    /** Sends no more, but goes on reading. */
    void halfClose() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        selector.close();
        channel.close();
    }
}
