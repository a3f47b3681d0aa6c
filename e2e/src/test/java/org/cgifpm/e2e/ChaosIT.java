package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.awaitility.Awaitility;
import org.cgifpm.e2e.client.Answer;
import org.cgifpm.e2e.client.CgiParams;
import org.cgifpm.e2e.client.KeptClient;
import org.cgifpm.e2e.client.Load;
import org.cgifpm.e2e.front.Nginx;
import org.cgifpm.e2e.front.Way;
import org.cgifpm.e2e.lab.ChaosMonkey;
import org.cgifpm.e2e.lab.Crew;
import org.cgifpm.e2e.lab.Daemon;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.Proc;
import org.cgifpm.e2e.lab.WorkerSite;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Workers die and freeze at random under the load of 64 clients: every request is answered, and no more of them fail than
 * there were workers that something was done to.
 *
 * <p>{@code -Dchaos.requests=N} and {@code -Dchaos.seed=N} make a longer run of it, or the same again.
 */
class ChaosIT {
    private static final int CLIENTS = 64;
    private static final int WORKERS = 8;
    /** Takes a little time, so that all workers are at work all the time. */
    private static final String QUERY = "length=4";

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(1);
    private static final int REQUESTS = Integer.getInteger("chaos.requests", 8000);
    private static final long SEED = Long.getLong("chaos.seed", System.nanoTime());

    @RegisterExtension
    static final Lab LAB = new Lab();

    private static WorkerSite site;
    private static Pool pool;
    private static Daemon daemon;
    private static Crew crew;
    private static Nginx nginx;

    @BeforeAll
    static void start() {
        site = WorkerSite.in(LAB.newFolder("workers"));
        pool = Pool.unix("chaos", LAB.folder(), site.root())
                .set("mode", "worker")
                .list("command", site.file("app").toString())
                .set("pm", "static")
                .set("max_children", WORKERS)
                .set("request_timeout", REQUEST_TIMEOUT.toMillis() + "ms")
                .set("kill_grace", "200ms")
                .set("queue_length", 2 * CLIENTS)
                .set("queue_timeout", "60s")
                .set("startup_timeout", "10s");
        daemon = LAB.daemon(pool);
        crew = new Crew(daemon, site.file("app"));
        nginx = Nginx.start(LAB, List.of(Nginx.server(pool, Nginx.Mode.KEPT)), site.root());
        awaitSize(Duration.ofSeconds(10));
    }

    @Test
    void everyRequestIsAnsweredWhileWorkersDie() throws Exception {
        System.out.println("chaos: " + REQUESTS + " requests, seed " + SEED);
        // Without nginx, which keeps connections: those that are open now are to the workers.
        Load.run(CLIENTS, 500, client -> kept());
        int before = quietDescriptors();
        ChaosMonkey monkey = ChaosMonkey.start(crew, WORKERS, REQUEST_TIMEOUT, new Random(SEED));

        Map<String, Integer> outcomes = run(REQUESTS);

        ChaosMonkey.Deeds done = monkey.stop();
        System.out.println("chaos: " + outcomes + ", " + done);
        assertTrue(Set.of(Load.GOOD, "502", "504").containsAll(outcomes.keySet()), outcomes::toString);
        assertTrue(outcomes.getOrDefault("502", 0) <= done.killed(), () -> outcomes + ", " + done);
        assertTrue(outcomes.getOrDefault("504", 0) <= done.frozen(), () -> outcomes + ", " + done);
        assertTrue(done.killed() >= 10 && done.frozen() >= 1, done::toString);
        // A machine that has other things to do, too, may be late once in a while.
        assertTrue(
                done.late().size() <= (done.killed() + done.frozen()) / 50,
                () -> "the pool was not back at its size in time: " + done);
        assertTrue(done.longest().toSeconds() < 4, done::toString);
        awaitSize(REQUEST_TIMEOUT.plusSeconds(5));
        nginx.process().stop();
        daemon.awaitNoZombies(Duration.ofSeconds(5));
        int after = quietDescriptors();
        assertTrue(after <= before, () -> before + " descriptors before, " + Proc.descriptors(daemon.pid()));
        daemon.stopCleanly(Duration.ofSeconds(10));
    }

    private static void awaitSize(Duration limit) {
        Awaitility.await("the pool is at its size")
                .atMost(limit)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> crew.moving().size() == WORKERS && crew.pids().size() == WORKERS);
    }

    /** Three of four over connections that they keep, the others through nginx. */
    private static Map<String, Integer> run(int requests) {
        Way way = nginx.ways().get(0);
        return Load.run(CLIENTS, requests, client -> client % 4 == 0 ? number -> throughNginx(way, number) : kept());
    }

    private static String throughNginx(Way way, int number) throws IOException {
        byte[] body = body(number);
        return judged(
                body.length == 0
                        ? way.get("/app?" + QUERY).send()
                        : way.post("/app?" + QUERY, body).send(),
                body);
    }

    private static Load.Client kept() {
        return new Load.Client() {
            private final KeptClient connection = new KeptClient(pool.address());

            @Override
            public String ask(int number) throws IOException {
                byte[] body = body(number);
                return judged(
                        connection.ask(
                                body.length == 0
                                        ? CgiParams.get(site.root(), "/app", QUERY)
                                        : CgiParams.post(site.root(), "/app", QUERY, body.length),
                                body),
                        body);
            }

            @Override
            public void close() throws IOException {
                connection.close();
            }
        };
    }

    /** Two of three have none, and can be asked again. */
    private static byte[] body(int number) {
        return new byte[number % 3 == 2 ? 1 + number % 3000 : 0];
    }

    private static String judged(Answer answer, byte[] body) {
        boolean good = answer.status() == 200 && answer.text().startsWith("length " + body.length + " ");
        if (good && answer.complete()) {
            return Load.GOOD;
        }
        boolean clear = answer.status() == 502 || answer.status() == 504;
        return clear ? Integer.toString(answer.status()) : answer.toString();
    }

    /** Those of the daemon when nobody is connected and all workers are there. */
    private static int quietDescriptors() {
        int[] last = {-1, 0};
        Awaitility.await("a steady number of descriptors")
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    int now = open();
                    last[1] = now == last[0] ? last[1] + 1 : 0;
                    last[0] = now;
                    return last[1] >= 10;
                });
        return last[0];
    }

    /** Without the control groups that are kept for workers to come: those are few, and their number is bounded. */
    private static int open() {
        return (int) Proc.descriptors(daemon.pid()).values().stream()
                .filter(target -> !target.startsWith("/sys/fs/cgroup/"))
                .count();
    }
}
