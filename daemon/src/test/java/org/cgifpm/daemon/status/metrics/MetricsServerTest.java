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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.cgifpm.adapters.os.Sockets;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.ListenAddress;
import org.cgifpm.daemon.status.DaemonReport;
import org.cgifpm.daemon.status.PoolReport;
import org.cgifpm.daemon.status.PoolState;
import org.cgifpm.daemon.status.Reports;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class MetricsServerTest {
    private static final DaemonReport REPORT = Reports.daemon(List.of(Reports.pool("main", PoolState.UP)));

    private static final Sockets SOCKETS = new Sockets(new Syscalls());

    /** Longer than any test. */
    private static final long PATIENT = 3_600_000_000_000L;

    private final Path file;
    private final ListenAddress address;
    private final List<MetricsServer> servers = new ArrayList<>();

    MetricsServerTest(@TempDir Path folder) {
        file = folder.resolve("metrics.sock");
        address = new ListenAddress.UnixPath(file.toString());
    }

    @AfterEach
    void stop() {
        servers.forEach(MetricsServer::close);
    }

    private void serve(Consumer<Consumer<DaemonReport>> reports) throws IOException {
        servers.add(MetricsServer.open(address, SOCKETS, reports, false, PATIENT));
    }

    @Test
    void sendsOpenMetricsToWhoeverNamesIt() throws IOException {
        serve(told -> told.accept(REPORT));

        String open = ask("GET /metrics HTTP/1.1\r\nHost: x\r\nAccept: application/openmetrics-text;version=1.0.0,"
                + "text/plain;version=0.0.4;q=0.5\r\n\r\n");
        assertTrue(open.startsWith("HTTP/1.1 200 OK\r\nContent-Type: application/openmetrics-text; version=1.0.0;"));
        MetricsRules.checkOpenMetrics(body(open));
        for (String accept : List.of("", "Accept: */*\r\n", "accept: application/openmetrics-text;q=0\r\n")) {
            String older = ask("GET /metrics?x=y HTTP/1.0\r\n" + accept + "\r\n");
            assertTrue(older.contains("\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"), older);
            MetricsRules.checkPrometheus(body(older));
        }
    }

    @Test
    void answersHeadWithTheLengthAlone() throws IOException {
        serve(told -> told.accept(REPORT));

        String answer = ask("HEAD /metrics HTTP/1.1\r\n\r\n");

        assertEquals("", body(answer));
        assertTrue(answer.matches("(?s).*\r\nContent-Length: [1-9][0-9]{3,}\r\n.*"), answer);
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
        serve(told -> told.accept(REPORT));

        String answer = ask(line + "\r\n\r\n");

        assertTrue(answer.startsWith("HTTP/1.1 " + status + "\r\n"), answer);
        assertEquals(status.startsWith("405"), answer.contains("\r\nAllow: GET, HEAD\r\n"), answer);
    }

    @Test
    void refusesAHeadWithoutAnEnd() throws IOException {
        serve(told -> told.accept(REPORT));

        assertTrue(ask("GET /metrics HTTP/1.1\r\nX: " + "x".repeat(8192)).startsWith("HTTP/1.1 431 "));
    }

    @Test
    void answersThoughOthersConnectAndSayNothing() throws IOException {
        serve(told -> told.accept(REPORT));

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

    @Test
    void neverAsksTwiceAtOneTime() throws IOException {
        AtomicBoolean asked = new AtomicBoolean();
        AtomicBoolean twice = new AtomicBoolean();
        ExecutorService loop = Executors.newSingleThreadExecutor();
        Consumer<Consumer<DaemonReport>> reports = told -> {
            twice.compareAndSet(false, asked.getAndSet(true));
            loop.execute(() -> {
                asked.set(false);
                told.accept(REPORT);
            });
        };
        serve(reports);
        try {
            List<SocketChannel> waiting = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                SocketChannel channel = connect();
                channel.write(bytes("GET /metrics HTTP/1.1\r\n\r\n"));
                waiting.add(channel);
            }
            for (SocketChannel channel : waiting) {
                String answer = rest(channel);
                assertTrue(answer.startsWith("HTTP/1.1 200 OK"), answer);
                channel.close();
            }
            assertFalse(twice.get());
        } finally {
            loop.shutdownNow();
        }
    }

    @Test
    void tellsOfAThousandPoolsAlsoToThoseWhoReadLate() throws IOException {
        List<PoolReport> pools = IntStream.range(0, 1000)
                .mapToObj(number -> Reports.pool("pool" + number, PoolState.UP))
                .toList();
        serve(told -> told.accept(Reports.daemon(pools)));

        List<SocketChannel> late = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            SocketChannel channel = connect();
            channel.write(bytes("GET /metrics HTTP/1.1\r\nAccept: application/openmetrics-text\r\n\r\n"));
            late.add(channel);
        }
        long before = System.nanoTime();
        String answer = ask("GET /metrics HTTP/1.1\r\n\r\n");
        System.out.println("metrics of 1,000 pools: " + answer.length() + " bytes in "
                + (System.nanoTime() - before) / 1_000_000 + " ms");
        assertEquals(
                1.0,
                MetricsRules.checkPrometheus(body(answer)).get("cgifpm_pool_state{pool=\"pool999\",state=\"up\"}"));
        for (SocketChannel channel : late) {
            assertTrue(rest(channel).endsWith("\n# EOF\n"));
            channel.close();
        }
    }

    @Test
    void letsTheSlowestReadersGoWhenThereAreMore() throws IOException {
        List<PoolReport> pools = IntStream.range(0, 150)
                .mapToObj(number -> Reports.pool("pool" + number, PoolState.UP))
                .toList();
        serve(told -> told.accept(Reports.daemon(pools)));

        List<SocketChannel> slow = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            SocketChannel channel = connect();
            channel.write(bytes("GET /metrics HTTP/1.1\r\n\r\n"));
            // It has begun to be sent.
            assertTrue(channel.read(ByteBuffer.allocate(1)) > 0);
            slow.add(channel);
        }
        assertTrue(ask("GET /metrics HTTP/1.1\r\n\r\n").endsWith("\n"));

        int whole = 0;
        for (SocketChannel channel : slow) {
            whole += rest(channel).length() > 500_000 ? 1 : 0;
            channel.close();
        }
        assertEquals(3, whole);
    }

    @Test
    void takesADeadSocketFileAwayAndNothingElse() throws IOException {
        ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        dead.bind(UnixDomainSocketAddress.of(file));
        IOException taken =
                assertThrows(IOException.class, () -> MetricsServer.open(address, SOCKETS, told -> {}, false));
        assertEquals(
                "metrics_listen: bind " + file
                        + ", where a living process listens (ss -xlp names it): EADDRINUSE (address in use)",
                taken.getMessage());
        dead.close();
        MetricsServer.open(address, SOCKETS, told -> {}, false).close();
        assertFalse(Files.exists(file), "gone at the end");

        Files.writeString(file, "x");
        assertThrows(IOException.class, () -> MetricsServer.open(address, SOCKETS, told -> {}, false));
        assertEquals("x", Files.readString(file));
    }

    @Test
    void leavesAPipeWhereItIs() throws Exception {
        assertEquals(0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());

        IOException refused =
                assertThrows(IOException.class, () -> MetricsServer.open(address, SOCKETS, told -> {}, false));

        assertEquals(
                "metrics_listen: bind " + file
                        + ", which is a FIFO (move it away or choose another path): EEXIST (exists)",
                refused.getMessage());
        assertTrue(Files.exists(file));
    }

    @Test
    void letsInWhoeverMayEnterTheFolder() throws IOException {
        serve(told -> told.accept(REPORT));

        assertEquals("rw-rw-rw-", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
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
