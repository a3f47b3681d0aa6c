package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import org.cgifpm.e2e.client.Answer;
import org.cgifpm.e2e.client.CgiParams;
import org.cgifpm.e2e.client.KeptClient;
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

/** Workers that are replaced after ten requests each, under all the load that 64 clients make: no request notices. */
class RecycleIT {
    private static final int CLIENTS = 64;
    private static final int WORKERS = 8;
    private static final int MAX_REQUESTS = 10;

    @RegisterExtension
    static final Lab LAB = new Lab();

    private static WorkerSite site;
    private static Daemon daemon;
    private static Pool pool;
    private static List<Way> ways = List.of();

    @BeforeAll
    static void start() {
        site = WorkerSite.in(LAB.newFolder("workers"));
        pool = Pool.unix("recycle", LAB.folder(), site.root())
                .set("mode", "worker")
                .list("command", site.file("app").toString())
                .set("pm", "static")
                .set("max_children", WORKERS)
                .set("max_requests", MAX_REQUESTS)
                .set("queue_length", 2 * CLIENTS);
        daemon = LAB.daemon(pool);
        ways = FrontEnds.nginx(LAB, pool, site.root());
    }

    static List<Way> ways() {
        return ways;
    }

    @Test
    void noneOfFourThousandRequestsOnKeptConnectionsFails() {
        Set<String> pids = ConcurrentHashMap.newKeySet();
        int requests = 4000;

        Map<String, Integer> outcomes = Load.run(CLIENTS, requests, client -> new Load.Client() {
            private final KeptClient connection = new KeptClient(pool.address());

            @Override
            public String ask(int number) throws IOException {
                byte[] body = new byte[number % 3 * 500];
                Answer answer = connection.ask(
                        number % 3 == 0
                                ? CgiParams.get(site.root(), "/app", "length")
                                : CgiParams.post(site.root(), "/app", "length", body.length),
                        body);
                return judged(answer, body.length, pids);
            }

            @Override
            public void close() throws IOException {
                connection.close();
            }
        });

        assertEquals(Map.of(Load.GOOD, requests), outcomes);
        assertTrue(pids.size() >= requests / MAX_REQUESTS, pids.size() + " workers");
        Crew crew = new Crew(daemon, site.file("app"));
        Awaitility.await("the pool is at its size")
                .atMost(Duration.ofSeconds(5))
                .until(() -> crew.pids().size() == WORKERS);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void noneFailsThroughNginx(Way way) {
        Set<String> pids = ConcurrentHashMap.newKeySet();
        int requests = 1000;

        Map<String, Integer> outcomes = Load.run(CLIENTS, requests, client -> number -> {
            byte[] body = new byte[number % 3 * 500];
            Answer answer = number % 3 == 0
                    ? way.get("/app?length").send()
                    : way.post("/app?length", body).send();
            return judged(answer, body.length, pids);
        });

        assertEquals(Map.of(Load.GOOD, requests), outcomes);
        assertTrue(pids.size() >= requests / MAX_REQUESTS, pids.size() + " workers");
    }

    private static String judged(Answer answer, int length, Set<String> pids) {
        String[] words = answer.text().strip().split(" ", -1);
        if (answer.status() != 200 || words.length != 3 || !words[1].equals(Integer.toString(length))) {
            return answer.toString();
        }
        pids.add(words[2]);
        return Load.GOOD;
    }
}
