package org.cgifpm.daemon.status.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.cgifpm.daemon.config.ListenAddress;
import org.cgifpm.daemon.status.DaemonReport;
import org.cgifpm.daemon.status.PoolState;
import org.cgifpm.daemon.status.Reports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class MetricsServerTest {
    private static final DaemonReport REPORT = Reports.daemon(List.of(Reports.pool("main", PoolState.UP)));

    private final Path file;
    private final ListenAddress address;

    MetricsServerTest(@TempDir Path folder) {
        file = folder.resolve("metrics.sock");
        address = new ListenAddress.UnixPath(file.toString());
    }

    @Test
    void sendsOpenMetricsToWhoeverNamesIt() throws IOException {
        try (MetricsServer server = MetricsServer.open(address, told -> told.accept(REPORT), false)) {
            String open = ask("GET /metrics HTTP/1.1\r\nHost: x\r\nAccept: application/openmetrics-text;version=1.0.0,"
                    + "text/plain;version=0.0.4;q=0.5\r\n\r\n");
            assertTrue(
                    open.startsWith("HTTP/1.1 200 OK\r\nContent-Type: application/openmetrics-text; version=1.0.0;"));
            MetricsRules.checkOpenMetrics(body(open));
            for (String accept : List.of("", "Accept: */*\r\n", "accept: application/openmetrics-text;q=0\r\n")) {
                String older = ask("GET /metrics?x=y HTTP/1.0\r\n" + accept + "\r\n");
                assertTrue(older.contains("\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"), older);
                MetricsRules.checkPrometheus(body(older));
            }
        }
    }

    @Test
    void answersHeadWithTheLengthAlone() throws IOException {
        try (MetricsServer server = MetricsServer.open(address, told -> told.accept(REPORT), false)) {
            String answer = ask("HEAD /metrics HTTP/1.1\r\n\r\n");

            assertEquals("", body(answer));
            assertTrue(answer.matches("(?s).*\r\nContent-Length: [1-9][0-9]{3,}\r\n.*"), answer);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "GET / HTTP/1.1, 404 Not Found",
        "GET /metrics/ HTTP/1.1, 404 Not Found",
        "POST /metrics HTTP/1.1, 405 Method Not Allowed",
        "GET /metrics, 400 Bad Request",
        "GET /metrics HTTP/2.0, 400 Bad Request",
        "hello, 400 Bad Request"
    })
    void refusesWhatIsNoScrape(String line, String status) throws IOException {
        try (MetricsServer server = MetricsServer.open(address, told -> told.accept(REPORT), false)) {
            String answer = ask(line + "\r\n\r\n");

            assertTrue(answer.startsWith("HTTP/1.1 " + status + "\r\n"), answer);
            assertEquals(status.startsWith("405"), answer.contains("\r\nAllow: GET, HEAD\r\n"), answer);
        }
    }

    @Test
    void refusesAHeadWithoutAnEnd() throws IOException {
        try (MetricsServer server = MetricsServer.open(address, told -> told.accept(REPORT), false)) {
            assertTrue(ask("GET /metrics HTTP/1.1\r\nX: " + "x".repeat(8192)).startsWith("HTTP/1.1 431 "));
        }
    }

    @Test
    void answersThoughOthersConnectAndSayNothing() throws IOException {
        try (MetricsServer server = MetricsServer.open(address, told -> told.accept(REPORT), false)) {
            List<SocketChannel> silent = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                SocketChannel channel = connect();
                channel.write(bytes("GET /metr"));
                silent.add(channel);
            }

            assertTrue(ask("GET /metrics HTTP/1.1\r\n\r\n").startsWith("HTTP/1.1 200 OK"));
            for (SocketChannel channel : silent) {
                channel.close();
            }
        }
    }

    @Test
    void asksOnceForAllWhoWait() throws Exception {
        LinkedBlockingQueue<Consumer<DaemonReport>> asked = new LinkedBlockingQueue<>();
        try (MetricsServer server = MetricsServer.open(address, asked::add, false)) {
            List<SocketChannel> waiting = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                SocketChannel channel = connect();
                channel.write(bytes("GET /metrics HTTP/1.1\r\n\r\n"));
                waiting.add(channel);
            }
            int times = 0;
            List<String> answers = new ArrayList<>();
            // How many of them are seen before the first is answered is chance; all are, and none twice.
            for (SocketChannel channel : waiting) {
                while (answers.size() <= waiting.indexOf(channel)) {
                    Consumer<DaemonReport> first = asked.poll(100, TimeUnit.MILLISECONDS);
                    if (first != null) {
                        assertTrue(asked.isEmpty(), "asked again before there was an answer");
                        times++;
                        first.accept(REPORT);
                    } else {
                        answers.add(rest(channel));
                    }
                }
            }
            assertTrue(times >= 1 && times <= 5);
            answers.forEach(answer -> assertTrue(answer.startsWith("HTTP/1.1 200 OK"), answer));
        }
    }

    @Test
    void takesADeadSocketFileAwayAndNothingElse() throws IOException {
        ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        dead.bind(UnixDomainSocketAddress.of(file));
        IOException taken = assertThrows(IOException.class, () -> MetricsServer.open(address, told -> {}, false));
        assertEquals("metrics_listen: " + file + ": another process listens there", taken.getMessage());
        dead.close();
        MetricsServer.open(address, told -> {}, false).close();
        assertFalse(Files.exists(file), "gone at the end");

        Files.writeString(file, "x");
        assertThrows(IOException.class, () -> MetricsServer.open(address, told -> {}, false));
        assertEquals("x", Files.readString(file));
    }

    @Test
    void letsInWhoeverMayEnterTheFolder() throws IOException {
        try (MetricsServer server = MetricsServer.open(address, told -> told.accept(REPORT), false)) {
            assertEquals("rw-rw-rw-", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
    }

    private String ask(String request) throws IOException {
        try (SocketChannel channel = connect()) {
            channel.write(bytes(request));
            return rest(channel);
        }
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(file));
    }

    private static String rest(SocketChannel channel) throws IOException {
        return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }
}
