package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.cgifpm.e2e.client.Answer;
import org.cgifpm.e2e.client.Bytes;
import org.cgifpm.e2e.client.Caller;
import org.cgifpm.e2e.client.RawClient;
import org.cgifpm.e2e.client.RawResponse;
import org.cgifpm.e2e.client.Wire;
import org.cgifpm.e2e.front.Haproxy;
import org.cgifpm.e2e.front.Nginx;
import org.cgifpm.e2e.front.Way;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.protocol.fastcgi.EndRequest;
import org.cgifpm.protocol.fastcgi.ProtocolStatus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers that come while 3 MB of body are on their way: each of a hundred must arrive. */
class EarlyAnswerIT {
    private static final int TIMES = 100;
    private static final byte[] BODY = Bytes.of(3_000_000);

    @RegisterExtension
    static final Lab LAB = new Lab();

    private static final List<Way> OPEN = new ArrayList<>();
    private static final List<Way> SMALL = new ArrayList<>();
    private static final List<Way> FULL = new ArrayList<>();
    private static final List<RawClient> OCCUPANTS = new ArrayList<>();
    private static Caller small;
    private static Caller full;

    @BeforeAll
    static void start() throws IOException {
        List<Pool> open = List.of(LAB.unixPool("open-unix"), LAB.tcpPool("open-tcp"));
        List<Pool> limited = List.of(LAB.unixPool("small-unix"), LAB.tcpPool("small-tcp"));
        limited.forEach(pool -> pool.set("request_body_max", "1M"));
        List<Pool> busy = List.of(LAB.unixPool("full-unix"), LAB.tcpPool("full-tcp"));
        busy.forEach(pool -> pool.set("max_children", 1)
                .set("queue_length", 1)
                .set("queue_timeout", "10m")
                .set("request_timeout", "10m"));
        LAB.daemon(Stream.of(open, limited, busy).flatMap(List::stream).toArray(Pool[]::new));
        small = new Caller(limited.get(0).address(), LAB.site().root());
        full = new Caller(busy.get(0).address(), LAB.site().root());
        OPEN.addAll(waysTo(open));
        SMALL.addAll(waysTo(limited));
        FULL.addAll(waysTo(busy));
        for (Pool pool : busy) {
            occupy(new Caller(pool.address(), LAB.site().root()), pool.name());
        }
    }

    @AfterAll
    static void letTheOccupantsGo() {
        OCCUPANTS.forEach(RawClient::close);
    }

    static List<Way> open() {
        return OPEN;
    }

    static List<Way> small() {
        return SMALL;
    }

    static List<Way> full() {
        return FULL;
    }

    @ParameterizedTest
    @MethodSource("open")
    void aScriptThatDoesNotReadIsHeard(Way way) throws Exception {
        hundredTimes(
                way,
                "/ignore-body.sh",
                answer -> answer.status() == 200 && answer.text().equals("not read\n"));
    }

    @ParameterizedTest
    @MethodSource("open")
    void aScriptThatReadsAPartIsHeard(Way way) throws Exception {
        String part = new String(BODY, 0, 1000, StandardCharsets.ISO_8859_1);
        int scriptsOfPython = 20;
        times(
                scriptsOfPython,
                way,
                "/half-reader.py",
                answer -> answer.status() == 200 && answer.text().equals(part));
    }

    @ParameterizedTest
    @MethodSource("open")
    void aMissingScriptIsHeard(Way way) throws Exception {
        hundredTimes(way, "/missing.sh", answer -> answer.status() == 404);
    }

    @ParameterizedTest
    @MethodSource("small")
    void aBodyThatIsTooLargeIsHeard(Way way) throws Exception {
        hundredTimes(way, "/count.sh", answer -> answer.status() == 413);
    }

    @ParameterizedTest
    @MethodSource("full")
    void aFullQueueIsHeardAndSaysWhenToComeBack(Way way) throws Exception {
        hundredTimes(
                way,
                "/count.sh",
                answer ->
                        answer.status() == 503 && !answer.header("Retry-After").isEmpty());
    }

