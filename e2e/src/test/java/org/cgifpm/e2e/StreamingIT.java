package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.cgifpm.e2e.client.Answer;
import org.cgifpm.e2e.client.Bytes;
import org.cgifpm.e2e.client.Caller;
import org.cgifpm.e2e.client.CgiParams;
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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies flow both ways at once, and what one side does not take is not piled up in the daemon. */
class StreamingIT {
    private static final int MIB = 1 << 20;

    /**
     * What may lie between a script and a client that does not read, or the other way round: a pipe of 64 kB, 64 kB or
     * so in the daemon, and the buffers of the sockets (208 kB a side is Linux's default for Unix sockets; TCP on
     * loopback takes up to a few MB).
     */
    private static final long IN_FLIGHT = 8L * MIB;

    /** Growth of the daemon's resident memory that is no piling up: the heap's own breathing. */
    private static final long BREATHING_KB = 24 * 1024;

    @RegisterExtension
    static final Lab LAB = new Lab();

    private static Daemon daemon;
    private static Caller unix;
    private static Caller tcp;
    private static List<Way> ways = List.of();

    @BeforeAll
    static void start() throws IOException {
        Pool unixPool = LAB.unixPool("unix").set("kill_grace", "1s");
        Pool tcpPool = LAB.tcpPool("tcp").set("kill_grace", "1s");
        daemon = LAB.daemon(unixPool, tcpPool);
        unix = new Caller(unixPool.address(), LAB.site().root());
        tcp = new Caller(tcpPool.address(), LAB.site().root());
        Nginx nginx = Nginx.start(
                LAB,
                List.of(
                        Nginx.server(unixPool, Nginx.Mode.BUFFERED),
                        Nginx.server(unixPool, Nginx.Mode.UNBUFFERED),
                        Nginx.server(tcpPool, Nginx.Mode.UNBUFFERED),
                        Nginx.server(unixPool, Nginx.Mode.KEPT)));
        Haproxy haproxy = Haproxy.start(LAB, List.of(Haproxy.server(unixPool, Haproxy.Mode.PLAIN)));
        ways = Stream.of(nginx, haproxy)
                .flatMap(frontEnd -> frontEnd.ways().stream())
                .toList();
        // Whatever is loaded late is loaded now, so that later growth means something.
        for (Way way : ways) {
            echo(way, 4L * MIB);
        }
    }

    static List<Way> ways() {
        return ways;
    }

