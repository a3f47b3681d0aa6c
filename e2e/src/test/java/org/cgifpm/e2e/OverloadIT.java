package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.cgifpm.e2e.client.Answer;
import org.cgifpm.e2e.client.Caller;
import org.cgifpm.e2e.client.Crowd;
import org.cgifpm.e2e.lab.ChildCount;
import org.cgifpm.e2e.lab.Daemon;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.Proc;
import org.cgifpm.protocol.fastcgi.EndRequest;
import org.cgifpm.protocol.fastcgi.ProtocolStatus;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Five hundred clients at a pool with four places: it holds its bounds, and the other pool hardly notices. */
class OverloadIT {
    private static final int CLIENTS = 500;
    private static final int PLACES = 4;
    private static final int QUEUE = 50;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Growth of the daemon's resident memory that is no piling up: the heap's own breathing. */
    private static final long BREATHING_KB = 24 * 1024;

    @RegisterExtension
    static final Lab LAB = new Lab();

    private static Daemon daemon;
    private static Caller crowded;
    private static Caller other;
    private final ExecutorService background = Executors.newCachedThreadPool();

    @BeforeAll
    static void start() {
        Pool crowdedPool = LAB.unixPool("crowded").set("max_children", PLACES).set("queue_length", QUEUE);
        Pool otherPool = LAB.unixPool("other");
        daemon = LAB.daemon(crowdedPool, otherPool);
        crowded = new Caller(crowdedPool.address(), LAB.site().root());
        other = new Caller(otherPool.address(), LAB.site().root());
    }

    private static Crowd crowd() {
        long seed = System.nanoTime();
        System.out.println("crowd: seed " + seed);
        return new Crowd(crowded, "/takes-turns.sh", CLIENTS, new Random(seed));
    }

    @Test
    void neverMoreProcessesThanPlacesEverybodyIsAnsweredInOrderAndMemoryStaysFlat() throws Exception {
        serve(400);
        long before = Proc.residentKb(daemon.pid());
        Files.deleteIfExists(LAB.site().scratch().resolve("turns"));

        ChildCount children = ChildCount.of(daemon.pid());
        List<Crowd.Asked> asked = serve(2500);
        int most = children.stop();

        assertTrue(children.samples() > 100, children.samples() + " samples");
        assertEquals(PLACES, most, "most processes at any of " + children.samples() + " moments");
        int served = assertAnswered(asked);
        assertTrue(served > PLACES + QUEUE, served + " served");
        assertTrue(asked.size() - served > CLIENTS - PLACES - QUEUE, asked.size() - served + " refused");
        assertInOrder(asked);
        long after = Proc.residentKb(daemon.pid());
        assertTrue(after - before < BREATHING_KB, "resident memory from " + before + " to " + after + " kB");
    }

    /** Lets the crowd in until so many requests have their answer, and the rest have theirs. */
    private List<Crowd.Asked> serve(int requests) throws Exception {
        Crowd crowd = crowd();
        Future<List<Crowd.Asked>> answers = background.submit(() -> crowd.run(LIMIT));
        Awaitility.await(requests + " answers")
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> answers.isDone() || crowd.answered() >= requests);
        return finish(crowd, answers);
    }

    private static List<Crowd.Asked> finish(Crowd crowd, Future<List<Crowd.Asked>> answers) throws Exception {
        crowd.end();
        try {
            return answers.get();
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    /** 200, or 503 with Retry-After. Returns how many were served. */
    private static int assertAnswered(List<Crowd.Asked> asked) {
        int served = 0;
        Set<Integer> numbers = new HashSet<>();
        for (Crowd.Asked one : asked) {
            assertEquals(null, one.problem(), "request " + one.number());
            assertTrue(numbers.add(one.number()));
            Answer answer = one.response().answer();
            if (answer.status() == 200) {
                assertEquals("done\n", answer.text());
                served++;
            } else {
                assertEquals(503, answer.status());
                assertEquals("1", answer.header("Retry-After"));
                EndRequest end = Objects.requireNonNull(one.response().end());
                assertEquals(ProtocolStatus.OVERLOADED.code(), end.protocolStatus());
            }
        }
        return served;
    }

    /**
     * First come, first served: when one begins, of those that came before it only such as are at work themselves, at
     * most {@link #PLACES} - 1, may not have begun yet.
     */
    private static void assertInOrder(List<Crowd.Asked> asked) throws IOException {
        List<Integer> turns = Files.readAllLines(LAB.site().scratch().resolve("turns")).stream()
                .map(Integer::valueOf)
                .toList();
        List<Integer> came = asked.stream()
                .filter(one -> one.response().answer().status() == 200)
                .map(Crowd.Asked::number)
                .sorted()
                .toList();
        assertEquals(came, turns.stream().sorted().toList(), "who was served ran, once each");
        for (int i = 0; i < turns.size(); i++) {
            int turn = turns.get(i);
            List<Integer> overtaken = turns.subList(i, turns.size()).stream()
                    .filter(later -> later < turn)
                    .toList();
            assertTrue(overtaken.size() < PLACES, "request " + turn + " overtook " + overtaken);
        }
    }

    @Test
    void aSaturatedPoolLeavesTheOtherOneItsSpeed() throws Exception {
        List<Long> alone = new ArrayList<>();
        List<Long> beside = new ArrayList<>();
        measure(new ArrayList<>());
        for (int round = 0; round < 3; round++) {
            measure(alone);
            Crowd crowd = crowd();
            Future<List<Crowd.Asked>> answers = background.submit(() -> crowd.run(LIMIT));
            Awaitility.await("the crowd has met a full queue")
                    .atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> answers.isDone() || crowd.answered() >= CLIENTS - PLACES - QUEUE);
            measure(beside);
            finish(crowd, answers);
        }
        long aloneMicros = median(alone) / 1000;
        long besideMicros = median(beside) / 1000;
        System.out.println("median latency: alone " + aloneMicros + " us, beside a saturated pool " + besideMicros
                + " us, ratio " + (double) besideMicros / aloneMicros);
        assertTrue(
                besideMicros <= 1.5 * aloneMicros,
                "median latency " + besideMicros + " us beside a saturated pool, " + aloneMicros + " us alone");
    }

    /** A client that asks one hundred times a second or so. */
    private static void measure(List<Long> nanos) throws IOException {
        for (int i = 0; i < 150; i++) {
            long begun = System.nanoTime();
            Answer answer = other.get("/hello.sh").answer();
            nanos.add(System.nanoTime() - begun);
            assertEquals("hello\n", answer.text());
        }
    }

    private static long median(List<Long> values) {
        List<Long> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }
}