    @Test
    void aBodyThatGrowsTooLargeWithoutHavingSaidSoIsRefused() throws IOException {
        Map<String, String> params = small.params("/echo-after.sh");
        params.put("REQUEST_METHOD", "POST");
        params.put("HTTP_TRANSFER_ENCODING", "chunked");

        RawResponse response = RawClient.exchange(small.address(), params, BODY);

        assertEquals(413, response.answer().status(), response::toString);
    }

    @Test
    void aBodyOfExactlyTheLimitIsTaken() throws IOException {
        Answer answer = small.post("/count.sh", Bytes.of(1 << 20)).answer();

        assertEquals("1048576", answer.text().strip(), answer::toString);
    }

    @Test
    void aFullQueueIsSaidInTheEndRequestToo() throws IOException {
        EndRequest end = full.get("/hello.sh").end();

        assertTrue(end != null && end.protocolStatus() == ProtocolStatus.OVERLOADED.code(), "end " + end);
    }

    @Test
    void aKeptConnectionGoesOnAfterAnEarlyAnswer() throws IOException {
        try (RawClient client = small.connect()) {
            client.send(Wire.request(1, true, withLength(BODY.length), BODY));
            assertEquals(413, client.awaitEnd(1).answer().status());

            client.send(Wire.request(2, true, small.params("/hello.sh"), new byte[0]));

            assertEquals("hello\n", client.awaitEnd(2).answer().text());
        }
    }

    private static Map<String, String> withLength(int length) {
        return org.cgifpm.e2e.client.CgiParams.post(small.root(), "/count.sh", "", length);
    }

    private static List<Way> waysTo(List<Pool> pools) {
        Nginx nginx = Nginx.start(
                LAB,
                pools.stream()
                        .flatMap(pool -> Stream.of(Nginx.Mode.values()).map(mode -> Nginx.server(pool, mode)))
                        .toList());
        Haproxy haproxy = Haproxy.start(
                LAB,
                pools.stream()
                        .flatMap(pool -> Stream.of(Haproxy.Mode.PLAIN, Haproxy.Mode.MULTIPLEXED)
                                .map(mode -> Haproxy.server(pool, mode)))
                        .toList());
        return Stream.of(nginx, haproxy)
                .flatMap(frontEnd -> frontEnd.ways().stream())
                .toList();
    }

    /** One request at work and one in the queue: the pool is full. */
    private static void occupy(Caller caller, String name) throws IOException {
        RawClient client = caller.connect();
        OCCUPANTS.add(client);
        client.send(Wire.request(1, true, caller.params("/gate.sh", name), new byte[0]));
        client.awaitStdout(1, "first");
        client.send(Wire.request(2, true, caller.params("/gate.sh", name), new byte[0]));
        client.send(Wire.request(3, true, caller.params("/hello.sh"), new byte[0]));
        assertEquals(503, client.awaitEnd(3).answer().status());
    }

    private static void hundredTimes(Way way, String path, Predicate<Answer> good) throws Exception {
        times(TIMES, way, path, good);
    }

    private static void times(int times, Way way, String path, Predicate<Answer> good) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(4);
        try {
            List<Callable<String>> requests = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                requests.add(() -> outcome(way, path, good));
            }
            List<String> lost = new ArrayList<>();
            for (Future<String> outcome : clients.invokeAll(requests)) {
                if (!outcome.get().isEmpty()) {
                    lost.add(outcome.get());
                }
            }
            assertEquals(List.of(), lost, lost.size() + " of " + times + " answers lost through " + way);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } finally {
            clients.shutdownNow();
        }
    }

    /** Empty when the answer was the right one, else what came instead. */
    private static String outcome(Way way, String path, Predicate<Answer> good) {
        try {
            Answer answer = way.post(path, BODY).send();
            return good.test(answer) && answer.complete() ? "" : answer.toString();
        } catch (IOException e) {
            return e.toString();
        }
    }
}
