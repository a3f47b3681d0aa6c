package org.cgifpm.daemon.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.logging.Level;
import org.cgifpm.adapters.Backend;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.ExchangeListener;
import org.cgifpm.adapters.Outcome;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.Admission;
import org.cgifpm.daemon.config.ListenAddress;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.log.CapturedLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("NullAway.Init")
class PoolSupervisorTest {
    private static final int BODY_MAX = 1000;

    /** Serves until it is told that a request is over. */
    private static final class FakeBackend implements Backend {
        record Serving(Exchange exchange, Backend.Watcher finished) {}

        final List<Serving> serving = new ArrayList<>();
        int served;

        @Override
        public void serve(Exchange exchange, Planner planner, Backend.Watcher finished) {
            served++;
            exchange.listener((ExchangeListener) why -> {});
            serving.add(new Serving(exchange, finished));
        }

        void finish(int which) {
            Serving over = serving.remove(which);
            over.exchange().end(0);
            over.finished().finished(new Outcome(200, "/s", null, true, null, "", -1, 0));
        }
    }

    private final Syscalls syscalls = new Syscalls();
    private final FakeBackend backend = new FakeBackend();
    private final DaemonGate daemon = new DaemonGate(100);
    private EventLoop loop;
    private CapturedLog log;
    private long lastId;

    @BeforeEach
    void open() throws Exception {
        loop = new EventLoop(syscalls, broken -> {
            throw new AssertionError(broken);
        });
        log = new CapturedLog(Level.FINE);
    }

    @AfterEach
    void close() {
        loop.close();
        log.close();
    }

    private PoolSupervisor pool(int maxChildren, int queueLength, long queueTimeoutMillis) {
        PoolSettings defaults = PoolSettings.defaults("test", new ListenAddress.UnixPath("/run/none"), "/srv/none");
        PoolSettings settings = new PoolSettings(
                defaults.name(),
                defaults.listen(),
                defaults.root(),
                defaults.mode(),
                defaults.identity(),
                defaults.limits(),
                defaults.scripts(),
                new Admission(maxChildren, queueLength, Duration.ofMillis(queueTimeoutMillis), 0, 0, false),
                defaults.timeouts(),
                defaults.onAbort(),
                defaults.background(),
                BODY_MAX,
                defaults.environment(),
                defaults.logs());
        PoolGate gate = new PoolGate(daemon, maxChildren, queueLength);
        return new PoolSupervisor(loop, syscalls, settings, gate, backend, "nobody");
    }

    private FakeExchange request(String... namesAndValues) {
        return new FakeExchange(++lastId, namesAndValues);
    }

    private FakeExchange handled(PoolSupervisor pool) {
        FakeExchange exchange = request("REQUEST_METHOD", "GET", "SCRIPT_FILENAME", "/srv/none/s");
        pool.handle(exchange);
        return exchange;
    }

    /** Lets the loop run for so long; once only in a test. */
    private void pass(long millis) {
        loop.post(() -> loop.schedule(millis * EventLoop.MILLIS, loop::stop));
        loop.run();
    }

    @ParameterizedTest(name = "CONTENT_LENGTH {0}")
    @ValueSource(strings = {"1001", "1000000000000", "99999999999999999999999999999999"})
    void aBodyThatIsDeclaredTooLargeIsAnsweredAtOnceWithoutAPlace(String length) {
        PoolSupervisor pool = pool(1, 0, 1000);
        FakeExchange exchange = request("CONTENT_LENGTH", length);
        pool.handle(exchange);
        assertEquals(413, exchange.status());
        assertEquals("413 Content Too Large\n", exchange.body);
        assertEquals(0, backend.served);
        assertTrue(pool.idle());
    }

    @ParameterizedTest(name = "CONTENT_LENGTH {0}")
    @ValueSource(strings = {"", "0", "1000", "00001000", "-5000", "many", "5000 ", "0x9999"})
    void whatIsNotANumberAboveTheLimitIsServed(String length) {
        PoolSupervisor pool = pool(1, 0, 1000);
        FakeExchange exchange = request("CONTENT_LENGTH", length);
        pool.handle(exchange);
        assertEquals(1, backend.served);
        assertFalse(exchange.done());
    }

    @Test
    void aPlaceIsGivenBackOnceWhenTheBackendHasFinished() {
        PoolSupervisor pool = pool(1, 5, 1000);
        handled(pool);
        FakeExchange second = handled(pool);
        FakeExchange third = handled(pool);
        assertEquals(1, backend.serving.size());
        assertEquals(2, pool.gate().waiting());
        backend.finish(0);
        assertEquals(second, backend.serving.get(0).exchange());
        backend.finish(0);
        assertEquals(third, backend.serving.get(0).exchange());
        assertFalse(pool.idle());
        backend.finish(0);
        assertTrue(pool.idle());
        assertEquals(0, daemon.busy());
    }

