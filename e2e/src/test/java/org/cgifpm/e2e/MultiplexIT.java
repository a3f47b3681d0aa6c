package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.cgifpm.e2e.client.Bytes;
import org.cgifpm.e2e.client.Caller;
import org.cgifpm.e2e.client.CgiParams;
import org.cgifpm.e2e.client.RawClient;
import org.cgifpm.e2e.client.Wire;
import org.cgifpm.e2e.front.Haproxy;
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

/** Many requests on one connection: none waits for another, and what happens to one happens to no other. */
class MultiplexIT {
    @RegisterExtension
    static final Lab LAB = new Lab();

    private static Daemon daemon;
    private static Caller caller;
    private static Caller single;
    private static List<Way> ways = List.of();

    @BeforeAll
    static void start() {
        Pool pool = LAB.unixPool("many").set("kill_grace", "1s");
        Pool tcp = LAB.tcpPool("tcp");
        Pool one = LAB.unixPool("one").set("max_children", 1);
        daemon = LAB.daemon(pool, tcp, one);
        caller = new Caller(pool.address(), LAB.site().root());
        single = new Caller(one.address(), LAB.site().root());
        ways = Haproxy.start(
                        LAB,
                        Stream.of(Haproxy.Mode.MULTIPLEXED, Haproxy.Mode.ASKING)
                                .flatMap(mode -> Stream.of(Haproxy.server(pool, mode), Haproxy.server(tcp, mode)))
                                .toList())
                .ways();
    }

    static List<Way> ways() {
        return ways;
    }

    @Test
    void aRequestWhoseScriptDoesNotReadBlocksNoOther() throws IOException {
        byte[] body = Bytes.of(2_000_000);
        try (RawClient client = caller.connect()) {
            client.read();
            client.send(Wire.open(1, true, post("/gate.sh", "unread", body.length)));
            awaitFile("unread.started");
            client.send(Wire.open(2, true, post("/echo.sh", "", body.length)));

            client.send(Wire.stream(RecordType.STDIN, 1, body), Wire.end(RecordType.STDIN, 1));
            client.send(Wire.stream(RecordType.STDIN, 2, body), Wire.end(RecordType.STDIN, 2));

            assertArrayEquals(body, client.awaitEnd(2).answer().body());
            assertNull(client.response(1).end());
            LAB.site().open("unread");
            assertEquals("first\nsecond\n", client.awaitEnd(1).answer().text());
        }
    }

    @Test
    void aRequestInTheQueueDoesNotBlockTheOneThatItWaitsFor() throws IOException {
        byte[] body = Bytes.of(1_000_000);
        try (RawClient client = single.connect()) {
            client.read();
            client.send(Wire.open(1, true, post("/echo.sh", "", body.length)));
            client.send(Wire.open(2, true, post("/echo.sh", "", body.length)));

            client.send(Wire.stream(RecordType.STDIN, 2, body), Wire.end(RecordType.STDIN, 2));
            client.send(Wire.stream(RecordType.STDIN, 1, body), Wire.end(RecordType.STDIN, 1));

            assertArrayEquals(body, client.awaitEnd(1).answer().body());
            assertArrayEquals(body, client.awaitEnd(2).answer().body());
        }
    }

    @Test
    void keepsWhatItHoldsBackOutOfMemoryAndInNoFileWithAName() throws IOException {
        byte[] body = Bytes.of(32 << 20);
        long before = Proc.residentKb(daemon.pid());
        try (RawClient client = caller.connect()) {
            client.read();
            client.send(Wire.open(1, true, post("/gate.sh", "held", body.length)));
            awaitFile("held.started");
            client.send(Wire.open(2, true, caller.params("/gate.sh", "held")));

            client.send(Wire.stream(RecordType.STDIN, 1, body));
            client.send(Wire.request(3, true, caller.params("/hello.sh"), new byte[0]));
            assertEquals("hello\n", client.awaitEnd(3).answer().text());

            long growth = Proc.residentKb(daemon.pid()) - before;
            assertTrue(growth < 16 * 1024, "32 MB held back for a request, and " + growth + " kB of memory");
            assertTrue(
                    Proc.descriptors(daemon.pid()).values().stream().anyMatch(target -> target.endsWith("(deleted)")),
                    "an unlinked temporary file");
        } finally {
            LAB.site().open("held");
        }
        Awaitility.await("the temporary file is closed")
                .atMost(Duration.ofSeconds(10))
                .until(() -> Proc.descriptors(daemon.pid()).values().stream()
                        .noneMatch(target -> target.endsWith("(deleted)")));
    }

