package org.cgifpm.daemon.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.logging.Level;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.Backend;
import org.cgifpm.adapters.Plan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.RelayPlan;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.LaunchThreads;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.Admission;
import org.cgifpm.daemon.config.Mode;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.config.RunAs;
import org.cgifpm.daemon.config.Timeouts;
import org.cgifpm.daemon.log.CapturedLog;
import org.cgifpm.protocol.cgi.Params;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("NullAway.Init")
class PoolSupervisorTest {
    private static final LaunchThreads THREADS = threads();

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

    private static LaunchThreads threads() {
        try {
            return new LaunchThreads(new Syscalls(), 1);
        } catch (SyscallException e) {
            throw new AssertionError(e);
        }
    }

    private PoolSupervisor pool(int maxChildren, int queueLength, long queueTimeoutMillis) {
        PoolSettings settings = TestPools.settings(
                "/srv/none",
                new RunAs.Self(),
                new Admission(maxChildren, queueLength, Duration.ofMillis(queueTimeoutMillis), 0, 0, false),
                Timeouts.DEFAULT);
        return new PoolSupervisor(
                new PoolSupervisor.Surroundings(loop, syscalls, THREADS, daemon), settings, backend, "nobody");
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

    /** A pool of one application, whose backend plans at once. */
    private PoolSupervisor applicationPool(PoolDraft draft, List<Plan> plans) {
        draft.mode = Mode.WORKER;
        draft.command = List.of("/nowhere/app");
        PoolSettings settings = draft.settings();
        Application application = PoolApplication.of(syscalls, settings, "nobody", OptionalInt.empty())
                .orElseThrow();
        Backend planning = (exchange, planner, watcher) -> {
            try {
                plans.add(planner.plan());
            } catch (RefusedException e) {
                throw new AssertionError(e);
            }
            backend.serve(exchange, planner, watcher);
        };
        return new PoolSupervisor(
                new PoolSupervisor.Surroundings(loop, syscalls, THREADS, daemon), settings, planning, application);
    }

    @Test
    void onePlanForAllRequestsOfAnApplicationNeedsNoFileAndNoThread() {
        PoolDraft draft = new PoolDraft("/nowhere");
        draft.admission = new Admission(2, 0, Duration.ofSeconds(1), 0, 1, false);
        List<Plan> plans = new ArrayList<>();
        PoolSupervisor pool = applicationPool(draft, plans);
        FakeExchange exchange = request("SCRIPT_FILENAME", "/anything", "HTTP_PROXY", "x");
        pool.handle(exchange);
        RelayPlan plan = assertInstanceOf(RelayPlan.class, plans.get(0));
        assertEquals("/nowhere/app", plan.application().key().program());
        assertEquals(
                List.of(new Params.Param("SCRIPT_FILENAME", "/anything")),
                plan.params().all());
        assertEquals(List.of("INFO pool test: param HTTP_PROXY is not passed to scripts (said once)"), log.lines());
        pool.handle(request("REQUEST_METHOD", "GET"));
        assertEquals(2, plans.size(), "max_children_per_script has no script to count");
        assertSame(
                plan.application(),
                assertInstanceOf(RelayPlan.class, plans.get(1)).application());
    }

    @Test
    void moreRequestsAtOnceLetInThoseThatWaitAndTheirPlacesAreGivenBackOnce() {
        PoolDraft draft = new PoolDraft("/nowhere");
        draft.admission = new Admission(1, 5, Duration.ofSeconds(1), 0, 0, false);
        PoolSupervisor pool = applicationPool(draft, new ArrayList<>());
        for (int i = 0; i < 5; i++) {
            handled(pool);
        }
        assertEquals(1, backend.serving.size());
        pool.gate().concurrency(3);
        assertEquals(3, backend.serving.size());
        assertEquals(1, daemon.busy(), "one process");
        while (!backend.serving.isEmpty()) {
            backend.finish(0);
        }
        assertEquals(5, backend.served);
        assertTrue(pool.idle());
        assertEquals(0, daemon.busy());
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
