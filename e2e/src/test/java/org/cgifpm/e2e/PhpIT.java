package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.cgifpm.e2e.client.Answer;
import org.cgifpm.e2e.client.Bytes;
import org.cgifpm.e2e.client.Load;
import org.cgifpm.e2e.front.FrontEnds;
import org.cgifpm.e2e.front.Way;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.Program;
import org.cgifpm.e2e.lab.WorkerSite;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** php-cgi as it comes: it ends after so many requests by itself, and it forks itself where it is told to. */
class PhpIT {
    private static final int REQUESTS_OF_A_PROCESS = 50;
    private static final int REQUESTS = 300;

    @RegisterExtension
    static final Lab LAB = new Lab();

    private static List<Way> alone = List.of();
    private static List<Way> family = List.of();

    @BeforeAll
    static void start() {
        WorkerSite site = WorkerSite.in(LAB.newFolder("workers"));
        String php = Program.find("php-cgi", "php8.2-cgi").toString();
        Pool single = pool("alone", site, php).set("max_children", 4);
        Pool forks = pool("family", site, php)
                .set("max_children", 1)
                .set("worker_concurrency", 4)
                .environment("PHP_FCGI_CHILDREN", "4");
        LAB.daemon(single, forks);
        alone = FrontEnds.all(LAB, single, site.file("php"));
        family = FrontEnds.nginx(LAB, forks, site.file("php"));
    }

    private static Pool pool(String name, WorkerSite site, String php) {
        return Pool.unix(name, LAB.folder(), site.file("php"))
                .set("mode", "worker")
                .list("command", php)
                .environment("PHP_FCGI_MAX_REQUESTS", Integer.toString(REQUESTS_OF_A_PROCESS));
    }

    static List<Way> alone() {
        return alone;
    }

    static List<Way> family() {
        return family;
    }

    @ParameterizedTest
    @MethodSource("alone")
    void noRequestFailsThoughItsProcessesEndByThemselves(Way way) {
        failsNever(way);
    }

    @ParameterizedTest
    @MethodSource("family")
    void noRequestFailsThoughTheChildrenOfAProcessEndByThemselves(Way way) {
        failsNever(way);
    }

    @Test
    void aProcessThatForksItselfServesAsManyAsItsPoolSays() {
        Set<String> pids = ConcurrentHashMap.newKeySet();
        long start = System.nanoTime();

        Map<String, Integer> outcomes = Load.run(4, 4, client -> number -> {
            Answer answer =
                    family.get(0).get("/index.php?wait=1000&n=" + number).send();
            pids.add(words(answer)[1]);
            return answer.status() == 200 ? Load.GOOD : answer.toString();
        });

        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertEquals(Map.of(Load.GOOD, 4), outcomes);
        assertEquals(4, pids.size(), pids::toString);
        assertTrue(took.compareTo(Duration.ofSeconds(3)) < 0, "four times a second took " + took);
    }

    private static void failsNever(Way way) {
        Set<String> pids = ConcurrentHashMap.newKeySet();

        Map<String, Integer> outcomes = Load.run(8, REQUESTS, client -> number -> {
            byte[] body = Bytes.of(number % 2 == 0 ? 0 : 3000 + number);
            String path = "/index.php?n=" + number;
            Answer answer = body.length == 0
                    ? way.get(path).send()
                    : way.post(path, body).send();
            if (answer.status() != 200 || !answer.text().endsWith(" " + number + " " + sum(body) + "\n")) {
                return answer.toString();
            }
            pids.add(words(answer)[1]);
            return Load.GOOD;
        });

        assertEquals(Map.of(Load.GOOD, REQUESTS), outcomes);
        assertTrue(pids.size() >= REQUESTS / REQUESTS_OF_A_PROCESS, "processes " + pids);
    }

    /** "php", the process, and what follows. */
    private static String[] words(Answer answer) {
        return answer.text().split(" ", 3);
    }

    private static String sum(byte[] body) {
        try {
            return body.length + " "
                    + HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