    @Test
    void answersFiftyInterleavedEchoes() throws IOException {
        try (RawClient client = caller.connect()) {
            client.read();
            List<byte[]> bodies = new ArrayList<>();
            for (int id = 1; id <= 50; id++) {
                bodies.add(Bytes.of(10_000 + id));
                client.send(Wire.open(id, true, post("/echo.sh", "", 10_000 + id)));
            }
            for (int from = 0; from < 10_000; from += 1000) {
                for (int id = 1; id <= 50; id++) {
                    byte[] piece = Arrays.copyOfRange(bodies.get(id - 1), from, from + 1000);
                    client.send(Wire.stream(RecordType.STDIN, id, piece));
                }
            }
            for (int id = 50; id >= 1; id--) {
                byte[] rest = Arrays.copyOfRange(bodies.get(id - 1), 10_000, 10_000 + id);
                client.send(Wire.stream(RecordType.STDIN, id, rest), Wire.end(RecordType.STDIN, id));
            }

            for (int id = 1; id <= 50; id++) {
                assertArrayEquals(
                        bodies.get(id - 1), client.awaitEnd(id).answer().body(), "request " + id);
            }
        }
    }

    @Test
    void usesAnIdAgainAfterItsEnd() throws IOException {
        try (RawClient client = caller.connect()) {
            client.send(Wire.request(1, true, caller.params("/hello.sh"), new byte[0]));
            client.awaitEnd(1);
            client.send(Wire.request(65_535, true, caller.params("/hello.py"), new byte[0]));
            assertEquals("hello from python\n", client.awaitEnd(65_535).answer().text());
            client.forget(1);
            client.send(Wire.request(1, true, caller.params("/hello.pl"), new byte[0]));

            assertEquals("hello from perl\n", client.awaitEnd(1).answer().text());
        }
    }

    @Test
    void aCrashAmongOthersEndsWithStatus1AndLeavesThemAlone() throws IOException {
        try (RawClient client = caller.connect()) {
            client.send(Wire.request(1, true, caller.params("/gate.sh", "bystander"), new byte[0]));
            client.awaitStdout(1, "first");

            client.send(Wire.request(2, true, caller.params("/dies-in-body.sh"), new byte[0]));

            var end = client.awaitEnd(2).end();
            assertNotNull(end);
            assertEquals(1, end.appStatus());
            LAB.site().open("bystander");
            assertEquals("first\nsecond\n", client.awaitEnd(1).answer().text());
        }
    }

    @Test
    void answersGetValuesBeforeBetweenAndAfterRequests() throws IOException {
        try (RawClient client = caller.connect()) {
            client.send(Wire.getValues("FCGI_MAX_REQS", "FCGI_MPXS_CONNS", "FCGI_MAX_CONNS", "NO_SUCH_VALUE"));
            Map<String, String> values = client.awaitValues(1);
            assertEquals("1", values.get("FCGI_MPXS_CONNS"), values::toString);
            assertTrue(Integer.parseInt(values.getOrDefault("FCGI_MAX_REQS", "0")) > 1, values::toString);
            assertTrue(!values.containsKey("NO_SUCH_VALUE"), values::toString);

            client.send(Wire.request(1, true, caller.params("/gate.sh", "values"), new byte[0]));
            client.awaitStdout(1, "first");
            client.send(Wire.getValues("FCGI_MPXS_CONNS"));
            assertEquals(Map.of("FCGI_MPXS_CONNS", "1"), client.awaitValues(2));

            LAB.site().open("values");
            client.awaitEnd(1);
            client.send(Wire.getValues());
            assertEquals(Map.of(), client.awaitValues(3));
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void throughHaproxyAStalledRequestBlocksNoOther(Way way) throws IOException {
        String gate = "haproxy" + way.port();
        try (Socket stalled = way.get("/gate.sh?" + gate).open();
                Socket another = way.get("/endless.sh").open()) {
            Awaitility.await("the script runs")
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> LAB.site().has(gate + ".started"));

            for (int i = 0; i < 20; i++) {
                assertEquals("hello\n", way.get("/hello.sh").send().text());
            }

            LAB.site().open(gate);
            String answer = new String(stalled.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertTrue(answer.contains("second"), answer);
            assertTrue(another.isConnected());
        }
    }

    private static void awaitFile(String name) {
        Awaitility.await(name)
                .atMost(Duration.ofSeconds(10))
                .until(() -> LAB.site().has(name));
    }

    private static Map<String, String> post(String path, String query, long length) {
        return CgiParams.post(caller.root(), path, query, length);
    }
}