    static List<Caller> callers() {
        return List.of(unix, tcp);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 65_536, 200_000, 3_000_000})
    void echoesOverTheSocketItself(int size) throws IOException {
        byte[] body = Bytes.of(size);

        for (Caller caller : callers()) {
            Answer answer = caller.post("/echo.sh", body).answer();
            assertEquals(200, answer.status(), caller::toString);
            assertTrue(Arrays.equals(body, answer.body()), () -> size + " bytes through " + caller);
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void echoes64MegabytesWithoutGrowing(Way way) throws IOException {
        long before = Proc.residentKb(daemon.pid());

        echo(way, 64L * MIB);

        long growth = Proc.residentKb(daemon.pid()) - before;
        assertTrue(growth < BREATHING_KB, "64 MB went through and " + growth + " kB stayed");
    }

    @ParameterizedTest
    @MethodSource("callers")
    void stopsAScriptThatWritesToAClientThatDoesNotRead(Caller caller) throws IOException {
        long before = Proc.residentKb(daemon.pid());
        try (RawClient client = caller.connect()) {
            client.send(Wire.request(1, false, caller.params("/endless.sh"), new byte[0]));

            long written = awaitStandstill();

            assertTrue(written < IN_FLIGHT, "the script could write " + written + " bytes");
            assertTrue(Proc.residentKb(daemon.pid()) - before < BREATHING_KB, "the daemon grew");
            assertEquals("hello\n", caller.get("/hello.sh").answer().text());
        }
        daemon.awaitNoScripts(Duration.ofSeconds(5));
    }

    @Test
    void stopsAScriptThatWritesToAnHttpClientThatDoesNotRead() throws IOException {
        Way unbuffered = ways.get(1);
        try (Socket client = unbuffered.get("/endless.sh").open()) {
            long written = awaitStandstill();

            assertTrue(client.isConnected() && written < 2 * IN_FLIGHT, "the script could write " + written + " bytes");
        }
        daemon.awaitNoScripts(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @MethodSource("callers")
    void stopsAClientWhoseScriptNeitherReadsNorAnswers(Caller caller) throws Exception {
        long before = Proc.residentKb(daemon.pid());
        AtomicLong sent = new AtomicLong();
        String name = "deaf-to-body" + caller.address().getClass().getSimpleName();
        try (RawClient client = caller.connect()) {
            client.send(Wire.open(1, false, CgiParams.post(caller.root(), "/late-head.sh", name, 64L * MIB)));
            byte[] piece = Wire.stream(RecordType.STDIN, 1, new byte[32 * 1024]);
            Thread sender = new Thread(
                    () -> {
                        for (long count = 0; count >= 0 && sent.get() < 64L * MIB; sent.addAndGet(count)) {
                            count = client.sendAsFarAsItGoes(piece) == piece.length ? piece.length : 128L * MIB;
                        }
                    },
                    "sender");
            sender.start();

            long taken = standstill(sent::get);

            assertTrue(taken < IN_FLIGHT, "the daemon took " + taken + " bytes that nobody reads");
            assertTrue(Proc.residentKb(daemon.pid()) - before < BREATHING_KB, "the daemon grew");
            LAB.site().open(name);
            assertEquals("at last\n", client.awaitEnd(1).answer().text());
            sender.join(10_000);
            assertTrue(!sender.isAlive(), "the rest of the body is read and thrown away");
        }
    }

    @ParameterizedTest
    @MethodSource("callers")
    void echoesToAClientThatSendsEverythingBeforeItReads(Caller caller) throws Exception {
        long before = Proc.residentKb(daemon.pid());
        int size = (int) (64L * MIB);
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            try (SocketChannel client = SocketChannel.open(caller.address())) {
                write(client, Wire.open(1, false, CgiParams.post(caller.root(), "/echo.sh", "", size)));
                byte[] piece = Wire.stream(RecordType.STDIN, 1, new byte[32 * 1024]);
                for (int sent = 0; sent < size; sent += 32 * 1024) {
                    write(client, piece);
                }
                write(client, Wire.end(RecordType.STDIN, 1));

                ByteBuffer in = ByteBuffer.allocate(1 << 20);
                long received = 0;
                int count;
                while ((count = client.read(in.clear())) >= 0) {
                    received += count;
                }
                assertTrue(received > size, "only " + received + " bytes came back");
            }
        });
        assertTrue(Proc.residentKb(daemon.pid()) - before < BREATHING_KB, "the daemon grew");
    }

    private static void write(SocketChannel client, byte[] bytes) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(bytes);
        while (out.hasRemaining()) {
            client.write(out);
        }
    }

    @Test
    void sendsWhatAScriptHasWrittenBeforeItWritesMore() throws IOException {
        try (RawClient client = unix.connect()) {
            client.send(Wire.request(1, false, unix.params("/gate.sh", "at-once"), new byte[0]));

            client.awaitStdout(1, "first\n");
            LAB.site().open("at-once");

            assertEquals("first\nsecond\n", client.awaitEnd(1).answer().text());
        }
    }

    @Test
    void deliversBodyBytesBeforeTheBodyIsComplete() throws IOException {
        try (RawClient client = unix.connect()) {
            client.send(Wire.open(1, false, CgiParams.post(unix.root(), "/first-byte.sh", "early", 5)));
            client.send(Wire.stream(RecordType.STDIN, 1, new byte[5]));

            Awaitility.await("the script has read it")
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> LAB.site().has("early.first"));
            client.send(Wire.end(RecordType.STDIN, 1));

            assertEquals("read\n", client.awaitEnd(1).answer().text());
        }
    }

    @Test
    void readsASlowClientToItsEnd() throws IOException {
        byte[] request = Wire.request(1, false, CgiParams.post(unix.root(), "/count.sh", "", 3_000), Bytes.of(3_000));
        try (RawClient client = unix.connect()) {
            for (byte one : request) {
                client.send(new byte[] {one});
            }

            assertEquals("3000", client.awaitEnd(1).answer().text().strip());
        }
    }

    private static void echo(Way way, long size) throws IOException {
        Bytes.Sum sum = new Bytes.Sum();
        // nginx sends no more of a body once it has seen a head, and this script prints its head first.
        Answer head = way.request("POST", "/echo-unsized.sh")
                .header("Content-Length", Long.toString(size))
                .body(out -> Bytes.stream(size, out))
                .sendTo(sum);
        assertEquals(200, head.status(), head::toString);
        assertEquals(size, sum.count(), way + " bytes");
        assertEquals(Bytes.sumOfStream(size), sum.sum(), way + " checksum");
        assertTrue(head.complete());
    }

    /** Waits until the only script of the daemon has stopped writing and returns what it has written. */
    private static long awaitStandstill() {
        Awaitility.await("the script runs")
                .atMost(Duration.ofSeconds(5))
                .until(() -> !daemon.scripts().isEmpty());
        long pid = daemon.scripts().get(0);
        return standstill(() -> {
            OptionalLong written = Proc.written(pid);
            assertTrue(written.isPresent(), "the script is gone");
            return written.getAsLong();
        });
    }

    /** Waits until a counter is above zero and has not moved for ten looks, half a second in all. */
    private static long standstill(LongSupplier counter) {
        AtomicLong last = new AtomicLong(-1);
        AtomicLong same = new AtomicLong();
        Awaitility.await("a standstill")
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    long now = counter.getAsLong();
                    boolean moved = last.getAndSet(now) != now;
                    return now > 0 && (moved ? setZero(same) : same.incrementAndGet()) >= 10;
                });
        return last.get();
    }

    private static long setZero(AtomicLong counter) {
        counter.set(0);
        return 0;
    }
}
