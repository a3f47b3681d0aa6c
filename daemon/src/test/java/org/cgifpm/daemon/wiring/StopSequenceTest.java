package org.cgifpm.daemon.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.log.CapturedLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real loop; its end is the sequence's end, so no test needs to look at a clock. */
@SuppressWarnings("NullAway.Init")
@Timeout(20)
class StopSequenceTest {
    private static final long LONG_MILLIS = 60_000;

    private final List<String> told = new ArrayList<>();
    private EventLoop loop;
    private CapturedLog log;
    private int connections;

    /** Work that ends when it is told to in the way that it obeys. */
    private final class FakeWork implements StopSequence.Work {
        private final String name;
        private final String obeys;
        boolean idle;

        FakeWork(String name, String obeys) {
            this.name = name;
            this.obeys = obeys;
        }

        private void hears(String order) {
            told.add(order + " " + name);
            idle |= order.equals(obeys);
        }

        @Override
        public void drain() {
            hears("drain");
        }

        @Override
        public boolean idle() {
            return idle;
        }

        @Override
        public void terminate() {
            hears("terminate");
        }

        @Override
        public void kill() {
            hears("kill");
        }

        @Override
        public long killGraceNanos() {
            return 0;
        }
    }

    @BeforeEach
    void open() throws Exception {
        log = new CapturedLog(Level.INFO);
        loop = new EventLoop(new Syscalls(), broken -> {
            throw new AssertionError(broken);
        });
    }

    @AfterEach
    void close() {
        loop.close();
        log.close();
    }

    private StopSequence sequence(long stopTimeoutMillis, FakeWork... pools) {
        return new StopSequence(
                loop,
                List.of(pools),
                stopTimeoutMillis * EventLoop.MILLIS,
                () -> told.add("close sockets"),
                () -> connections);
    }

    private void assertLogged(String words) {
        assertTrue(log.lines().stream().anyMatch(line -> line.contains(words)), log.lines()::toString);
    }

    @Test
    void whatIsIdleStopsAtOnce() {
        StopSequence stop = sequence(LONG_MILLIS, new FakeWork("a", "drain"), new FakeWork("b", "drain"));
        loop.post(() -> stop.signalled("SIGTERM"));
        loop.run();
        assertEquals(List.of("drain a", "drain b", "close sockets"), told);
        assertLogged("SIGTERM: stopping");
    }

    @Test
    void waitsForWhatRuns() {
        FakeWork slow = new FakeWork("slow", "nothing");
        StopSequence stop = sequence(LONG_MILLIS, slow);
        loop.post(() -> stop.signalled("SIGTERM"));
        loop.schedule(60 * EventLoop.MILLIS, () -> {
            told.add("over");
            slow.idle = true;
        });
        loop.run();
        assertEquals(List.of("drain slow", "close sockets", "over"), told);
    }

    @Test
    void afterStopTimeoutWhatStillRunsIsEnded() {
        StopSequence stop = sequence(40, new FakeWork("stubborn", "terminate"));
        loop.post(() -> stop.signalled("SIGTERM"));
        loop.run();
        assertEquals(List.of("drain stubborn", "close sockets", "terminate stubborn"), told);
        assertLogged("stop_timeout");
    }

    @Test
    void aSecondSignalKillsAndAThirdChangesNothing() {
        FakeWork deaf = new FakeWork("deaf", "nothing");
        StopSequence stop = sequence(LONG_MILLIS, deaf);
        loop.post(() -> stop.signalled("SIGINT"));
        loop.post(() -> stop.signalled("SIGINT"));
        loop.post(() -> stop.signalled("SIGTERM"));
        loop.schedule(40 * EventLoop.MILLIS, () -> deaf.idle = true);
        loop.run();
        assertEquals(List.of("drain deaf", "close sockets", "kill deaf"), told);
        assertLogged("SIGINT again");
    }

    @Test
    void answersThatAreStillBeingWrittenGetAMoment() {
        connections = 1;
        StopSequence stop = sequence(LONG_MILLIS, new FakeWork("a", "drain"));
        loop.post(() -> stop.signalled("SIGTERM"));
        loop.schedule(60 * EventLoop.MILLIS, () -> {
            told.add("written");
            connections = 0;
        });
        loop.run();
        assertEquals(List.of("drain a", "close sockets", "written"), told);
    }

    @Test
    void aConnectionThatNobodyReadsDoesNotHoldUpTheEnd() {
        connections = 1;
        StopSequence stop = sequence(LONG_MILLIS, new FakeWork("a", "drain"));
        loop.post(() -> stop.signalled("SIGTERM"));
        loop.run();
        assertLogged("stopped");
    }
}
