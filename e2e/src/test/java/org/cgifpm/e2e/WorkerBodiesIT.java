package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.cgifpm.e2e.client.Answer;
import org.cgifpm.e2e.client.Bytes;
import org.cgifpm.e2e.client.Load;
import org.cgifpm.e2e.front.FrontEnds;
import org.cgifpm.e2e.front.Haproxy;
import org.cgifpm.e2e.front.Way;
import org.cgifpm.e2e.lab.Crew;
import org.cgifpm.e2e.lab.Daemon;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.Proc;
import org.cgifpm.e2e.lab.WorkerSite;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies to and from a worker: all sizes, slow readers, answers that come early and clients that leave. */
class WorkerBodiesIT {
    private static final int LARGE = 3_000_000;
    private static final int ENDLESS = -1;
    private static final int WORKERS = 4;
    /** What kernel, daemon and front end have room for between a worker and a client that does not read. */
    private static final long HELD_BACK = 30_000_000;
    /** Far below the bodies that go through, and above what a Java program takes for itself as it warms up. */
    private static final long MORE_KB = 32 * 1024;

    @RegisterExtension
    static final Lab LAB = new Lab();

    private static Daemon daemon;
    private static Crew crew;
    private static List<Way> ways = List.of();

    @BeforeAll
    static void start() {
        WorkerSite site = WorkerSite.in(LAB.newFolder("workers"));
        Pool pool = Pool.unix("bodies", LAB.folder(), site.root())
                .set("mode", "worker")
                .list("command", site.file("app").toString())
                .set("max_children", WORKERS)
                .set("kill_grace", "500ms");
        daemon = LAB.daemon(pool);
        crew = new Crew(daemon, site.file("app"));
        Haproxy haproxy = Haproxy.start(
                LAB,
                List.of(Haproxy.server(pool, Haproxy.Mode.PLAIN), Haproxy.server(pool, Haproxy.Mode.MULTIPLEXED)),
                site.root());
        ways = Stream.concat(FrontEnds.nginx(LAB, pool, site.root()).stream(), haproxy.ways().stream())
                .toList();
    }

    static List<Way> ways() {
        return ways;
    }

    /** Those that put no answer into a file. */
    static List<Way> streaming() {
        return ways.stream()
                .filter(way -> way.name().contains("unbuffered") || way.name().contains("haproxy"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void comeBackAsTheyWent(Way way) throws IOException {
        for (int size : new int[] {0, 1, 200_000, LARGE}) {
            byte[] body = Bytes.of(size);
            Answer answer = way.post("/app.fcgi?echo", body).send();

            assertEquals(200, answer.status(), answer::toString);
            assertArrayEquals(body, answer.body());
            assertTrue(answer.complete(), answer::toString);
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void manyAtTheSameTimeTakeNoMemory(Way way) {
        echoes(way, 8);
        long before = Proc.residentKb(daemon.pid());

        echoes(way, 40);

        long after = Proc.residentKb(daemon.pid());
        assertTrue(after - before < MORE_KB, before + " kB before, " + after + " kB after");
    }

    @ParameterizedTest
    @MethodSource("streaming")
    void aSlowReaderMakesTheWorkerWait(Way way) throws IOException {
        long writtenBefore = steadyWritten();
        long before = Proc.residentKb(daemon.pid());
        try (Socket client = way.get("/app.fcgi?large=" + ENDLESS).open()) {
            InputStream in = client.getInputStream();
            assertEquals(100_000, in.readNBytes(100_000).length);

            long written = steadyWritten() - writtenBefore;

            assertTrue(written < HELD_BACK, written + " bytes written");
            assertTrue(Proc.residentKb(daemon.pid()) - before < MORE_KB, "resident " + Proc.residentKb(daemon.pid()));
            assertEquals(1_000_000, in.readNBytes(1_000_000).length, "and it goes on");
        }
        assertEquals(
                "length 3", way.post("/app.fcgi?length", "abc").send().text().substring(0, 8));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void anAnswerThatComesBeforeTheBodyIsHeard(Way way) {
        byte[] body = Bytes.of(LARGE);

        Map<String, Integer> outcomes = Load.run(4, 40, client -> number -> {
            Answer answer = way.post("/app.fcgi?early", body).send();
            return answer.status() == 403 && answer.text().equals("not read\n") ? Load.GOOD : answer.toString();
        });

        assertEquals(Map.of(Load.GOOD, 40), outcomes);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void clientsThatLeaveLeaveNoWorkerBehind(Way way) throws IOException {
        List<Socket> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 2 * WORKERS; i++) {
                Socket client = way.get("/app.fcgi?large=" + ENDLESS).open();
                clients.add(client);
                if (i < WORKERS) {
                    // One after the other: a front end with many processes may pass on the last one first.
                    assertEquals(100_000, client.getInputStream().readNBytes(100_000).length);
                }
            }
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
        for (int i = 0; i < 2 * WORKERS; i++) {
            try (Socket client = way.post("/app.fcgi?length", Bytes.of(LARGE)).open()) {
                OutputStream out = client.getOutputStream();
                out.write(new byte[100_000]);
            }
        }

        Map<String, Integer> outcomes = Load.run(WORKERS, 20, client -> number -> {
            Answer answer = way.post("/app.fcgi?length", "abc").send();
            return answer.text().startsWith("length 3 ") ? Load.GOOD : answer.toString();
        });

        assertEquals(Map.of(Load.GOOD, 20), outcomes);
        assertTrue(crew.pids().size() <= WORKERS, () -> crew.pids().toString());
    }

    @Test
    void nothingOfThemStays() {
        Map<String, Integer> outcomes = Load.run(8, 400, client -> number -> {
            Way way = ways.get(number % ways.size());
            byte[] body = Bytes.of(number % 7 * 10_000);
            Answer answer = way.post("/app.fcgi?length", body).send();
            return answer.text().startsWith("length " + body.length + " ") ? Load.GOOD : answer.toString();
        });

        assertEquals(Map.of(Load.GOOD, 400), outcomes);
        daemon.awaitNoZombies(Duration.ofSeconds(5));
    }

    private static void echoes(Way way, int times) {
        byte[] body = Bytes.of(LARGE);
        Map<String, Integer> outcomes = Load.run(4, times, client -> number -> {
            Bytes.Sum sum = new Bytes.Sum();
            Answer answer = way.post("/app.fcgi?echo", body).sendTo(sum);
            return sum.count() == LARGE ? Load.GOOD : answer + " " + sum.count();
        });
        assertEquals(Map.of(Load.GOOD, times), outcomes);
    }

    /** What all workers have written so far, once that has not changed for half a second. */
    private static long steadyWritten() {
        AtomicLong last = new AtomicLong(-1);
        AtomicLong since = new AtomicLong(System.nanoTime());
        Awaitility.await("workers that are held back")
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    long now = crew.pids().stream()
                            .mapToLong(pid -> Proc.written(pid).orElse(0))
                            .sum();
                    if (last.getAndSet(now) != now) {
                        since.set(System.nanoTime());
                    }
                    return System.nanoTime() - since.get() > 500_000_000L;
                });
        return last.get();
    }
}