    @Test
    void aFullQueueIsAnsweredWithRetryAfter() {
        PoolSupervisor pool = pool(1, 1, 1000);
        handled(pool);
        handled(pool);
        FakeExchange refused = handled(pool);
        assertEquals(503, refused.status());
        assertTrue(refused.overloaded);
        assertNotNull(refused.responded());
        assertEquals("1", refused.responded().header("Retry-After"));
        assertTrue(
                log.lines().get(0).contains("queue_length: 1 at work, 1 waiting"),
                log.lines().toString());
    }

    @Test
    void whoWaitsLongerThanQueueTimeoutIsAnsweredAndTakesNoPlaceLater() {
        PoolSupervisor pool = pool(1, 5, 30);
        handled(pool);
        FakeExchange late = handled(pool);
        pass(60);
        assertEquals(503, late.status());
        assertTrue(late.overloaded);
        assertEquals(0, pool.gate().waiting());
        assertTrue(log.lines().get(0).contains("queue_timeout"), log.lines().toString());
        backend.finish(0);
        assertTrue(pool.idle());
        assertEquals(1, backend.served);
    }

    @Test
    void whoGotItsPlaceInTimeIsNotTimedOutLater() {
        PoolSupervisor pool = pool(1, 5, 30);
        handled(pool);
        FakeExchange inTime = handled(pool);
        backend.finish(0);
        pass(60);
        assertEquals(0, inTime.status());
        assertEquals(1, pool.gate().busy());
    }

    @Test
    void aClientThatGoesWhileItWaitsFreesItsPlaceInTheQueueAtOnce() {
        PoolSupervisor pool = pool(1, 1, 1000);
        handled(pool);
        FakeExchange gone = handled(pool);
        gone.abort("the front end closed the connection");
        assertEquals(0, pool.gate().waiting());
        assertEquals(0, gone.status());
        FakeExchange next = handled(pool);
        assertEquals(1, pool.gate().waiting());
        backend.finish(0);
        assertEquals(next, backend.serving.get(0).exchange());
        assertTrue(
                log.lines().get(0).startsWith("INFO pool test: request 2"),
                log.lines().toString());
        assertTrue(
                log.lines().get(0).contains(": 499: the front end closed"),
                log.lines().toString());
    }

    @Test
    void aBodyThatGrowsTooLargeInTheQueueIsAnsweredThere() {
        PoolSupervisor pool = pool(1, 1, 1000);
        handled(pool);
        FakeExchange large = handled(pool);
        large.tooLarge();
        assertEquals(413, large.status());
        assertEquals(0, pool.gate().waiting());
        backend.finish(0);
        assertTrue(pool.idle());
    }

    @Test
    void aPoolThatStopsRefusesNewRequestsAndServesThoseThatWait() {
        PoolSupervisor pool = pool(1, 5, 1000);
        handled(pool);
        FakeExchange waiting = handled(pool);
        pool.stop();
        FakeExchange late = handled(pool);
        assertEquals(503, late.status());
        backend.finish(0);
        assertEquals(waiting, backend.serving.get(0).exchange());
        assertFalse(pool.idle());
        backend.finish(0);
        assertTrue(pool.idle());
    }

    @Test
    void anAnswerToHeadHasNoBody() {
        PoolSupervisor pool = pool(1, 0, 1000);
        FakeExchange head = request("REQUEST_METHOD", "HEAD");
        pool.refuse(head, 431, "too large");
        assertEquals(431, head.status());
        assertEquals("", head.body);
    }

    /** Requests that come, are served, time out, go away and grow too large, in any order. */
    @Test
    void noPlaceIsLostOrInventedWhateverHappens() {
        long seed = System.nanoTime();
        System.out.println("noPlaceIsLostOrInventedWhateverHappens: seed " + seed);
        Random random = new Random(seed);
        PoolSupervisor pool = pool(3, 4, 5);
        List<FakeExchange> all = new ArrayList<>();
        loop.post(() -> step(pool, all, random, 2000));
        loop.run();
        while (!backend.serving.isEmpty()) {
            backend.finish(0);
        }
        assertTrue(pool.idle());
        assertEquals(0, daemon.busy());
        assertTrue(all.stream().allMatch(FakeExchange::done), "a request was never answered");
    }

    private FakeExchange pick(List<FakeExchange> all, Random random) {
        return all.isEmpty() ? request() : all.get(random.nextInt(all.size()));
    }

    private void step(PoolSupervisor pool, List<FakeExchange> all, Random random, int left) {
        switch (random.nextInt(7)) {
            case 0, 1, 2 -> all.add(handled(pool));
            case 3, 4 -> {
                if (!backend.serving.isEmpty()) {
                    backend.finish(random.nextInt(backend.serving.size()));
                }
            }
            case 5 -> pick(all, random).abort("gone");
            default -> pick(all, random).tooLarge();
        }
        assertEquals(backend.serving.size(), pool.gate().busy());
        assertTrue(pool.gate().busy() <= 3);
        assertTrue(pool.gate().waiting() <= 4);
        if (left == 0) {
            loop.stop();
        } else {
            long pause = random.nextInt(50) == 0 ? 7 : 0; // now and then longer than queue_timeout
            loop.schedule(pause * EventLoop.MILLIS, () -> step(pool, all, random, left - 1));
        }
    }
}
