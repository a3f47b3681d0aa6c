package org.cgifpm.daemon.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.LaunchThreads;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.Admission;
import org.cgifpm.daemon.config.RunAs;
import org.cgifpm.daemon.config.Timeouts;
import org.cgifpm.daemon.log.CapturedLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a PoolSupervisor does for a request before it asks for a place. */
@SuppressWarnings("NullAway.Init")
class AnteroomTest {
    @TempDir
    Path temporary;

    private final Syscalls syscalls = new Syscalls();
    private final FakeBackend backend = new FakeBackend();
    private final DaemonGate daemon = new DaemonGate(100);
    private final CountDownLatch hang = new CountDownLatch(1);
    private ScriptTree tree;
    private EventLoop loop;
    private LaunchThreads threads;
    private CapturedLog log;
    private long lastId;

    @BeforeEach
    void open() throws Exception {
        tree = new ScriptTree(temporary).script("root/a.cgi").script("root/b.cgi");
        tree.link("root/alias.cgi", "a.cgi");
        loop = new EventLoop(syscalls, broken -> {
            throw new AssertionError(broken);
        });
        threads = new LaunchThreads(syscalls, 1);
        log = new CapturedLog(Level.FINE);
    }

    @AfterEach
    void close() throws IOException {
        hang.countDown();
        loop.close();
        log.close();
        assertEquals(0, tree.open(), "descriptors open below the tree");
    }

    private PoolSupervisor pool(RunAs runAs, Admission admission, Timeouts timeouts) {
        return new PoolSupervisor(
                new PoolSupervisor.Surroundings(loop, syscalls, threads, daemon),
                TestPools.settings(tree.path("root").toString(), runAs, admission, timeouts),
                backend,
                "nobody");
    }

    private PoolSupervisor perScript(int maxChildren, int queueLength, int perScript) {
        return pool(
                new RunAs.Self(),
                new Admission(maxChildren, queueLength, Duration.ofSeconds(9), 0, perScript, false),
                Timeouts.DEFAULT);
    }

    private PoolSupervisor perOwner(int perUser) {
        return pool(new RunAs.Owner(), new Admission(9, 9, Duration.ofSeconds(9), perUser, 0, false), Timeouts.DEFAULT);
    }

    private PoolSupervisor buffering(int maxChildren, int queueLength) {
        return pool(
                new RunAs.Self(),
                new Admission(maxChildren, queueLength, Duration.ofSeconds(9), 0, 0, true),
                Timeouts.DEFAULT);
    }

    private static Timeouts impatient(Duration launch, Duration request) {
        Timeouts usual = Timeouts.DEFAULT;
        return new Timeouts(
                usual.params(),
                usual.connectionIdle(),
                launch,
                request,
                usual.idle(),
                usual.killGrace(),
                usual.linger());
    }

    private FakeExchange request(String script) {
        return new FakeExchange(
                ++lastId,
                "REQUEST_METHOD",
                "GET",
                "SCRIPT_FILENAME",
                tree.path("root").resolve(script).toString());
    }

    private FakeExchange handled(PoolSupervisor pool, String script) {
        FakeExchange exchange = request(script);
        pool.handle(exchange);
        return exchange;
    }

    private FakeExchange withBody(PoolSupervisor pool) {
        FakeExchange exchange = request("a.cgi").withBody();
        pool.handle(exchange);
        return exchange;
    }

