package org.cgifpm.daemon.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.cgifpm.daemon.supervisor.PoolGate.Entry;
import org.junit.jupiter.api.Test;

/** The gates where a process has several requests at once. */
class ConcurrencyTest {
    private static final int ANNA = 1001;
    private static final int BERT = 1002;

    private final List<String> admitted = new ArrayList<>();

    private Visitor visitor(String name, int uid) {
        return new Visitor(name, new Claim(uid, null), in -> admitted.add(in.name()));
    }

    private Visitor enter(PoolGate gate, String name, int uid, Entry expected) {
        Visitor visitor = visitor(name, uid);
        assertEquals(expected, gate.enter(visitor), name);
        return visitor;
    }

    @Test
    void aPoolHasSoManyTimesThePlaces() {
        DaemonGate daemon = new DaemonGate(100);
        PoolGate gate = new PoolGate(daemon, Visitor.limits(2, 5, 0, 0));
        assertEquals(2, gate.capacity());
        gate.concurrency(3);
        assertEquals(6, gate.capacity());
        for (int i = 0; i < 6; i++) {
            enter(gate, "r" + i, ANNA, Entry.ADMITTED);
        }
        enter(gate, "waits", ANNA, Entry.QUEUED);
        assertEquals(6, gate.busy());
        assertEquals(2, daemon.busy(), "processes");
        gate.concurrency(Integer.MAX_VALUE);
        assertEquals(Integer.MAX_VALUE, gate.capacity());
        assertEquals(1, daemon.busy());
        assertThrows(IllegalArgumentException.class, () -> gate.concurrency(0));
    }

    @Test
    void moreOfItLetsInWhoWaitsInTheirOrder() {
        PoolGate gate = new PoolGate(new DaemonGate(100), Visitor.limits(1, 5, 0, 0));
        for (String name : List.of("a", "b", "c", "d")) {
            gate.enter(visitor(name, ANNA));
        }
        assertEquals(List.of("a"), admitted);
        gate.concurrency(3);
        assertEquals(List.of("a", "b", "c"), admitted);
        assertEquals(1, gate.waiting());
    }

