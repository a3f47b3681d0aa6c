package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.cgifpm.e2e.client.Bytes;
import org.cgifpm.e2e.client.Caller;
import org.cgifpm.e2e.client.CgiParams;
import org.cgifpm.e2e.client.RawClient;
import org.cgifpm.e2e.client.Wire;
import org.cgifpm.e2e.front.FrontEnd;
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

/** Ten thousand requests of every kind, mixed: nothing of them stays. */
class MixedLoadIT {
    private static final int MAX_GROUP_DESCRIPTORS = 64;
    private static final int REQUESTS = 10_000;
    private static final int CLIENTS = 8;

    @RegisterExtension
    static final Lab LAB = new Lab();

    /** One request; true when it came out as it should. */
    @FunctionalInterface
    private interface Kind {
        boolean holds() throws IOException;
    }

    private static Daemon daemon;
    private static Caller unix;
    private static Caller tcp;
    private static List<FrontEnd> frontEnds = List.of();

    @BeforeAll
    static void start() {
        Pool unixPool = LAB.unixPool("unix").set("kill_grace", "500ms").set("queue_length", 256);
        Pool tcpPool = LAB.tcpPool("tcp").set("kill_grace", "500ms").set("queue_length", 256);
        daemon = LAB.daemon(unixPool, tcpPool);
        unix = new Caller(unixPool.address(), LAB.site().root());
        tcp = new Caller(tcpPool.address(), LAB.site().root());
        frontEnds = List.of(
                Nginx.start(
                        LAB,
                        List.of(
                                Nginx.server(unixPool, Nginx.Mode.BUFFERED),
                                Nginx.server(tcpPool, Nginx.Mode.UNBUFFERED),
                                Nginx.server(unixPool, Nginx.Mode.KEPT))),
                Haproxy.start(
                        LAB,
                        List.of(
                                Haproxy.server(unixPool, Haproxy.Mode.PLAIN),
                                Haproxy.server(tcpPool, Haproxy.Mode.MULTIPLEXED))));
    }

    @Test
    void tenThousandRequestsOfEveryKindLeaveNothingBehind() throws Exception {
        List<Kind> kinds = kinds();
        run(kinds, 300);
        // Without a front end: what the daemon has open when nobody is connected.
        Map<Integer, String> before = settled();

        List<String> wrong = run(kinds, REQUESTS);

        assertEquals(List.of(), wrong.stream().distinct().limit(10).toList(), wrong.size() + " came out wrong");
        daemon.awaitNoScripts(Duration.ofSeconds(15));
        frontEnds.forEach(frontEnd -> frontEnd.process().stop());
        Map<Integer, String> after = settled();
        // Empty control groups are kept for later requests, with two descriptors each.
        assertTrue(groups(after) <= MAX_GROUP_DESCRIPTORS, after::toString);
        assertTrue(
                after.size() - groups(after) <= before.size() - groups(before),
                () -> before.size() + " descriptors before " + before + ", " + after.size() + " after " + after);
        daemon.awaitNoZombies(Duration.ofSeconds(5));
        assertEquals(List.of(), Proc.children(daemon.pid()), "children");
    }

    private static long groups(Map<Integer, String> descriptors) {
        return descriptors.values().stream()
                .filter(target -> target.endsWith("/cgroup.events") || target.endsWith("/cgroup.procs"))
                .count();
    }

    private static List<Kind> kinds() {
        List<Way> ways =
                frontEnds.stream().flatMap(frontEnd -> frontEnd.ways().stream()).toList();
        List<Kind> kinds = new ArrayList<>();
        for (Caller caller : List.of(unix, tcp)) {
            for (int often = 0; often < 4; often++) {
                kinds.add(() -> caller.get("/hello.bin").answer().text().equals("hello from c\n"));
                kinds.add(() -> caller.get("/missing.sh").answer().status() == 404);
            }
            kinds.add(() -> caller.get("/nothing.sh").answer().status() == 500);
            kinds.add(() -> caller.get("/no-shebang.sh").answer().status() == 500);
            kinds.add(() -> caller.get("/missing-interpreter.sh").answer().status() == 500);
            kinds.add(() -> caller.get("/dies-before-head.sh").answer().status() == 500);
            kinds.add(() -> caller.post("/count.sh", Bytes.of(70_000))
                    .answer()
                    .text()
                    .strip()
                    .equals("70000"));
            kinds.add(() ->
                    caller.post("/ignore-body.sh", Bytes.of(300_000)).answer().status() == 200);
            kinds.add(() -> crashIsCut(caller));
            kinds.add(() -> threeOnOneConnection(caller));
            kinds.add(() -> goesAwayAtOnce(caller));
            kinds.add(() -> goesAwayInTheBody(caller));
            kinds.add(() -> talksNonsense(caller));
        }
        for (Way way : ways) {
            for (int often = 0; often < 3; often++) {
                kinds.add(() -> way.get("/hello.sh").send().text().equals("hello\n"));
            }
            kinds.add(() -> way.get("/not-executable.sh").send().status() == 403);
            kinds.add(() -> way.post("/echo-after.sh", Bytes.of(50_000)).send().body().length == 50_000);
            kinds.add(() -> leavesEndless(way));
        }
        return kinds;
    }

