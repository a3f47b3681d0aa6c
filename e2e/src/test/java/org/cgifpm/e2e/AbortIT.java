package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
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
import org.cgifpm.protocol.fastcgi.RecordType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The client goes away: its script and everything that the script started is gone within kill_grace. */
class AbortIT {
    private static final Duration KILL_GRACE = Duration.ofSeconds(1);

    /** kill_grace and what a busy machine may add to it. */
    private static final Duration GONE = KILL_GRACE.plusSeconds(3);

    @RegisterExtension
    static final Lab LAB = new Lab();

    private static final AtomicInteger NAMES = new AtomicInteger();

    private static Daemon daemon;
    private static List<Caller> callers = List.of();
    private static Caller finishing;
    private static Caller single;
    private static List<Way> ways = List.of();

    @BeforeAll
    static void start() {
        Pool unix = LAB.unixPool("unix").set("kill_grace", "1s");
        Pool tcp = LAB.tcpPool("tcp").set("kill_grace", "1s");
        Pool finish = LAB.unixPool("finish").set("on_abort", "finish");
        Pool one = LAB.unixPool("one").set("max_children", 1).set("kill_grace", "1s");
        daemon = LAB.daemon(unix, tcp, finish, one);
        callers = List.of(caller(unix), caller(tcp));
        finishing = caller(finish);
        single = caller(one);
        Nginx nginx = Nginx.start(
                LAB,
                List.of(
                        Nginx.server(unix, Nginx.Mode.BUFFERED),
                        Nginx.server(unix, Nginx.Mode.UNBUFFERED),
                        Nginx.server(tcp, Nginx.Mode.UNBUFFERED),
                        Nginx.server(unix, Nginx.Mode.KEPT)));
        Haproxy haproxy = Haproxy.start(
                LAB, List.of(Haproxy.server(unix, Haproxy.Mode.PLAIN), Haproxy.server(tcp, Haproxy.Mode.PLAIN)));
        ways = Stream.of(nginx, haproxy)
                .flatMap(frontEnd -> frontEnd.ways().stream())
                .toList();
    }

    private static Caller caller(Pool pool) {
        return new Caller(pool.address(), LAB.site().root());
    }

    static List<Caller> callers() {
        return callers;
    }

    static List<Way> ways() {
        return ways;
    }

    static List<Way> nginxWays() {
        return ways.stream().filter(way -> way.name().startsWith("nginx")).toList();
    }

    @ParameterizedTest
    @MethodSource("callers")
    void killsADeafScriptAndItsGrandchildren(Caller caller) throws IOException {
        RawClient client = started(caller, "/deaf.sh", newName());
        Awaitility.await("script, child and grandchildren")
                .atMost(Duration.ofSeconds(5))
                .until(() -> daemon.scripts().size() >= 4);

        client.close();

        daemon.awaitNoScripts(GONE);
        daemon.awaitNoZombies(GONE);
    }

    @ParameterizedTest
    @MethodSource("callers")
    void asksAScriptToEndBeforeItKills(Caller caller) throws IOException {
        String name = newName();
        RawClient client = started(caller, "/polite.sh", name);

        client.close();

        daemon.awaitNoScripts(GONE);
        assertTrue(LAB.site().has(name + ".term"), "the script saw TERM");
    }

    @ParameterizedTest
    @MethodSource("callers")
    void endsAScriptWhoseClientLeavesInTheMiddleOfTheBody(Caller caller) throws IOException {
        RawClient client = caller.connect();
        client.send(Wire.open(1, false, CgiParams.post(caller.root(), "/count.sh", "", 5000)));
        client.send(Wire.stream(RecordType.STDIN, 1, new byte[1000]));
        Awaitility.await("the script runs")
                .atMost(Duration.ofSeconds(5))
                .until(() -> !daemon.scripts().isEmpty());

        client.close();

        daemon.awaitNoScripts(GONE);
    }

