package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.cgifpm.e2e.client.Answer;
import org.cgifpm.e2e.client.Load;
import org.cgifpm.e2e.front.FrontEnds;
import org.cgifpm.e2e.front.Way;
import org.cgifpm.e2e.lab.Crew;
import org.cgifpm.e2e.lab.Daemon;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.WorkerSite;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Workers that take their requests from the pool's own socket: the daemon only starts them, and starts them again. */
class DirectIT {
    private static final int WORKERS = 3;
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @RegisterExtension
    static final Lab LAB = new Lab();

    private static Crew crew;
    private static Crew onDemand;
    private static List<Way> ways = List.of();
    private static List<Way> sleeping = List.of();

    @BeforeAll
    static void start() {
        WorkerSite site = WorkerSite.in(LAB.newFolder("workers"));
        Pool always = pool("always", site, "app").set("pm", "static");
        Pool asked = pool("asked", site, "hello").set("process_idle_timeout", "1s");
        Daemon daemon = LAB.daemon(always, asked);
        crew = new Crew(daemon, site.file("app"));
        onDemand = new Crew(daemon, site.file("hello"));
        ways = FrontEnds.nginx(LAB, always, site.root());
        sleeping = FrontEnds.nginx(LAB, asked, site.root());
    }

    private static Pool pool(String name, WorkerSite site, String program) {
        return Pool.unix(name, LAB.folder(), site.root())
                .set("mode", "worker")
                .set("dispatch", "direct")
                .unset("allowed_users")
                .list("command", site.file(program).toString())
                .set("max_children", WORKERS);
    }

    /**
     * Without kept connections: a worker that takes one at a time is nobody else's as long as the web server keeps it,
     * and nginx keeps more than there are workers.
     */
    static List<Way> ways() {
        return ways.stream().filter(way -> !way.name().contains("kept")).toList();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void answersThroughNginx(Way way) {
        Map<String, Integer> outcomes = Load.run(8, 300, client -> number -> {
            byte[] body = new byte[number % 2 * 2000];
            Answer answer = way.post("/app?length", body).send();
            return answer.text().startsWith("length " + body.length + " ") ? Load.GOOD : answer.toString();
        });

        assertEquals(Map.of(Load.GOOD, 300), outcomes);
    }

    @Test
    void aWorkerThatIsKilledIsReplaced() {
        awaitWorkers(WORKERS, crew);
        long victim = crew.pids().get(0);

        assertTrue(Crew.signal(victim, "KILL"));

        Awaitility.await("another in its place").atMost(LIMIT).until(() -> {
            List<Long> pids = crew.pids();
            return pids.size() == WORKERS && !pids.contains(victim);
        });
    }

    @Test
    void workersOnDemandComeWithARequestAndGoWhenNoneComes() throws IOException {
        awaitWorkers(0, onDemand);

        assertTrue(sleeping.get(0).get("/app").send().text().startsWith("hello from libfcgi "));

        assertFalse(onDemand.pids().isEmpty());
        awaitWorkers(0, onDemand);
        assertTrue(sleeping.get(0).get("/app").send().text().startsWith("hello from libfcgi "));
    }

    private static void awaitWorkers(int count, Crew of) {
        Awaitility.await(count + " workers").atMost(LIMIT).until(() -> of.pids().size() == count);
    }
}
