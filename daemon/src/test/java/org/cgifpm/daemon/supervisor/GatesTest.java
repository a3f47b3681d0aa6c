package org.cgifpm.daemon.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.cgifpm.daemon.supervisor.PoolGate.Entry;
import org.junit.jupiter.api.Test;

/** PoolGate and DaemonGate together: they are one decision. */
class GatesTest {
    private final List<String> admitted = new ArrayList<>();

    private PoolGate.Waiter waiter(String name) {
        return new PoolGate.Waiter() {
            @Override
            public void admitted() {
                admitted.add(name);
            }
        };
    }

    @Test
    void letsInUpToMaxChildrenThenQueuesThenRefuses() {
        PoolGate gate = new PoolGate(new DaemonGate(100), 2, 1);
        assertEquals(Entry.ADMITTED, gate.enter(waiter("a")));
        assertEquals(Entry.ADMITTED, gate.enter(waiter("b")));
        assertEquals(Entry.QUEUED, gate.enter(waiter("c")));
        assertEquals(Entry.FULL, gate.enter(waiter("d")));
        assertEquals(List.of("a", "b"), admitted);
        gate.release();
        assertEquals(List.of("a", "b", "c"), admitted);
        assertEquals(2, gate.busy());
        assertEquals(0, gate.waiting());
    }

    @Test
    void withoutAQueueNobodyWaits() {
        PoolGate gate = new PoolGate(new DaemonGate(100), 1, 0);
        assertEquals(Entry.ADMITTED, gate.enter(waiter("a")));
        assertEquals(Entry.FULL, gate.enter(waiter("b")));
    }

    @Test
    void whoLeavesTheQueueMakesRoomInItAtOnce() {
        PoolGate gate = new PoolGate(new DaemonGate(100), 1, 2);
        PoolGate.Waiter impatient = waiter("impatient");
        gate.enter(waiter("a"));
        gate.enter(impatient);
        gate.enter(waiter("b"));
        assertEquals(Entry.FULL, gate.enter(waiter("c")));
        gate.leave(impatient);
        assertEquals(Entry.QUEUED, gate.enter(waiter("d")));
        gate.release();
        gate.release();
        assertEquals(List.of("a", "b", "d"), admitted);
    }

    @Test
    void poolsTakeTurnsWhereTheDaemonsCapBinds() {
        DaemonGate daemon = new DaemonGate(1);
        PoolGate first = new PoolGate(daemon, 5, 5);
        PoolGate second = new PoolGate(daemon, 5, 5);
        first.enter(waiter("a1"));
        first.enter(waiter("a2"));
        first.enter(waiter("a3"));
        second.enter(waiter("b1"));
        second.enter(waiter("b2"));
        first.release();
        first.release();
        second.release();
        first.release();
        assertEquals(List.of("a1", "a2", "b1", "a3", "b2"), admitted);
    }

    @Test
    void aPoolThatIsFullItselfHoldsUpNoOther() {
        DaemonGate daemon = new DaemonGate(2);
        PoolGate full = new PoolGate(daemon, 1, 5);
        PoolGate other = new PoolGate(daemon, 5, 5);
        full.enter(waiter("full1"));
        full.enter(waiter("full2"));
        other.enter(waiter("other1"));
        other.enter(waiter("other2"));
        assertEquals(List.of("full1", "other1"), admitted);
        other.release();
        assertEquals(List.of("full1", "other1", "other2"), admitted);
    }

    @Test
    void aPoolWhoseLastWaiterLeftTakesNoPlace() {
        DaemonGate daemon = new DaemonGate(1);
        PoolGate first = new PoolGate(daemon, 5, 5);
        PoolGate second = new PoolGate(daemon, 5, 5);
        PoolGate.Waiter gone = waiter("gone");
        first.enter(waiter("a"));
        first.enter(gone);
        second.enter(waiter("b"));
        first.leave(gone);
        first.release();
        assertEquals(List.of("a", "b"), admitted);
        assertEquals(1, daemon.busy());
    }

    @Test
    void aPlaceGivenBackWhileItIsGivenOutIsGivenOutAgain() {
        DaemonGate daemon = new DaemonGate(1);
        PoolGate gate = new PoolGate(daemon, 1, 5);
        gate.enter(waiter("a"));
        gate.enter(new PoolGate.Waiter() {
            @Override
            public void admitted() {
                admitted.add("at once over");
                gate.release();
            }
        });
        gate.enter(waiter("b"));
        gate.release();
        assertEquals(List.of("a", "at once over", "b"), admitted);
        assertEquals(1, daemon.busy());
        assertEquals(1, gate.busy());
    }

