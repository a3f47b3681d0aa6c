package org.cgifpm.daemon.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import org.cgifpm.adapters.Backend;
import org.cgifpm.adapters.Ending;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.Outcome;
import org.cgifpm.adapters.RunningRequest;
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

/** What an observer is told of a pool's requests. */
@SuppressWarnings("NullAway.Init")
class RequestObserverTest {
    private static final Outcome GOOD = new Outcome(200, "/s", null, true, null, "", -1, 0);

    private final Syscalls syscalls = new Syscalls();
    private final List<Backend.Watcher> served = new ArrayList<>();
    private final List<String> started = new ArrayList<>();
    private final List<Visit> visits = new ArrayList<>();
    private final RequestObserver observer = new RequestObserver() {
        @Override
        public void started(Exchange exchange, RunningRequest running) {
            started.add(exchange.id() + " has " + running.pid());
        }

        @Override
        public void finished(Visit visit) {
            visits.add(visit);
        }
    };
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

    private PoolSupervisor pool() throws Exception {
        PoolSupervisor pool = new PoolSupervisor(
                new PoolSupervisor.Surroundings(loop, syscalls, new LaunchThreads(syscalls, 1), new DaemonGate(100)),
                TestPools.settings(
                        "/srv/none",
                        new RunAs.Self(),
                        new Admission(1, 1, Duration.ofSeconds(10), 0, 0, false),
                        Timeouts.DEFAULT),
                (exchange, planner, watcher) -> served.add(watcher),
                "nobody");
        pool.observer(observer);
        return pool;
    }

    private FakeExchange handled(PoolSupervisor pool) {
        FakeExchange exchange = new FakeExchange(++lastId, "SCRIPT_FILENAME", "/srv/none/s");
        pool.handle(exchange);
        return exchange;
    }

    /** Lets the loop's clock go on. */
    private void pass() {
        loop.post(() -> loop.schedule(5 * EventLoop.MILLIS, loop::stop));
        loop.run();
    }

    @Test
    void hearsOfEveryStepAndItsTime() throws Exception {
        PoolSupervisor pool = pool();
        FakeExchange first = handled(pool);
        FakeExchange second = handled(pool);
        pass();
        RunningRequest running = new RunningRequest(1, 4711, "/s", Optional.empty(), loop.now());
        served.get(0).started(running);
        assertEquals(List.of("1 has 4711"), started);
        served.get(0).answered(Ending.TIMEOUT);
        served.get(0).finished(GOOD);
        served.get(1).finished(GOOD);

        Visit visit = visits.get(0);
        assertSame(first, visit.exchange());
        assertSame(running, visit.running());
        assertSame(GOOD, visit.outcome());
        assertEquals(Ending.TIMEOUT, visit.ending());
        assertEquals(visit.arrivedNanos(), visit.admittedNanos());
        assertTrue(visit.answeredNanos() - visit.arrivedNanos() >= 5 * EventLoop.MILLIS);
        Visit waited = visits.get(1);
        assertSame(second, waited.exchange());
        assertNull(waited.running());
        assertEquals(Ending.DONE, waited.ending());
        assertTrue(waited.admittedNanos() - waited.arrivedNanos() >= 5 * EventLoop.MILLIS);
        assertEquals(2, visits.size());
    }

    @Test
    void hearsOfTheRefusedAndOfThoseWhoLeftTheQueue() throws Exception {
        PoolSupervisor pool = pool();
        handled(pool);
        FakeExchange waiting = handled(pool);
        handled(pool);
        assertEquals(Ending.REFUSED, visits.get(0).ending());
        assertEquals(503, visits.get(0).outcome().status());
        pass();
        waiting.abort("closed");
        assertEquals(Ending.CLIENT_GONE, visits.get(1).ending());
        assertTrue(visits.get(1).admittedNanos() - visits.get(1).arrivedNanos() >= 5 * EventLoop.MILLIS);
        served.get(0).finished(Outcome.refused(403, "/s", "owner: …", "owner"));
        assertEquals(Ending.REFUSED, visits.get(2).ending());
        assertEquals("owner", visits.get(2).outcome().check());
    }

    @Test
    void whoCannotTakeItTakesNoPlaceAway() throws Exception {
        PoolSupervisor pool = pool();
        pool.observer(new RequestObserver() {
            @Override
            public void finished(Visit visit) {
                throw new IllegalStateException("a bug");
            }
        });
        handled(pool);
        assertThrows(IllegalStateException.class, () -> served.get(0).finished(GOOD));
        assertTrue(pool.idle());
    }
}
