package org.cgifpm.daemon.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.Syscalls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway.Init")
class OwnerPoolsTest {
    private static final long KEPT_MILLIS = 30;

    private final List<String> told = new ArrayList<>();
    private EventLoop loop;
    private OwnerPools owners;

    @BeforeEach
    void open() throws Exception {
        loop = new EventLoop(new Syscalls(), broken -> {
            throw new AssertionError(broken);
        });
        owners = new OwnerPools(loop, KEPT_MILLIS * EventLoop.MILLIS, new OwnerPools.Watcher() {
            @Override
            public void made(int uid) {
                told.add("made " + uid);
            }

            @Override
            public void letGo(int uid) {
                told.add("let go " + uid);
            }
        });
    }

    @AfterEach
    void close() {
        loop.close();
    }

    /** Runs {@code task} on the loop that many milliseconds from now, and returns after it. */
    private void after(long millis, Runnable task) {
        loop.post(() -> loop.schedule(millis * EventLoop.MILLIS, () -> {
            task.run();
            loop.stop();
        }));
        loop.run();
    }

    @Test
    void countsWhoIsAtWorkAndWhoWaits() {
        owners.waiting(1001, 1);
        owners.atWork(1002, 1);
        owners.atWork(1001, 1);
        owners.waiting(1001, -1);
        owners.waiting(1001, 1);
        owners.waiting(1001, 1);
        assertEquals(
                List.of(new OwnerPools.State(1001, 1, 2, 0), new OwnerPools.State(1002, 1, 0, 0)), owners.snapshot());
        assertEquals(List.of("made 1001", "made 1002"), told);
    }

    @Test
    void oneThatIsIdleIsLetGoAfterAWhileAndOneAtWorkIsKept() {
        owners.atWork(1001, 1);
        owners.atWork(1002, 1);
        owners.atWork(1001, -1);
        assertEquals(2, owners.snapshot().size());
        after(3 * KEPT_MILLIS, () -> {});
        assertEquals(List.of("made 1001", "made 1002", "let go 1001"), told);
        assertEquals(List.of(new OwnerPools.State(1002, 1, 0, 0)), owners.snapshot());
    }

    @Test
    void oneThatWaitsForAPlaceIsNotIdle() {
        owners.waiting(1001, 1);
        owners.atWork(1002, 1);
        owners.atWork(1002, -1);
        after(3 * KEPT_MILLIS, () -> {});
        assertEquals(List.of("made 1001", "made 1002", "let go 1002"), told);
    }

    @Test
    void oneThatIsUsedAgainStartsItsTimeAnew() {
        owners.atWork(1001, 1);
        owners.atWork(1001, -1);
        owners.atWork(1002, 1);
        owners.atWork(1002, -1);
        owners.atWork(1001, 1);
        owners.atWork(1001, -1);
        loop.post(() -> loop.schedule(5 * KEPT_MILLIS * EventLoop.MILLIS, loop::stop));
        loop.run();
        assertEquals(List.of("made 1001", "made 1002", "let go 1002", "let go 1001"), told);
        assertEquals(List.of(), owners.snapshot());
    }

    @Test
    void noMoreThanSoManyIdleOnesAreKept() {
        for (int uid = 1; uid <= OwnerPools.MAX_IDLE + 2; uid++) {
            owners.atWork(uid, 1);
            owners.atWork(uid, -1);
        }
        assertEquals(OwnerPools.MAX_IDLE, owners.snapshot().size());
        assertTrue(told.containsAll(List.of("let go 1", "let go 2")));
        assertEquals(3, owners.snapshot().get(0).uid());
    }

    @Test
    void whenNobodyIsLeftTheLoopIsNotWokenUpAnyMore() {
        owners.atWork(1001, 1);
        owners.atWork(1001, -1);
        long[] turns = new long[1];
        loop.post(() -> loop.schedule(3 * KEPT_MILLIS * EventLoop.MILLIS, () -> {
            turns[0] = loop.turns();
            loop.schedule(3 * KEPT_MILLIS * EventLoop.MILLIS, loop::stop);
        }));
        loop.run();
        assertEquals(List.of("made 1001", "let go 1001"), told);
        assertTrue(loop.turns() - turns[0] <= 2, loop.turns() - turns[0] + " turns");
    }
}
