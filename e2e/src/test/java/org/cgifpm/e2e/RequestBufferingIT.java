package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.cgifpm.e2e.client.Answer;
import org.cgifpm.e2e.client.Bytes;
import org.cgifpm.e2e.client.Caller;
import org.cgifpm.e2e.client.CgiParams;
import org.cgifpm.e2e.client.Http;
import org.cgifpm.e2e.client.RawClient;
import org.cgifpm.e2e.client.Wire;
import org.cgifpm.e2e.front.Haproxy;
import org.cgifpm.e2e.front.Nginx;
import org.cgifpm.e2e.front.Way;
import org.cgifpm.e2e.lab.Daemon;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.Proc;
import org.cgifpm.protocol.fastcgi.RecordType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A pool with one place that reads bodies before it gives that place away. */
class RequestBufferingIT {
    private static final int MIB = 1 << 20;
    private static final int QUEUE = 20;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** Growth of the daemon's resident memory that is no piling up: the heap's own breathing. */
    private static final long BREATHING_KB = 24 * 1024;

    @RegisterExtension
    static final Lab LAB = new Lab();

    private static final ExecutorService CLIENTS = Executors.newCachedThreadPool();

    private static Daemon daemon;
    private static Caller direct;
    private static List<Way> ways = List.of();

    @BeforeAll
    static void start() {
        Pool pool = LAB.unixPool("patient")
                .set("max_children", 1)
                .set("queue_length", QUEUE)
                .set("request_body_max", "8M")
                .set("request_buffering", true);
        daemon = LAB.daemon(pool);
        direct = new Caller(pool.address(), LAB.site().root());
        Nginx nginx = Nginx.start(
                LAB, List.of(Nginx.server(pool, Nginx.Mode.UNBUFFERED), Nginx.server(pool, Nginx.Mode.BUFFERED)));
        Haproxy haproxy = Haproxy.start(
                LAB, List.of(Haproxy.server(pool, Haproxy.Mode.PLAIN), Haproxy.server(pool, Haproxy.Mode.MULTIPLEXED)));
        ways = Stream.of(nginx, haproxy)
                .flatMap(frontEnd -> frontEnd.ways().stream())
                .toList();
    }

    @AfterAll
    static void end() {
        CLIENTS.shutdownNow();
    }

    static Stream<Way> ways() {
        return ways.stream();
    }

    /** The ways on which the daemon sees a body as it comes. */
    static Stream<Way> streamingWays() {
        return ways.stream().filter(way -> !way.name().contains(" buffered"));
    }

    private static void await(String what, java.util.concurrent.Callable<Boolean> so) {
        Awaitility.await(what).atMost(LIMIT).pollInterval(Duration.ofMillis(5)).until(so);
    }

    /** Temporary files of bodies that the daemon has open. */
    private static long bodies() {
        return Proc.descriptors(daemon.pid()).values().stream()
                .filter(target -> target.startsWith("/var/tmp/"))
                .count();
    }