    private static boolean crashIsCut(Caller caller) throws IOException {
        try (RawClient client = caller.connect()) {
            client.send(Wire.request(1, false, caller.params("/dies-in-body.sh"), new byte[0]));
            client.awaitClosed(Duration.ofSeconds(20));
            return client.protocolError() != null && client.response(1).end() == null;
        }
    }

    private static boolean threeOnOneConnection(Caller caller) throws IOException {
        try (RawClient client = caller.connect()) {
            for (int id = 1; id <= 3; id++) {
                client.send(Wire.request(id, true, caller.params("/hello.bin"), new byte[0]));
            }
            return Stream.of(1, 2, 3)
                    .allMatch(id -> client.awaitEnd(id).answer().text().equals("hello from c\n"));
        }
    }

    private static boolean goesAwayAtOnce(Caller caller) throws IOException {
        try (RawClient client = caller.connect()) {
            client.send(Wire.request(1, false, caller.params("/endless.sh"), new byte[0]));
        }
        return true;
    }

    private static boolean goesAwayInTheBody(Caller caller) throws IOException {
        try (RawClient client = caller.connect()) {
            client.send(Wire.open(1, false, CgiParams.post(caller.root(), "/count.sh", "", 1000)));
            client.send(Wire.stream(RecordType.STDIN, 1, new byte[500]));
        }
        return true;
    }

    private static boolean talksNonsense(Caller caller) throws IOException {
        try (RawClient client = caller.connect()) {
            client.sendAsFarAsItGoes(Bytes.of(4000));
            client.awaitClosed(Duration.ofSeconds(20));
            return true;
        }
    }

    private static boolean leavesEndless(Way way) throws IOException {
        try (Socket client = way.get("/endless.sh").open()) {
            return client.getInputStream().readNBytes(10_000).length == 10_000;
        }
    }

    /** Runs that many requests on all clients and returns what came out wrong. */
    private static List<String> run(List<Kind> kinds, int requests) throws Exception {
        long seed = System.nanoTime();
        System.out.println("mixed load: seed " + seed);
        Random random = new Random(seed);
        AtomicInteger left = new AtomicInteger(requests);
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Callable<List<String>>> loops = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                Random own = new Random(random.nextLong());
                loops.add(() -> loop(kinds, own, left));
            }
            List<String> wrong = new ArrayList<>();
            for (Future<List<String>> loop : clients.invokeAll(loops)) {
                wrong.addAll(loop.get());
            }
            return wrong;
        } finally {
            clients.shutdownNow();
        }
    }

    private static List<String> loop(List<Kind> kinds, Random random, AtomicInteger left) {
        List<String> wrong = new ArrayList<>();
        while (left.getAndDecrement() > 0) {
            int kind = random.nextInt(kinds.size());
            try {
                if (!kinds.get(kind).holds()) {
                    wrong.add("kind " + kind + " was answered wrongly");
                }
            } catch (IOException | RuntimeException | AssertionError e) {
                wrong.add("kind " + kind + ": " + e);
            }
        }
        return wrong;
    }

    /** The daemon's descriptors once their number has not changed for a second. */
    private static Map<Integer, String> settled() {
        AtomicInteger last = new AtomicInteger(-1);
        AtomicInteger same = new AtomicInteger();
        Awaitility.await("a steady number of descriptors")
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    int now = Proc.descriptors(daemon.pid()).size();
                    if (last.getAndSet(now) != now) {
                        same.set(0);
                    }
                    return same.incrementAndGet() >= 10 && daemon.scripts().isEmpty();
                });
        return Proc.descriptors(daemon.pid());
    }
}
