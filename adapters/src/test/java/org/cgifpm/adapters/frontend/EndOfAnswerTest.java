package org.cgifpm.adapters.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.protocol.cgi.ResponseHead;
import org.cgifpm.protocol.fastcgi.NameValueWriter;
import org.cgifpm.protocol.fastcgi.RecordHeader;
import org.cgifpm.protocol.fastcgi.RecordType;
import org.cgifpm.protocol.fastcgi.RecordWriter;
import org.cgifpm.protocol.fastcgi.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of an answer, and of its connection, when the front end is slow, half closed or has more to send. */
@Timeout(60)
class EndOfAnswerTest {
    /** More than the kernel and the connection hold for a front end that does not read. */
    private static final int LONG = 1_000_000;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void waitsForASlowFrontEndLongerThanItLingers() throws Exception {
        BlockingQueue<Exchange> ended = new LinkedBlockingQueue<>();
        try (var server = new RunningFastCgi(folder, 20, 60_000, exchange -> answerLong(exchange, ended));
                SocketChannel client = server.connect()) {
            send(client, request(1, false, "GET", 0));
            RunningFastCgi.next(ended);
            server.onLoopAfter(100, () -> {});

            assertTrue(readToEnd(client) > LONG, "the answer was cut");
            assertEquals(List.of(), List.copyOf(server.failures));
        }
    }

    @Test
    void answersInFullWhereItDoesNotLinger() throws Exception {
        BlockingQueue<Exchange> ended = new LinkedBlockingQueue<>();
        try (var server = new RunningFastCgi(folder, 0, 60_000, exchange -> answerLong(exchange, ended));
                SocketChannel client = server.connect()) {
            send(client, request(1, false, "GET", 0));

            assertTrue(readToEnd(client) > LONG, "the answer was cut");
        }
    }

    @Test
    void givesUpOnAFrontEndThatTakesNothing() throws Exception {
        BlockingQueue<Exchange> ended = new LinkedBlockingQueue<>();
        try (var server = new RunningFastCgi(folder, 20, 50, exchange -> answerLong(exchange, ended));
                SocketChannel client = server.connect()) {
            send(client, request(1, false, "GET", 0));
            RunningFastCgi.next(ended);

            assertEquals("connection_idle_timeout: it does not take the answer", RunningFastCgi.next(server.failures));
        }
    }

    @Test
    void takesAHangUpAfterAHalfCloseForAnAbort() throws Exception {
        BlockingQueue<Exchange> handled = new LinkedBlockingQueue<>();
        BlockingQueue<String> aborted = new LinkedBlockingQueue<>();
        try (var server = new RunningFastCgi(folder, 1000, 60_000, exchange -> {
            exchange.listener(aborted::add);
            handled.add(exchange);
        })) {
            try (SocketChannel client = server.connect()) {
                send(client, request(1, false, "GET", 0));
                RunningFastCgi.next(handled);
                client.shutdownOutput();
                server.onLoopAfter(20, () -> assertEquals(List.of(), List.copyOf(aborted)));
            }

            assertEquals("the front end closed the connection", RunningFastCgi.next(aborted));
        }
    }

    @Test
    void aBodyThatStopsHalfwayDoesNotEndTheRequestBehindIt() throws Exception {
        BlockingQueue<Exchange> handled = new LinkedBlockingQueue<>();
        try (var server = new RunningFastCgi(folder, 20, 60_000, handled::add);
                SocketChannel client = server.connect()) {
            send(client, request(1, true, "POST", 1000));
            Exchange first = RunningFastCgi.next(handled);
            server.onLoop(() -> answerShort(first));
            send(client, request(2, false, "GET", 0));
            Exchange second = RunningFastCgi.next(handled);
            server.onLoopAfter(100, () -> answerShort(second));

            ByteBuffer all = ByteBuffer.allocate(4096);
            while (client.read(all) >= 0) {}
            assertEquals(List.of(1, 2), ends(all.flip()));
        }
    }

    /** Which requests have an END_REQUEST, in that order. */
    private static List<Integer> ends(ByteBuffer records) throws IOException {
        List<Integer> ids = new ArrayList<>();
        while (records.remaining() >= RecordHeader.SIZE) {
            RecordHeader header = RecordHeader.read(records);
            records.position(records.position() + header.bodyLength());
            if (header.type() == RecordType.END_REQUEST.code()) {
                ids.add(header.requestId());
            }
        }
        return ids;
    }

    private static void answerShort(Exchange exchange) {
        exchange.respond(new ResponseHead(204, "No Content", List.of(), -1));
        exchange.end(0);
    }

    /** All at once, whatever the room: so it is over while most of it is still to be taken. */
    private static void answerLong(Exchange exchange, BlockingQueue<Exchange> ended) {
        exchange.respond(new ResponseHead(200, "OK", List.of(), LONG));
        exchange.write(ByteBuffer.allocate(LONG));
        exchange.end(0);
        ended.add(exchange);
    }

    private static ByteBuffer request(int id, boolean keep, String method, int missingBody) {
        ByteBuffer params = ByteBuffer.allocate(1000);
        NameValueWriter.write(params, "REQUEST_METHOD", method);
        NameValueWriter.write(params, "CONTENT_LENGTH", Integer.toString(missingBody));
        ByteBuffer out = ByteBuffer.allocate(2000);
        RecordWriter.beginRequest(out, id, Role.RESPONDER, keep);
        RecordWriter.record(out, RecordType.PARAMS, id, params.flip());
        RecordWriter.endOfStream(out, RecordType.PARAMS, id);
        if (missingBody == 0) {
            RecordWriter.endOfStream(out, RecordType.STDIN, id);
        } else {
            RecordWriter.record(
                    out, RecordType.STDIN, id, ByteBuffer.wrap("some of it".getBytes(StandardCharsets.US_ASCII)));
        }
        return out.flip();
    }

    private static void send(SocketChannel client, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            client.write(bytes);
        }
    }

    private static int readToEnd(SocketChannel client) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(8192);
        int total = 0;
        int count;
        while ((count = client.read(bytes.clear())) >= 0) {
            total += count;
        }
        return total;
    }
}
