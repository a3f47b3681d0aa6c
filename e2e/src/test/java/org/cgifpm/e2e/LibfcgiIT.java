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
import org.cgifpm.e2e.client.Bytes;
import org.cgifpm.e2e.client.Load;
import org.cgifpm.e2e.front.FrontEnds;
import org.cgifpm.e2e.front.Way;
import org.cgifpm.e2e.lab.Daemon;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.WorkerSite;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** C programs on libfcgi: the shortest there is, and one with four threads that accept under a lock. */
class LibfcgiIT {
    private static final int THREADS = 4;
    private static final int REQUESTS = 200;

    @RegisterExtension
    static final Lab LAB = new Lab();

    private static Daemon daemon;
    private static List<Way> hello = List.of();
    private static List<Way> threads = List.of();

    @BeforeAll
    static void start() {
        WorkerSite site = WorkerSite.in(LAB.newFolder("workers"));
        Pool shortest = Pool.unix("hello", LAB.folder(), site.root())
                .set("mode", "worker")
                .list("command", site.file("hello").toString())
                .set("max_children", 2);
        Pool threaded = Pool.unix("threads", LAB.folder(), site.root())
                .set("mode", "worker")
                .list("command", site.file("app").toString(), Integer.toString(THREADS))
                .set("max_children", 1)
                .set("worker_concurrency", THREADS);
        daemon = LAB.daemon(shortest, threaded);
        hello = FrontEnds.all(LAB, shortest, site.root());
        threads = FrontEnds.nginx(LAB, threaded, site.root());
    }

    static List<Way> hello() {
        return hello;
    }

    static List<Way> threads() {
        return threads;
    }

    @ParameterizedTest
    @MethodSource("hello")
    void theShortestProgramAnswersMany(Way way) {
        Set<String> processes = ConcurrentHashMap.newKeySet();

        Map<String, Integer> outcomes = Load.run(8, REQUESTS, client -> number -> {
            // Apache and lighttpd want a file of that name to be there.
            Answer answer = way.get("/plain.sh?" + number).send();
            processes.add(answer.text());
            return answer.text().startsWith("hello from libfcgi ") ? Load.GOOD : answer.toString();
        });

        assertEquals(Map.of(Load.GOOD, REQUESTS), outcomes);
        assertTrue(processes.size() <= 2, processes::toString);
    }

    @ParameterizedTest
    @MethodSource("threads")
    void threadsAreServedAtTheSameTime(Way way) throws IOException {
        for (int time = 0; time < 10; time++) {
            // Between two meetings some wait for the next request, on whatever.
            way.get("/app").send();

            Map<String, Integer> outcomes = Load.run(THREADS, THREADS, client -> number -> {
                Answer answer = way.get("/app?meet=" + THREADS).send();
                return answer.text().startsWith("met ") ? Load.GOOD : answer.toString();
            });

            assertEquals(Map.of(Load.GOOD, THREADS), outcomes, "time " + time);
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void noThreadIsForgottenWhileOthersAreBusy(Way way) {
        long start = System.nanoTime();

        Map<String, Integer> outcomes = Load.run(6, REQUESTS, client -> number -> {
            if (number % 5 == 0) {
                byte[] body = Bytes.of(2000);
                Answer answer = way.post("/app?length", body).send();
                return answer.text().startsWith("length 2000 ") ? Load.GOOD : answer.toString();
            }
            Answer answer = way.get("/app?sleep=" + number % 20).send();
            return answer.text().startsWith("hello ") ? Load.GOOD : answer.toString();
        });

        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertEquals(Map.of(Load.GOOD, REQUESTS), outcomes);
        assertTrue(took.compareTo(Duration.ofSeconds(15)) < 0, "it took " + took);
    }

    @Test
    void whatAProgramSaysOnTheSideIsLogged() throws IOException {
        Answer answer = threads.get(0).get("/app?stderr").send();

        assertTrue(answer.text().startsWith("said "), answer::toString);
        Awaitility.await("both words in the log").atMost(Duration.ofSeconds(5)).until(() -> {
            String log = daemon.log();
            return log.contains("a word for the log") && log.contains("another on descriptor 2");
        });
    }
}