    /** A pool beside a plain model of it: who works, and who waits in which order. */
    private final class Modelled {
        final PoolGate gate;
        final int max;
        final int queueLength;
        final List<String> waitingNames = new ArrayList<>();
        final List<PoolGate.Waiter> waiting = new ArrayList<>();
        int working;

        Modelled(DaemonGate daemon, Random random) {
            max = 1 + random.nextInt(5);
            queueLength = random.nextInt(6);
            gate = new PoolGate(daemon, max, queueLength);
        }

        void enter(String name) {
            PoolGate.Waiter newcomer = new PoolGate.Waiter() {
                @Override
                public void admitted() {
                    working++;
                    if (!waiting.isEmpty() && waiting.contains(this)) {
                        assertEquals(name, waitingNames.remove(0), "first come, first served");
                        waiting.remove(0);
                    }
                }
            };
            boolean couldWait = waiting.size() < queueLength;
            switch (gate.enter(newcomer)) {
                case ADMITTED -> assertTrue(waiting.isEmpty(), "overtook those who wait");
                case QUEUED -> {
                    assertTrue(couldWait);
                    waiting.add(newcomer);
                    waitingNames.add(name);
                }
                case FULL -> assertTrue(!couldWait);
            }
        }

        void leave(int which) {
            gate.leave(waiting.remove(which));
            waitingNames.remove(which);
        }

        void release() {
            working--;
            gate.release();
        }
    }

    @Test
    void whateverHappensNoCapIsBrokenNoPlaceIdleAndNobodyForgotten() {
        long seed = System.nanoTime();
        System.out.println("whateverHappensNoCapIsBrokenNoPlaceIdleAndNobodyForgotten: seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            int cap = 1 + random.nextInt(8);
            DaemonGate daemon = new DaemonGate(cap);
            List<Modelled> pools = new ArrayList<>();
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                pools.add(new Modelled(daemon, random));
            }
            for (int step = 0; step < 300; step++) {
                Modelled pool = pools.get(random.nextInt(pools.size()));
                switch (random.nextInt(4)) {
                    case 0, 1 -> pool.enter("r" + step);
                    case 2 -> {
                        if (pool.working > 0) {
                            pool.release();
                        }
                    }
                    default -> {
                        if (!pool.waiting.isEmpty()) {
                            pool.leave(random.nextInt(pool.waiting.size()));
                        }
                    }
                }
                check(daemon, cap, pools);
            }
            while (pools.stream().anyMatch(pool -> pool.working > 0)) {
                pools.stream().filter(pool -> pool.working > 0).findAny().ifPresent(Modelled::release);
                check(daemon, cap, pools);
            }
            assertTrue(pools.stream().allMatch(pool -> pool.waiting.isEmpty()), "somebody was forgotten");
            assertEquals(0, daemon.busy());
        }
    }

    private static void check(DaemonGate daemon, int cap, List<Modelled> pools) {
        int sum = 0;
        for (Modelled pool : pools) {
            assertEquals(pool.working, pool.gate.busy());
            assertEquals(pool.waiting.size(), pool.gate.waiting());
            assertTrue(pool.working <= pool.max, "max_children of a pool");
            assertTrue(pool.waiting.size() <= pool.queueLength, "queue_length of a pool");
            boolean idlePlace = pool.working < pool.max && daemon.busy() < cap;
            assertTrue(pool.waiting.isEmpty() || !idlePlace, "somebody waits beside a free place");
            sum += pool.working;
        }
        assertEquals(sum, daemon.busy());
        assertTrue(sum <= cap, "max_children of the daemon");
    }

    /** One busy pool must not keep another out for longer than it takes to go round once. */
    @Test
    void nobodyStarvesBesideAPoolThatIsAlwaysBusy() {
        DaemonGate daemon = new DaemonGate(2);
        PoolGate busy = new PoolGate(daemon, 10, 1000);
        PoolGate rare = new PoolGate(daemon, 10, 10);
        for (int i = 0; i < 100; i++) {
            busy.enter(waiter("busy"));
        }
        rare.enter(waiter("rare"));
        busy.release();
        busy.release();
        assertTrue(admitted.contains("rare"), admitted + " after two places became free");
    }
}