    @Test
    void lessOfItTurnsNobodyOutAndLetsNobodyInUntilThereIsRoom() {
        DaemonGate daemon = new DaemonGate(2);
        PoolGate gate = new PoolGate(daemon, Visitor.limits(2, 5, 0, 0));
        gate.concurrency(2);
        List<Visitor> in = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            in.add(enter(gate, "r" + i, ANNA, Entry.ADMITTED));
        }
        enter(gate, "waits", ANNA, Entry.QUEUED);
        gate.concurrency(1);
        assertEquals(4, gate.busy());
        assertEquals(4, daemon.busy());
        in.subList(0, 2).forEach(gate::release);
        assertEquals(1, gate.waiting());
        gate.release(in.get(2));
        assertEquals(0, gate.waiting());
        assertEquals(2, daemon.busy());
    }

    @Test
    void theDaemonsOwnCapIsAboutProcesses() {
        DaemonGate daemon = new DaemonGate(1);
        PoolGate threads = new PoolGate(daemon, Visitor.limits(5, 5, 0, 0));
        PoolGate other = new PoolGate(daemon, Visitor.limits(5, 5, 0, 0));
        threads.concurrency(2);
        Visitor first = enter(threads, "first", ANNA, Entry.ADMITTED);
        Visitor second = enter(threads, "second", ANNA, Entry.ADMITTED);
        enter(threads, "third", ANNA, Entry.QUEUED);
        enter(other, "other", BERT, Entry.QUEUED);
        threads.release(first);
        assertEquals(List.of("first", "second", "third"), admitted, "there was a process for it");
        threads.release(second);
        assertEquals(1, other.waiting(), "the process has another request");
        threads.concurrency(3);
        assertEquals(1, daemon.busy());
    }

    @Test
    void aUsersCapIsAboutProcessesAndNoUserSharesAProcessWithAnother() {
        DaemonGate daemon = new DaemonGate(100);
        PoolGate gate = new PoolGate(daemon, Visitor.limits(5, 5, 1, 0));
        gate.concurrency(2);
        enter(gate, "anna1", ANNA, Entry.ADMITTED);
        enter(gate, "bert1", BERT, Entry.ADMITTED);
        assertEquals(2, daemon.busy());
        enter(gate, "anna2", ANNA, Entry.ADMITTED);
        enter(gate, "anna3", ANNA, Entry.QUEUED);
        assertEquals(1, daemon.busyOf(ANNA));
        assertEquals(1, daemon.busyOf(BERT));
    }

    /** Two pools of three users, whose processes turn out to have more or fewer requests at once, in any order. */
    @Test
    void whateverHappensProcessesAreCountedRightAndNobodyWaitsBesideAFreePlace() {
        long seed = System.nanoTime();
        System.out.println("ConcurrencyTest: seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            int cap = 1 + random.nextInt(5);
            DaemonGate daemon = new DaemonGate(cap);
            List<Model> pools = List.of(new Model(daemon, random), new Model(daemon, random));
            for (int step = 0; step < 200; step++) {
                pools.get(random.nextInt(2)).step("r" + step, random);
                check(daemon, cap, pools);
            }
            while (pools.stream().anyMatch(pool -> !pool.working.isEmpty())) {
                pools.stream().filter(pool -> !pool.working.isEmpty()).findAny().ifPresent(pool -> pool.release(0));
                check(daemon, cap, pools);
            }
            assertTrue(pools.stream().allMatch(pool -> pool.waiting.isEmpty()), "somebody was forgotten");
            assertEquals(0, daemon.busy());
        }
    }

    private static void check(DaemonGate daemon, int cap, List<Model> pools) {
        int processes = pools.stream().mapToInt(Model::processes).sum();
        assertEquals(processes, daemon.busy());
        for (Model pool : pools) {
            assertEquals(pool.working.size(), pool.gate.busy());
            for (Visitor visitor : pool.waiting) {
                boolean fits = pool.ofUser(visitor.claim().uid()) % pool.concurrency != 0 || processes < cap;
                assertTrue(!fits || pool.working.size() >= pool.gate.capacity(), "somebody waits beside a free place");
            }
        }
    }

    private static final class Model {
        final PoolGate gate;
        final List<Visitor> working = new ArrayList<>();
        final List<Visitor> waiting = new ArrayList<>();
        int concurrency = 1;

        Model(DaemonGate daemon, Random random) {
            gate = new PoolGate(daemon, Visitor.limits(1 + random.nextInt(4), 6, 0, 0));
        }

        void step(String name, Random random) {
            int action = random.nextInt(8);
            if (action < 4) {
                Visitor visitor = new Visitor(name, new Claim(1000 + random.nextInt(3), null), this::letIn);
                if (gate.enter(visitor) == Entry.QUEUED) {
                    waiting.add(visitor);
                }
            } else if (action < 7 && !working.isEmpty()) {
                release(random.nextInt(working.size()));
            } else if (action == 7) {
                concurrency = 1 + random.nextInt(4);
                gate.concurrency(concurrency);
            }
        }

        private void letIn(Visitor visitor) {
            waiting.remove(visitor);
            working.add(visitor);
        }

        void release(int which) {
            gate.release(working.remove(which));
        }

        int ofUser(int uid) {
            return (int) working.stream()
                    .filter(visitor -> visitor.claim().uid() == uid)
                    .count();
        }

        int processes() {
            Map<Integer, Integer> users = new HashMap<>();
            working.forEach(visitor -> users.merge(visitor.claim().uid(), 1, Integer::sum));
            return users.values().stream()
                    .mapToInt(requests -> (requests + concurrency - 1) / concurrency)
                    .sum();
        }
    }
}