    /** From now on nothing is looked for before {@link #hang} is let go. */
    private void launchThreadHangs() {
        threads.submit("test", spawner -> {
            try {
                hang.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Runs the loop until it is so, for ten seconds at the most; once only in a test. */
    private void until(BooleanSupplier so) {
        long deadline = System.nanoTime() + 10_000 * EventLoop.MILLIS;
        loop.post(() -> look(so, deadline));
        loop.run();
        assertTrue(so.getAsBoolean(), "not so within ten seconds");
    }

    private void look(BooleanSupplier so, long deadline) {
        if (so.getAsBoolean() || System.nanoTime() - deadline > 0) {
            loop.stop();
        } else {
            loop.schedule(EventLoop.MILLIS, () -> look(so, deadline));
        }
    }

    @Test
    void aScriptAtItsCapIsCountedByItsInodeWhateverItIsCalled() {
        PoolSupervisor pool = perScript(9, 9, 1);
        handled(pool, "a.cgi");
        handled(pool, "alias.cgi");
        handled(pool, "a.cgi/path/info");
        handled(pool, "b.cgi");
        until(() -> backend.served == 2 && pool.gate().waiting() == 2);
        assertEquals(2, pool.gate().busy());
        backend.finish(0);
        assertEquals(3, backend.served);
        assertEquals(1, pool.gate().waiting());
    }

    @Test
    void whatIsNotThereIsAnsweredWithoutAPlace() {
        PoolSupervisor pool = perScript(1, 0, 1);
        FakeExchange missing = handled(pool, "missing.cgi");
        until(missing::done);
        assertEquals(404, missing.status());
        assertEquals(0, backend.served);
        assertTrue(pool.idle());
        assertTrue(log.lines().get(0).contains("/root/missing.cgi: 404: it does not exist"), log.lines()::toString);
    }

    @Test
    void ownersHaveTheirOwnPlacesAndAreAccountedFor() throws IOException {
        PoolSupervisor pool = perOwner(2);
        int uid = syscalls.effectiveUser();
        handled(pool, "a.cgi");
        handled(pool, "b.cgi");
        handled(pool, "a.cgi");
        until(() -> pool.gate().waiting() == 1);
        assertEquals(2, daemon.busyOf(uid));
        assertEquals(
                List.of(new OwnerPools.State(uid, 2, 1, 0)),
                pool.owners().orElseThrow().snapshot());
        backend.finish(1);
        backend.finish(0);
        backend.finish(0);
        OwnerPools.State idle = pool.owners().orElseThrow().snapshot().get(0);
        assertEquals(0, idle.atWork() + idle.waiting());
        assertTrue(pool.idle());
    }

    @Test
    void atMostTheQueueAndThePlacesTogetherAreLookedForAtOneTime() {
        PoolSupervisor pool = perScript(2, 1, 1);
        launchThreadHangs();
        List<FakeExchange> looked = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            looked.add(handled(pool, "a.cgi"));
        }
        FakeExchange refused = handled(pool, "a.cgi");
        assertEquals(503, refused.status());
        assertTrue(refused.overloaded);
        assertFalse(pool.idle());
        looked.get(0).abort("gone");
        assertEquals(503, handled(pool, "a.cgi").status(), "the thread's work is still to be done");
        hang.countDown();
        until(() -> backend.served == 1 && pool.gate().waiting() == 1);
        assertEquals(2, pool.gate().busy() + pool.gate().waiting());
    }

    @Test
    void aSearchThatTakesTooLongIsAnsweredAndItsResultForgotten() {
        PoolSupervisor pool = pool(
                new RunAs.Self(),
                new Admission(2, 2, Duration.ofSeconds(9), 0, 1, false),
                impatient(Duration.ofMillis(20), Duration.ofSeconds(60)));
        launchThreadHangs();
        FakeExchange late = handled(pool, "a.cgi");
        late.onDone = hang::countDown;
        until(() -> late.done() && pool.idle());
        assertEquals(503, late.status());
        assertEquals(0, backend.served);
        assertTrue(log.lines().get(0).contains("launch_timeout"), log.lines()::toString);
    }

    @Test
    void withoutCapsByScriptOrOwnerAndWithoutBufferingAPlaceIsTakenAtOnce() {
        PoolSupervisor pool = pool(
                new RunAs.User("anna", 1001, 1001, List.of()),
                new Admission(2, 2, Duration.ofSeconds(9), 1, 0, false),
                Timeouts.DEFAULT);
        launchThreadHangs();
        handled(pool, "a.cgi");
        assertEquals(1, backend.served);
        handled(pool, "a.cgi");
        assertEquals(1, backend.served, "max_children_per_user");
        assertEquals(1, pool.gate().waiting());
        assertEquals(1, daemon.busyOf(1001));
    }

    @Test
    void noPlaceIsTakenBeforeTheWholeBodyIsThere() {
        PoolSupervisor pool = buffering(1, 5);
        FakeExchange slow = withBody(pool);
        assertTrue(slow.bodyIsRead());
        FakeExchange without = handled(pool, "a.cgi");
        assertEquals(without, backend.serving.get(0).exchange());
        slow.bodyArrives();
        assertEquals(1, pool.gate().waiting());
        backend.finish(0);
        assertEquals(slow, backend.serving.get(0).exchange());
    }

    @Test
    void aBodyMayBeReadAndItsScriptLookedForOneAfterTheOther() {
        PoolSupervisor pool =
                pool(new RunAs.Owner(), new Admission(1, 5, Duration.ofSeconds(9), 0, 0, true), Timeouts.DEFAULT);
        FakeExchange slow = withBody(pool);
        slow.bodyArrives();
        assertEquals(0, backend.served);
        until(() -> backend.served == 1);
        backend.finish(0);
        assertTrue(pool.idle());
    }

    @Test
    void aClientThatGoesOrSendsTooMuchWhileItsBodyIsReadLeavesNothing() {
        PoolSupervisor pool = buffering(1, 1);
        FakeExchange gone = withBody(pool);
        FakeExchange large = withBody(pool);
        FakeExchange refused = withBody(pool);
        assertEquals(503, refused.status());
        gone.abort("the front end closed the connection");
        large.tooLarge();
        assertEquals(413, large.status());
        assertTrue(pool.idle());
        assertEquals(0, backend.served);
        assertTrue(log.lines().get(1).contains(": 499: the front end closed"), log.lines()::toString);
        withBody(pool);
        withBody(pool);
        assertFalse(pool.idle());
    }

    @Test
    void aBodyThatDoesNotComeIsNotWaitedForLongerThanRequestTimeout() {
        PoolSupervisor pool = pool(
                new RunAs.Self(),
                new Admission(1, 1, Duration.ofSeconds(9), 0, 0, true),
                impatient(Duration.ofSeconds(9), Duration.ofMillis(20)));
        FakeExchange slow = withBody(pool);
        until(slow::done);
        assertEquals(408, slow.status());
        slow.bodyArrives();
        assertEquals(0, backend.served);
        assertTrue(pool.idle());
    }

    @Test
    void aPoolInAHurryGivesUpBodiesThatAreStillBeingRead() {
        PoolSupervisor pool = buffering(1, 5);
        FakeExchange slow = withBody(pool);
        pool.stop();
        assertFalse(pool.idle());
        pool.hurry();
        assertEquals(503, slow.status());
        assertTrue(pool.idle());
    }

    /** Requests of all kinds that come, wait, are served, go away and grow too large, in any order. */
    @Test
    void whateverHappensEverybodyIsAnsweredAndNoPlaceIsLost() {
        long seed = System.nanoTime();
        System.out.println("AnteroomTest: seed " + seed);
        Random random = new Random(seed);
        PoolSupervisor pool =
                pool(new RunAs.Owner(), new Admission(3, 4, Duration.ofMillis(5), 2, 1, true), Timeouts.DEFAULT);
        List<FakeExchange> all = new ArrayList<>();
        loop.post(() -> step(pool, all, random, 3000));
        loop.run();
        assertTrue(all.stream().allMatch(FakeExchange::done), "a request was never answered");
        assertTrue(pool.idle());
        assertEquals(0, daemon.busy());
        assertEquals(0, daemon.busyOf(syscalls.effectiveUser()));
    }

    private void step(PoolSupervisor pool, List<FakeExchange> all, Random random, int left) {
        switch (random.nextInt(8)) {
            case 0, 1 -> all.add(handled(pool, random.nextBoolean() ? "a.cgi" : "b.cgi"));
            case 2 -> all.add(withBody(pool));
            case 3, 4 -> {
                if (!backend.serving.isEmpty()) {
                    backend.finish(random.nextInt(backend.serving.size()));
                }
            }
            case 5 -> pick(all, random).bodyArrives();
            case 6 -> pick(all, random).abort("gone");
            default -> pick(all, random).tooLarge();
        }
        assertEquals(backend.serving.size(), pool.gate().busy());
        assertTrue(pool.gate().busy() <= 2, "max_children_per_user");
        assertTrue(pool.gate().waiting() <= 4);
        long pause = random.nextInt(50) == 0 ? 7 : 0; // now and then longer than queue_timeout
        if (left > 0) {
            loop.schedule(pause * EventLoop.MILLIS, () -> step(pool, all, random, left - 1));
        } else {
            finish(pool, all);
        }
    }

    private void finish(PoolSupervisor pool, List<FakeExchange> all) {
        all.forEach(FakeExchange::bodyArrives);
        while (!backend.serving.isEmpty()) {
            backend.finish(0);
        }
        if (pool.idle()) {
            loop.stop();
        } else {
            loop.schedule(EventLoop.MILLIS, () -> finish(pool, all));
        }
    }

    private FakeExchange pick(List<FakeExchange> all, Random random) {
        // One of the last few: the older ones are over.
        int from = Math.max(0, all.size() - 12);
        return all.isEmpty() ? request("a.cgi") : all.get(from + random.nextInt(all.size() - from));
    }
}