    @ParameterizedTest
    @MethodSource("streamingWays")
    void aSlowUploadKeepsThePlaceFreeForOthers(Way way) throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        Http upload = way.request("POST", "/count.sh")
                .header("Content-Length", "200000")
                .body(out -> {
                    out.write(Bytes.of(100_000));
                    out.flush();
                    await(goOn);
                    out.write(Bytes.of(100_000));
                });
        Future<Answer> answer = CLIENTS.submit(upload::send);
        await("the daemon has some of the body", () -> bodies() == 1);
        assertEquals("hello\n", way.get("/hello.sh").send().text());
        assertEquals(
                "10000", way.post("/count.sh", Bytes.of(10_000)).send().text().strip());
        assertEquals(List.of(), daemon.scripts(), "scripts while the body is still coming");
        assertFalse(answer.isDone());
        goOn.countDown();
        assertEquals("200000", answer.get(20, TimeUnit.SECONDS).text().strip());
        await("the temporary file is gone", () -> bodies() == 0);
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            assertTrue(latch.await(20, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void bodiesOfAllSizesArriveUnchanged(Way way) throws Exception {
        for (int size : new int[] {0, 1, 16_384, 16_385, 65_536, 5 * MIB}) {
            byte[] body = Bytes.of(size);
            assertArrayEquals(body, way.post("/echo.sh", body).send().body(), size + " bytes");
        }
        assertEquals(0, bodies());
    }

    /** Through nginx only: HAProxy sends no body of unknown length that is larger than one of its buffers. */
    @Test
    void aBodyThatTurnsOutTooLargeIsA413AndNeverRuns() throws Exception {
        Way nginx = ways.get(0);
        Http upload = nginx.request("POST", "/count.sh")
                .header("Transfer-Encoding", "chunked")
                .body(out -> {
                    byte[] chunk = Bytes.of(8000);
                    for (int sent = 0; sent < 9 * MIB; sent += chunk.length) {
                        out.write((Integer.toHexString(chunk.length) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                        out.write(chunk);
                        out.write("\r\n".getBytes(StandardCharsets.ISO_8859_1));
                    }
                    out.write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
                });
        assertEquals(413, upload.send().status());
        await("nothing of it is left", () -> bodies() == 0 && daemon.scripts().isEmpty());
        assertEquals("hello\n", nginx.get("/hello.sh").send().text());
    }

    @Test
    void aBodyThatTurnsOutTooLargeDoesNotTouchTheOtherRequestsOfItsConnection() throws Exception {
        Map<String, String> params = CgiParams.post(direct.root(), "/count.sh", "", 0);
        params.remove("CONTENT_LENGTH");
        try (RawClient client = direct.connect()) {
            client.read();
            client.send(Wire.open(1, true, params), Wire.stream(RecordType.STDIN, 1, Bytes.of(MIB)));
            client.send(Wire.open(2, true, params), Wire.stream(RecordType.STDIN, 2, Bytes.of(100_000)));
            client.send(Wire.stream(RecordType.STDIN, 1, Bytes.of(8 * MIB)));
            assertEquals(413, client.awaitEnd(1).answer().status());
            client.send(Wire.stream(RecordType.STDIN, 2, Bytes.of(100_000)), Wire.end(RecordType.STDIN, 2));
            assertEquals("200000", client.awaitEnd(2).answer().text().strip());
        }
        await("nothing of it is left", () -> bodies() == 0);
    }

    @ParameterizedTest
    @MethodSource("streamingWays")
    void aClientThatGoesInTheMiddleOfItsBodyLeavesNothing(Way way) throws Exception {
        try (Socket client = way.request("POST", "/count.sh")
                .header("Content-Length", "200000")
                .open()) {
            client.getOutputStream().write(Bytes.of(100_000));
            await("the daemon has some of the body", () -> bodies() == 1);
        }
        await("the temporary file is gone", () -> bodies() == 0);
        assertEquals(List.of(), daemon.scripts());
        assertEquals("hello\n", way.get("/hello.sh").send().text());
    }

    /** The first one holds the only place; the others, read to their ends, wait for it. */
    @Test
    void waitingRequestsHoldNeitherProcessesNorMemory() throws Exception {
        assertEquals(
                4 * MIB, direct.post("/echo.sh", Bytes.of(4 * MIB)).answer().body().length);
        RawClient first = direct.connect();
        first.send(Wire.request(1, false, direct.params("/gate.sh", "open-1"), new byte[0]));
        await("it is at work", () -> LAB.site().has("open-1.started"));
        long before = Proc.residentKb(daemon.pid());

        byte[] body = Bytes.of(4 * MIB);
        List<RawClient> waiting = new ArrayList<>();
        List<CompletableFuture<Void>> sending = new ArrayList<>();
        for (int i = 0; i < QUEUE; i++) {
            RawClient client = direct.connect();
            waiting.add(client);
            sending.add(CompletableFuture.runAsync(
                    () -> client.sendAsFarAsItGoes(
                            Wire.request(1, false, CgiParams.post(direct.root(), "/count.sh", "", body.length), body)),
                    CLIENTS));
        }
        CompletableFuture.allOf(sending.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
        await("all are read in", () -> bodies() == QUEUE);
        long after = Proc.residentKb(daemon.pid());
        int processes = daemon.scripts().size();

        LAB.site().open("open-1");
        assertEquals(200, first.awaitEnd(1).answer().status());
        for (RawClient client : waiting) {
            assertEquals(
                    Integer.toString(body.length),
                    client.awaitEnd(1).answer().text().strip());
            client.close();
        }
        first.close();
        assertTrue(processes <= 2, processes + " processes: the script at work and what it calls");
        assertTrue(after - before < BREATHING_KB, "resident memory from " + before + " to " + after + " kB");
        await("the temporary files are gone", () -> bodies() == 0);
    }

    @Test
    void moreBodiesThanMayWaitAreNotEvenRead() throws Exception {
        List<RawClient> slow = new ArrayList<>();
        for (int i = 0; i <= QUEUE; i++) {
            RawClient client = direct.connect();
            client.send(
                    Wire.open(1, false, CgiParams.post(direct.root(), "/count.sh", "", 1000)),
                    Wire.stream(RecordType.STDIN, 1, Bytes.of(500)));
            slow.add(client);
        }
        await(
                "one more is refused",
                () -> direct.post("/count.sh", Bytes.of(100_000)).answer().status() == 503);
        assertEquals("hello\n", direct.get("/hello.sh").answer().text());
        for (RawClient client : slow) {
            client.send(Wire.stream(RecordType.STDIN, 1, Bytes.of(500)), Wire.end(RecordType.STDIN, 1));
        }
        for (RawClient client : slow) {
            assertEquals("1000", client.awaitEnd(1).answer().text().strip());
            client.close();
        }
    }
}
