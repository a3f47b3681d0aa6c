package org.cgifpm.daemon.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.cgifpm.daemon.config.Admission;
import org.junit.jupiter.api.Test;

/** The gates beside a plain model of them: who works, and who waits in which order. */
class GatesAtRandomTest {
    /** A pool and what the model says of it. */
    private static final class Modelled {
        final DaemonGate daemon;
        final Admission limits;
        final PoolGate gate;
        final List<Visitor> working = new ArrayList<>();
        final List<Visitor> waiting = new ArrayList<>();
        final Map<Integer, Integer> tallyAtWork = new HashMap<>();
        final Map<Integer, Integer> tallyWaiting = new HashMap<>();

        Modelled(DaemonGate daemon, Random random) {
            this.daemon = daemon;
            limits = Visitor.limits(1 + random.nextInt(5), random.nextInt(6), random.nextInt(4), random.nextInt(3));
            gate = new PoolGate(daemon, limits, new PoolGate.Tally() {
                @Override
                public void atWork(int uid, int change) {
                    tallyAtWork.merge(uid, change, Integer::sum);
                }

                @Override
                public void waiting(int uid, int change) {
                    tallyWaiting.merge(uid, change, Integer::sum);
                }
            });
        }

        void enter(String name, Random random) {
            Visitor newcomer =
                    new Visitor(name, Visitor.claim(1000 + random.nextInt(3), random.nextInt(3)), this::letIn);
            boolean couldWait = waiting.size() < limits.queueLength();
            switch (gate.enter(newcomer)) {
                case ADMITTED -> assertTrue(working.contains(newcomer));
                case QUEUED -> {
                    assertTrue(couldWait);
                    waiting.add(newcomer);
                }
                case FULL -> assertTrue(!couldWait, "refused beside a free place in the queue");
            }
        }

        private void letIn(Visitor visitor) {
            for (Visitor before : waiting) {
                if (before.equals(visitor)) {
                    break;
                }
                // The gate has counted the one let in already; it is not among those at work here yet.
                assertTrue(
                        atCap(before, ofUser(before) - sameUser(before, visitor)),
                        () -> visitor.name() + " overtook " + before.name() + ", which could have been let in");
            }
            waiting.remove(visitor);
            working.add(visitor);
        }

        private static int sameUser(Visitor one, Visitor other) {
            return one.claim().uid() == other.claim().uid() ? 1 : 0;
        }

        private int ofUser(Visitor visitor) {
            return daemon.busyOf(visitor.claim().uid());
        }

        private long ofScript(Visitor visitor) {
            return working.stream().filter(other -> sameScript(other, visitor)).count();
        }

        private static boolean sameScript(Visitor one, Visitor other) {
            return String.valueOf(one.claim().script())
                    .equals(String.valueOf(other.claim().script()));
        }

        private boolean atCap(Visitor visitor, int ofUser) {
            return (limits.maxPerUser() > 0 && ofUser >= limits.maxPerUser())
                    || (limits.maxPerScript() > 0 && ofScript(visitor) >= limits.maxPerScript());
        }

        void leave(int which) {
            gate.leave(waiting.remove(which));
        }

        void release(int which) {
            gate.release(working.remove(which));
        }

        void check(int cap) {
            assertEquals(working.size(), gate.busy());
            assertEquals(waiting.size(), gate.waiting());
            assertTrue(working.size() <= limits.maxChildren(), "max_children of a pool");
            assertTrue(waiting.size() <= limits.queueLength(), "queue_length of a pool");
            for (Visitor visitor : working) {
                assertTrue(limits.maxPerScript() == 0 || ofScript(visitor) <= limits.maxPerScript(), "per script");
            }
            boolean place = working.size() < limits.maxChildren() && daemon.busy() < cap;
            for (Visitor visitor : waiting) {
                assertTrue(!place || atCap(visitor, ofUser(visitor)), "somebody waits beside a free place");
            }
            for (int uid = 1000; uid < 1003; uid++) {
                assertEquals(count(working, uid), tallyAtWork.getOrDefault(uid, 0));
                assertEquals(count(waiting, uid), tallyWaiting.getOrDefault(uid, 0));
            }
        }
    }

    private static int count(List<Visitor> visitors, int uid) {
        return (int) visitors.stream()
                .filter(visitor -> visitor.claim().uid() == uid)
                .count();
    }

    @Test
    void whateverHappensNoCapIsBrokenNoPlaceIdleNobodyOvertakenAndNobodyForgotten() {
        long seed = System.nanoTime();
        System.out.println("GatesAtRandomTest: seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 150; round++) {
            int cap = 1 + random.nextInt(8);
            DaemonGate daemon = new DaemonGate(cap);
            List<Modelled> pools = new ArrayList<>();
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                pools.add(new Modelled(daemon, random));
            }
            for (int step = 0; step < 300; step++) {
                Modelled pool = pools.get(random.nextInt(pools.size()));
                int[] before = usersAtWork(pools);
                int action = random.nextInt(4);
                if (action < 2) {
                    pool.enter("r" + step, random);
                } else if (action == 2 && !pool.working.isEmpty()) {
                    pool.release(random.nextInt(pool.working.size()));
                } else if (!pool.waiting.isEmpty()) {
                    pool.leave(random.nextInt(pool.waiting.size()));
                }
                check(daemon, cap, pools, before);
            }
            while (pools.stream().anyMatch(pool -> !pool.working.isEmpty())) {
                int[] before = usersAtWork(pools);
                pools.stream().filter(pool -> !pool.working.isEmpty()).findAny().ifPresent(pool -> pool.release(0));
                check(daemon, cap, pools, before);
            }
            assertTrue(pools.stream().allMatch(pool -> pool.waiting.isEmpty()), "somebody was forgotten");
            assertEquals(0, daemon.busy());
        }
    }

    private static int[] usersAtWork(List<Modelled> pools) {
        int[] users = new int[3];
        pools.forEach(
                pool -> pool.working.forEach(visitor -> users[visitor.claim().uid() - 1000]++));
        return users;
    }

    private static void check(DaemonGate daemon, int cap, List<Modelled> pools, int[] usersBefore) {
        int sum = 0;
        int[] users = usersAtWork(pools);
        for (Modelled pool : pools) {
            pool.check(cap);
            sum += pool.working.size();
        }
        for (int i = 0; i < users.length; i++) {
            assertEquals(users[i], daemon.busyOf(1000 + i));
            // A pool with a higher limit, or none, may go beyond this one's; this one itself adds nothing there.
            int most = pools.stream()
                    .mapToInt(pool -> pool.limits.maxPerUser())
                    .map(limit -> limit == 0 ? Integer.MAX_VALUE : limit)
                    .max()
                    .orElse(0);
            assertTrue(users[i] <= Math.max(usersBefore[i], most), "max_children_per_user");
        }
        assertEquals(sum, daemon.busy());
        assertTrue(sum <= cap, "max_children of the daemon");
    }
}