    @ParameterizedTest
    @MethodSource("callers")
    void endsAScriptThatNeverStopsWriting(Caller caller) throws IOException {
        RawClient client = caller.connect();
        client.send(Wire.request(1, true, caller.params("/endless.sh"), new byte[0]));
        Awaitility.await("the script runs")
                .atMost(Duration.ofSeconds(5))
                .until(() -> !daemon.scripts().isEmpty());

        client.close();

        daemon.awaitNoScripts(GONE);
    }

    @Test
    void aHalfCloseOfAUnixSocketIsNoAbort() throws IOException {
        Caller unix = callers.get(0);
        String name = newName();
        try (RawClient client = started(unix, "/gate.sh", name)) {
            client.halfClose();
            LAB.site().open(name);

            assertEquals("first\nsecond\n", client.awaitEnd(1).answer().text());
        }
    }

    @Test
    void anAbortRecordEndsItsRequestAndNoOther() throws IOException {
        Caller unix = callers.get(0);
        String name = newName();
        try (RawClient client = started(unix, "/polite.sh", name)) {
            client.send(Wire.request(2, true, unix.params("/gate.sh", name + "b"), new byte[0]));
            client.awaitStdout(2, "first");

            client.send(Wire.abort(1));

            assertNotNull(client.awaitEnd(1).end());
            Awaitility.await("the script saw TERM")
                    .atMost(GONE)
                    .until(() -> LAB.site().has(name + ".term"));
            LAB.site().open(name + "b");
            assertEquals("first\nsecond\n", client.awaitEnd(2).answer().text());
        }
        daemon.awaitNoScripts(GONE);
    }

    @Test
    void aRequestThatIsAbortedInTheQueueNeverStarts() throws IOException {
        String running = newName();
        String queued = newName();
        try (RawClient first = started(single, "/gate.sh", running)) {
            RawClient second = single.connect();
            second.send(Wire.request(1, false, single.params("/gate.sh", queued), new byte[0]));
            second.close();
            LAB.site().open(running);
            first.awaitEnd(1);
        }

        assertEquals("hello\n", single.get("/hello.sh").answer().text());
        assertFalse(LAB.site().has(queued + ".started"), "it started though nobody waited for it");
    }

    @Test
    void letsAScriptFinishWhereThePoolSaysSo() throws IOException {
        String name = newName();
        RawClient client = started(finishing, "/gate.sh", name);

        client.close();
        LAB.site().open(name);

        Awaitility.await("the script's own end")
                .atMost(Duration.ofSeconds(10))
                .until(() -> LAB.site().has(name + ".finished"));
        daemon.awaitNoScripts(GONE);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void killsWhenTheHttpClientLeavesInTheMiddleOfTheAnswer(Way way) throws IOException {
        try (Socket client = way.get("/endless.sh").open()) {
            InputStream in = client.getInputStream();
            assertEquals(100_000, in.readNBytes(100_000).length);
        }

        daemon.awaitNoScripts(GONE);
        daemon.awaitNoZombies(GONE);
    }

    /** Not through HAProxy: before the head it keeps the connection to us open and says nothing, whatever its options. */
    @ParameterizedTest
    @MethodSource("nginxWays")
    void killsWhenTheHttpClientLeavesBeforeTheHead(Way way) throws IOException {
        String name = newName();
        try (Socket client = way.get("/late-head.sh?" + name).open()) {
            Awaitility.await("the script runs")
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> client.isConnected() && LAB.site().has(name + ".started"));
        }

        daemon.awaitNoScripts(GONE);
        assertFalse(LAB.site().has(name + ".finished"));
    }

    /** A script that has started and said its first word. */
    private static RawClient started(Caller caller, String path, String name) throws IOException {
        RawClient client = caller.connect();
        client.send(Wire.request(1, true, caller.params(path, name), new byte[0]));
        client.awaitStdout(1, "first");
        Awaitility.await(path + " has started")
                .atMost(Duration.ofSeconds(5))
                .until(() -> LAB.site().has(name + ".started"));
        return client;
    }

    private static String newName() {
        return "abort" + NAMES.incrementAndGet();
    }
}
